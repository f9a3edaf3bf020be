/**
 * From a processor's words for a failure to the canonical reason. A word that no table knows is `other`.
 */
import { DECLINE_REASONS, type DeclineReason } from '../outcome.ts';
import type { Processor } from '../processor-event.ts';
import { ADYEN_DECLINE_CODES } from './adyen.ts';
import { BRAINTREE_DECLINE_CODES } from './braintree.ts';
import { CHECKOUT_DECLINE_CODES } from './checkout.ts';
import { HYPERSWITCH_DECLINE_CODES } from './hyperswitch.ts';
import { NETWORK_DECLINE_CODES } from './networks.ts';
import { STRIPE_DECLINE_CODES } from './stripe.ts';

/** The codes as documented, for whoever wants to list them. */
export const DECLINE_CODES: Readonly<Record<Processor, Readonly<Record<string, DeclineReason>>>> = {
  stripe: STRIPE_DECLINE_CODES,
  adyen: ADYEN_DECLINE_CODES,
  checkout: CHECKOUT_DECLINE_CODES,
  hyperswitch: HYPERSWITCH_DECLINE_CODES,
  braintree: BRAINTREE_DECLINE_CODES,
};

type Table = ReadonlyMap<string, DeclineReason>;

const PROCESSOR_TABLES: Readonly<Record<Processor, Table>> = {
  stripe: tableOf(STRIPE_DECLINE_CODES),
  adyen: tableOf(ADYEN_DECLINE_CODES),
  checkout: tableOf(CHECKOUT_DECLINE_CODES),
  hyperswitch: tableOf(HYPERSWITCH_DECLINE_CODES),
  braintree: tableOf(BRAINTREE_DECLINE_CODES),
};
const NETWORK_TABLE = tableOf(NETWORK_DECLINE_CODES);
const ALL_TABLES = [...Object.values(PROCESSOR_TABLES), NETWORK_TABLE];

/**
 * The reason for which a processor says that a payment failed: `codes` are its words for this one failure,
 * `networkCode` is the bank's two characters where it passes them on. The most telling of them counts.
 */
export function declineReasonOf(
  processor: Processor,
  codes: readonly (string | null)[],
  networkCode: string | null = null,
): DeclineReason {
  const own = codes.map((code) => meaning(PROCESSOR_TABLES[processor], code));
  return mostTelling([...own, networkMeaning(networkCode)]);
}

/**
 * A word from anywhere: a canonical one, then one of `processor`'s or of the networks. Where the processor is not
 * known, a word counts for what every table that has it says; where two disagree (Adyen's 14 is fraud, the
 * networks' 14 is a wrong number) it is `other`.
 */
export function declineReasonFrom(word: string | null, processor: Processor | null): DeclineReason {
  const canonical = DECLINE_REASONS.find((reason) => word !== null && reason === loose(word));
  if (canonical !== undefined) return canonical;
  if (processor !== null) return meaning(PROCESSOR_TABLES[processor], word) ?? networkMeaning(word) ?? 'other';
  const meanings = new Set(ALL_TABLES.map((table) => meaning(table, word)).filter((reason) => reason !== null));
  const [only = 'other'] = meanings;
  return meanings.size === 1 ? only : 'other';
}

/** Processors say "refused" of what the bank explained: an explanation goes before a mere no, a no before nothing. */
export function mostTelling(reasons: readonly (DeclineReason | null)[]): DeclineReason {
  const explained = reasons.find((reason) => reason !== null && reason !== 'other' && reason !== 'do_not_honor');
  return explained ?? (reasons.includes('do_not_honor') ? 'do_not_honor' : 'other');
}

function meaning(table: Table, code: string | null): DeclineReason | null {
  return code === null ? null : (table.get(loose(code)) ?? null);
}

/** Adyen: "returns with or without a leading zero". */
function networkMeaning(code: string | null): DeclineReason | null {
  return meaning(NETWORK_TABLE, code !== null && /^\d$/.test(code) ? `0${code}` : code);
}

function tableOf(codes: Readonly<Record<string, DeclineReason>>): Table {
  return new Map(Object.entries(codes).map(([code, reason]) => [loose(code), reason]));
}

/** `Not enough balance` and `NOT_ENOUGH_BALANCE` are one word. */
function loose(code: string): string {
  return code
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
}
