/**
 * Hyperswitch's outgoing webhooks: `X-Webhook-Signature-512`, hexadecimal HMAC-SHA512 of the raw body under the
 * profile's `payment_response_hash_key`, taken as text. Sources: https://docs.hyperswitch.io, "Webhooks", and
 * crates/api_models/src/webhooks.rs of juspay/hyperswitch. There is no time in the signature: `event_id` tells repeats.
 */
import type { Fields } from '../../attempt/fields.ts';
import { declineReasonFrom, declineReasonOf, mostTelling } from '../decline-codes/decline-reasons.ts';
import type { DeclineReason, OutcomeStatus } from '../outcome.ts';
import { type Label, PROCESSORS, type ProcessorEvent, type WebhookReader } from '../processor-event.ts';
import { cardAt, codeAt, dateAt, evaluationAt, idAt } from './event-fields.ts';
import { FORGED, isBodySigned, readSignedJson } from './signed-json.ts';

const SIGNATURE = { header: 'x-webhook-signature-512', hash: 'SHA-512' } as const;
const OBJECT = '/content/object';
const CARD = `${OBJECT}/payment_method_data/card`;
/** A 16-bit number at Hyperswitch. */
const ATTEMPTS_LIMIT = 2 ** 15;
/** The one standardised code that says whose fraud tool it was. */
const OWN_BLOCK_CODE = /^psp_fraud_engine_decline$/i;

export const hyperswitch: WebhookReader = {
  read: async (delivery, secrets) =>
    (await isBodySigned(delivery, secrets, SIGNATURE)) ? readSignedJson(delivery.body, eventsOf) : FORGED,
  received: { status: 200, contentType: null, body: null },
};

const STATUSES: ReadonlyMap<string, OutcomeStatus> = new Map<string, OutcomeStatus>([
  ['payment_succeeded', 'succeeded'],
  ['payment_authorized', 'succeeded'],
  ['payment_partially_authorized', 'succeeded'],
  ['payment_failed', 'failed'],
  ['payment_processing', 'pending'],
  ['action_required', 'pending'],
  // Given up, voided, or left lying: nobody was refused.
  ['payment_cancelled', 'unknown'],
  ['payment_expired', 'unknown'],
]);

const LABELS: ReadonlyMap<string, Label> = new Map<string, Label>([
  ['dispute_opened', 'dispute'],
  ['refund_succeeded', 'refund'],
]);

function eventsOf(fields: Fields): readonly ProcessorEvent[] | null {
  const id = idAt(fields, '/event_id');
  const type = fields.get('/event_type');
  if (id === null || typeof type !== 'string') return null;
  const status = STATUSES.get(type);
  const label = LABELS.get(type);
  if (status === undefined && label === undefined) return [];
  const payment = idAt(fields, `${OBJECT}/payment_id`);
  if (payment === null) return null;
  const event = label === undefined ? paymentOf(fields, payment, status ?? 'unknown') : labelOf(fields, payment, label);
  return [{ id, ...event, occurredAt: dateAt(fields, '/timestamp') }];
}

type Facts = Omit<ProcessorEvent, 'id' | 'occurredAt'>;

function paymentOf(fields: Fields, payment: string, status: OutcomeStatus): Facts {
  const isFailed = status === 'failed';
  const standardCode = codeAt(fields, `${OBJECT}/error_details/unified_details/standardised_code`);
  const isBlock = isFailed && standardCode !== null && OWN_BLOCK_CODE.test(standardCode);
  return {
    outcome: isFailed ? declineOf(fields, standardCode) : { status, declineReason: null, declineCode: null },
    labels: isBlock ? ['processor_block'] : [],
    evaluation: evaluationAt(fields, `${OBJECT}/metadata/`),
    paymentIds: [payment],
    tryId: tryOf(fields, payment),
    card: cardAt(fields, [`${OBJECT}/fingerprint`], [`${CARD}/card_extended_bin`, `${CARD}/card_isin`]),
  };
}

/** `error_code` is the connector's own, `unified_code` Hyperswitch's class of it, too vague to go first. */
function declineOf(fields: Fields, standardCode: string | null): Facts['outcome'] {
  const errorCode = codeAt(fields, `${OBJECT}/error_code`);
  const unifiedCode = codeAt(fields, `${OBJECT}/unified_code`);
  const bankCode =
    codeAt(fields, `${OBJECT}/issuer_error_code`) ?? codeAt(fields, `${OBJECT}/error_details/issuer_details/code`);
  const declineReason = mostTelling([
    declineReasonOf('hyperswitch', [standardCode], bankCode),
    reasonOfConnector(fields, errorCode),
    declineReasonOf('hyperswitch', [errorCode, unifiedCode]),
  ]);
  return { status: 'failed', declineReason, declineCode: errorCode ?? standardCode ?? unifiedCode };
}

/** A connector whose codes are not known here may mean anything by a number; a word or a bank's code is what it is. */
function reasonOfConnector(fields: Fields, errorCode: string | null): DeclineReason {
  const known = PROCESSORS.find((processor) => processor === fields.get(`${OBJECT}/connector`));
  if (known !== undefined) return declineReasonFrom(errorCode, known);
  const isNumber = errorCode !== null && /^\d+$/.test(errorCode);
  return declineReasonFrom(errorCode, isNumber ? 'hyperswitch' : null);
}

/** An attempt's id is the payment's and a number; the list of attempts itself is sent only to whoever asks for it. */
function tryOf(fields: Fields, payment: string): string | null {
  const count = fields.get(`${OBJECT}/attempt_count`);
  const isCount = typeof count === 'number' && Number.isInteger(count) && count > 0 && count < ATTEMPTS_LIMIT;
  return isCount ? `${payment}_${count}` : null;
}

function labelOf(fields: Fields, payment: string, label: Label): Facts {
  const tryId = idAt(fields, `${OBJECT}/attempt_id`);
  return { outcome: null, labels: [label], evaluation: null, paymentIds: [payment], tryId, card: null };
}
