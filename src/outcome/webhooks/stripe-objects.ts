/**
 * What a charge, an intent and a dispute of Stripe say of a try to pay. Sources: https://docs.stripe.com/api/charges,
 * https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/declines.
 */
import { type Fields, textAt } from '../../attempt/fields.ts';
import { declineReasonOf } from '../decline-codes/decline-reasons.ts';
import type { DeclineReason, OutcomeStatus } from '../outcome.ts';
import type { Label, ProcessorEvent } from '../processor-event.ts';
import { cardAt, codeAt, evaluationAt, idAt, idsOf } from './event-fields.ts';

export type StripeFacts = Omit<ProcessorEvent, 'id' | 'occurredAt'>;

const OBJECT = '/data/object';
const METADATA = `${OBJECT}/metadata/`;
/** Declined by a list that the shop keeps at Stripe. An intent does not say so in any other way. */
const OWN_BLOCK_CODE = 'merchant_blacklist';

/** 3-D Secure failed: there was nothing yet to charge. https://docs.stripe.com/error-codes */
const UNAUTHENTICATED_CODES: ReadonlySet<string> = new Set([
  'payment_intent_authentication_failure',
  'setup_intent_authentication_failure',
]);

/** A charge is one try. Uncaptured it is as good as paid: the bank has answered. Null without an id. */
export function readCharge(fields: Fields, told: OutcomeStatus): StripeFacts | null {
  const id = idAt(fields, `${OBJECT}/id`);
  if (id === null) return null;
  // A bank debit's `charge.succeeded` comes while its money is still on the way.
  const status = told === 'succeeded' && fields.get(`${OBJECT}/status`) === 'pending' ? 'pending' : told;
  const isFailed = status === 'failed';
  return {
    outcome: isFailed ? declineOfCharge(fields) : { status, declineReason: null, declineCode: null },
    labels: isFailed && isBlockedByStripe(fields) ? ['processor_block'] : [],
    evaluation: evaluationAt(fields, METADATA),
    paymentIds: idsOf(idOrObjectAt(fields, `${OBJECT}/payment_intent`), id),
    tryId: id,
    card: cardOfCharge(fields, [OBJECT]),
  };
}

/** `outcome.reason` is the decline code of a charge; `failure_code` is the vaguer error code. */
function declineOfCharge(fields: Fields): StripeFacts['outcome'] {
  const codes = [codeAt(fields, `${OBJECT}/outcome/reason`), codeAt(fields, `${OBJECT}/failure_code`)];
  const reason = declineReasonOf('stripe', codes, codeAt(fields, `${OBJECT}/outcome/network_decline_code`));
  const declineReason = isBlockedByStripe(fields) ? reasonOfBlock(fields, reason) : reason;
  return { status: 'failed', declineReason, declineCode: codes.find((code) => code !== null) ?? null };
}

function isBlockedByStripe(fields: Fields): boolean {
  return isUnsent(fields) || fields.get(`${OBJECT}/outcome/type`) === 'blocked';
}

function isUnsent(fields: Fields): boolean {
  return fields.get(`${OBJECT}/outcome/network_status`) === 'not_sent_to_network';
}

/** What the bank did say before Stripe blocked is what a tester learns: that the CVC or the postal code is wrong. */
function reasonOfBlock(fields: Fields, reason: DeclineReason): DeclineReason {
  const isTold = reason === 'incorrect_cvc' || reason === 'incorrect_postal_code';
  return isTold && !isUnsent(fields) ? reason : 'other';
}

/** Null without an id. */
export function readIntent(fields: Fields, status: OutcomeStatus): StripeFacts | null {
  const id = idAt(fields, `${OBJECT}/id`);
  if (id === null) return null;
  const error = errorPointer(fields);
  const named = tryOfIntent(fields, status, error);
  const decline = status === 'failed' ? declineOfIntent(fields, error) : null;
  return {
    outcome: decline ?? { status, declineReason: null, declineCode: null },
    labels: decline?.declineCode === OWN_BLOCK_CODE ? ['processor_block'] : [],
    evaluation: evaluationAt(fields, METADATA),
    paymentIds: idsOf(id, named),
    tryId: named ?? (status === 'failed' && isBeforeCharge(fields, error) ? tryWithoutCharge(fields, id, error) : null),
    card: cardOfIntent(fields, status, error),
  };
}

function errorPointer(fields: Fields): string {
  const isSetup = fields.get(`${OBJECT}/object`) === 'setup_intent';
  return `${OBJECT}/${isSetup ? 'last_setup_error' : 'last_payment_error'}`;
}

function declineOfIntent(fields: Fields, error: string): NonNullable<StripeFacts['outcome']> {
  const codes = [codeAt(fields, `${error}/decline_code`), codeAt(fields, `${error}/code`)];
  const declineReason = declineReasonOf('stripe', codes, codeAt(fields, `${error}/network_decline_code`));
  return { status: 'failed', declineReason, declineCode: codes.find((code) => code !== null) ?? null };
}

/**
 * The charge that the event is about. A try that failed before there was a charge (3-D Secure) has none, and
 * `latest_charge` is then the charge of an earlier try: only a paid intent's is its own.
 */
function tryOfIntent(fields: Fields, status: OutcomeStatus, error: string): string | null {
  if (status === 'failed') return idOrObjectAt(fields, `${error}/charge`) ?? setupAttemptAt(fields);
  if (status !== 'succeeded') return null;
  return (
    idOrObjectAt(fields, `${OBJECT}/latest_charge`) ??
    // Until API version 2022-11-15.
    idAt(fields, `${OBJECT}/charges/data/0/id`) ??
    setupAttemptAt(fields)
  );
}

/** A bank debit's error names no charge either, and `charge.failed` tells of the same failure. */
function isBeforeCharge(fields: Fields, error: string): boolean {
  const code = codeAt(fields, `${error}/code`);
  if (code !== null && UNAUTHENTICATED_CODES.has(code)) return true;
  return (
    idOrObjectAt(fields, `${OBJECT}/latest_charge`) === null && idAt(fields, `${OBJECT}/charges/data/0/id`) === null
  );
}

/**
 * What stands for the id of a failed try that has none: the request to Stripe that made it; without one (the payer came
 * back from the bank) the card and the second. Not the event: Stripe may make two of one failure
 * (https://docs.stripe.com/webhooks, "Handle duplicate events").
 */
function tryWithoutCharge(fields: Fields, intent: string, error: string): string | null {
  const request = idAt(fields, '/request/id', '/request');
  if (request !== null) return `${intent}:${request}`;
  const second = textAt(fields, '/created');
  const method = idOrObjectAt(fields, `${error}/payment_method`);
  const rest = second === null ? idsOf(idAt(fields, '/id')) : idsOf(method, second);
  return rest.length === 0 ? null : [intent, ...rest].join(':');
}

/** A set-up intent's counterpart of a charge. */
function setupAttemptAt(fields: Fields): string | null {
  return idOrObjectAt(fields, `${OBJECT}/latest_attempt`);
}

function cardOfIntent(fields: Fields, status: OutcomeStatus, error: string): ProcessorEvent['card'] {
  if (status === 'failed') return cardOfMethod(fields, `${error}/payment_method`);
  if (status !== 'succeeded') return cardOfMethod(fields, `${OBJECT}/payment_method`);
  const charges = [`${OBJECT}/latest_charge`, `${OBJECT}/charges/data/0`];
  return cardOfCharge(fields, charges) ?? cardOfMethod(fields, `${OBJECT}/payment_method`);
}

function cardOfMethod(fields: Fields, method: string): ProcessorEvent['card'] {
  return cardAt(fields, [`${method}/card/fingerprint`], [`${method}/card/iin`]);
}

function cardOfCharge(fields: Fields, charges: readonly string[]): ProcessorEvent['card'] {
  const cards = charges.map((charge) => `${charge}/payment_method_details/card`);
  return cardAt(
    fields,
    cards.map((card) => `${card}/fingerprint`),
    cards.map((card) => `${card}/iin`),
  );
}

/** A dispute or an early warning of fraud. Null where it does not say of which charge. */
export function readDispute(fields: Fields, label: Label): StripeFacts | null {
  const charge = idOrObjectAt(fields, `${OBJECT}/charge`);
  if (charge === null) return null;
  const paymentIds = idsOf(idOrObjectAt(fields, `${OBJECT}/payment_intent`), charge);
  return {
    outcome: null,
    labels: [label],
    evaluation: evaluationAt(fields, `${OBJECT}/charge/metadata/`),
    paymentIds,
    tryId: charge,
    card: cardOfCharge(fields, [`${OBJECT}/charge`]),
  };
}

/** A charge of which something was given back; `refunded` says whether all of it. Null without an id. */
export function readRefund(fields: Fields): StripeFacts | null {
  const charge = readCharge(fields, 'succeeded');
  return charge === null
    ? null
    : { ...charge, outcome: null, labels: fields.get(`${OBJECT}/refunded`) === true ? ['refund'] : [] };
}

/** Stripe writes an id, or the whole object where it was asked to. */
function idOrObjectAt(fields: Fields, pointer: string): string | null {
  return idAt(fields, pointer, `${pointer}/id`);
}
