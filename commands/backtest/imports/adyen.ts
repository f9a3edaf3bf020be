// Adyen's received payment details report (Reports, Received payment details) as lines of the replay. Addresses, BINs
// and card aliases are columns that can be added to it; a card's number is never read, masked or not.

import { declineReasonFrom, mostTelling } from '../../../src/outcome/decline-codes/decline-reasons.ts';
import type { Columns } from './columns.ts';
import { BadRow, currencyOf, minorAmount, type Row, timeOf } from './row.ts';

/** Of accounts' time zones, as reports name them. */
const offsets: Readonly<Record<string, string>> = {
  UTC: 'Z',
  GMT: 'Z',
  WET: 'Z',
  WEST: '+01:00',
  BST: '+01:00',
  CET: '+01:00',
  CEST: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  MSK: '+03:00',
  SGT: '+08:00',
  HKT: '+08:00',
  JST: '+09:00',
  AEST: '+10:00',
  AEDT: '+11:00',
  BRT: '-03:00',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
};
const succeeded = ['authorised', 'settled', 'sentforsettle', 'refunded', 'sentforrefund', 'chargeback', 'captured'];
const pending = ['received', 'pending', 'redirectshopper', 'identifyshopper', 'challengeshopper', 'presenttoshopper'];

/** Null: nothing that a guard of a checkout would see. */
export function fromAdyen(row: Row, columns: Columns): object | null {
  const interaction = (row.get('Shopper Interaction') ?? 'Ecommerce').toLowerCase();
  if (interaction === 'pos') return null;
  const isRenewal = interaction === 'contauth';
  const zone = row.need('TimeZone', 'Time Zone').toUpperCase();
  const offset = offsets[zone];
  if (offset === undefined) throw new BadRow('has a TimeZone that is not known');
  const currency = currencyOf(row.need('Currency'));
  const fingerprint = row.identity('Alias', 'Card Alias', 'Payment Account Reference', ...columns.card);
  const [bin, country] = [row.get('Issuer Bin', 'Bin', ...columns.bin), row.country('Issuer Country')];
  return {
    at: timeOf(row.need('Creation Date'), offset),
    attempt: {
      ...(isRenewal ? {} : { ip: row.identity('Shopper IP', ...columns.ip) }),
      card: fingerprint === undefined ? undefined : { fingerprint, bin, country },
      customer_id: row.identity('Shopper Reference'),
      email: row.identity('Shopper Email'),
      session_id: row.identity(...columns.session),
      device_id: row.identity(...columns.device),
      amount: minorAmount(row.need('Amount', 'Value'), currency),
      currency,
      billing_country: row.country('Billing Country', 'Shopper Country'),
      kind: isRenewal ? 'renewal' : 'payment',
    },
    outcome: outcomeOf(row),
  };
}

function outcomeOf(row: Row): object {
  const type = row.need('Type', 'Status').toLowerCase().replaceAll(/\s/g, '');
  if (succeeded.includes(type)) return { status: 'succeeded' };
  if (pending.includes(type)) return { status: 'pending' };
  if (type === 'error') return { status: 'failed', decline_reason: 'processing_error' };
  if (type !== 'refused') return { status: 'unknown' };
  const [acquirer, raw] = [row.get('Acquirer Response'), row.get('Raw Acquirer Response')];
  // "05 : Do not honor": the network's code, and words for it.
  const code = /^\s*([0-9A-Z]{1,3})\b/.exec(raw ?? '')?.[1];
  const words = [acquirer, code];
  return {
    status: 'failed',
    decline_reason: mostTelling(words.map((word) => (word === undefined ? null : declineReasonFrom(word, 'adyen')))),
  };
}
