// Stripe's payments, as its dashboard exports them (Payments, Export, all columns), as lines of the replay. A charge
// is an attempt; the file has neither addresses nor BINs but where the shop keeps them as metadata (`ip (metadata)`).

import { declineReasonFrom, mostTelling } from '../../../src/outcome/decline-codes/decline-reasons.ts';
import type { Columns } from './columns.ts';
import { currencyOf, minorAmount, type Row, timeOf } from './row.ts';

const succeeded = ['paid', 'succeeded', 'refunded', 'partially refunded', 'uncaptured', 'disputed', 'captured'];
const failed = ['failed', 'requires_payment_method'];
const pending = ['requires_action', 'requires_confirmation', 'processing', 'pending', 'incomplete'];
/** "The bank returned the decline code `insufficient_funds`." */
const codeInMessage = /`([a-z_]{1,64})`/;
/** Stripe's own rules and Radar: nobody asked the bank. */
const blocked = /^Stripe blocked|blocked this payment|custom rule/i;

export function fromStripe(row: Row, columns: Columns): object {
  const currency = currencyOf(row.need('Currency'));
  const customer = row.identity('Customer ID');
  const isRenewal = row.get('Description') === 'Subscription update';
  const fingerprint = row.identity('Card Fingerprint', ...columns.card);
  const [bin, country] = [row.get(...columns.bin), row.country('Card Issue Country')];
  return {
    at: timeOf(row.need('Created date (UTC)', 'Created (UTC)', 'Created'), 'Z'),
    attempt: {
      ...(isRenewal ? {} : { ip: row.identity('ip (metadata)', ...columns.ip) }),
      card: fingerprint === undefined ? undefined : { fingerprint, bin, country },
      // `gcus_…` is Stripe's own guess who a guest is.
      customer_id: customer?.startsWith('gcus_') ? undefined : customer,
      email: row.identity('Customer Email'),
      session_id: row.identity(...columns.session),
      device_id: row.identity(...columns.device),
      amount: minorAmount(row.need('Amount'), currency),
      currency,
      billing_country: row.country('Card Address Country'),
      kind: isRenewal ? 'renewal' : 'payment',
    },
    outcome: outcomeOf(row),
  };
}

function outcomeOf(row: Row): object {
  const status = row.need('Status').toLowerCase();
  if (succeeded.includes(status)) return { status: 'succeeded' };
  if (pending.includes(status)) return { status: 'pending' };
  const message = row.get('Seller Message') ?? '';
  if (!failed.includes(status) || blocked.test(message)) return { status: 'unknown' };
  const words = [row.get('Decline Reason'), row.get('Failure Code'), codeInMessage.exec(message)?.[1]];
  const told = words.map((word) => (word === undefined ? null : declineReasonFrom(word, 'stripe')));
  const cvc = row.get('Card CVC Status')?.toLowerCase() === 'fail' ? ('incorrect_cvc' as const) : null;
  return { status: 'failed', decline_reason: mostTelling([...told, cvc]) };
}
