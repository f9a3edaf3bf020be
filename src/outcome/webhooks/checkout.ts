/**
 * Checkout.com's webhooks: `Cko-Signature`, hexadecimal HMAC-SHA256 of the raw body. Sources:
 * https://www.checkout.com/docs/developer-resources/webhooks/manage-webhooks and …/webhook-event-types.
 * There is no time in the signature: an old delivery is told from a new one by its event's id alone.
 */
import type { Fields } from '../../attempt/fields.ts';
import { declineReasonOf } from '../decline-codes/decline-reasons.ts';
import type { OutcomeStatus } from '../outcome.ts';
import type { Label, ProcessorEvent, WebhookReader } from '../processor-event.ts';
import { cardAt, codeAt, dateAt, evaluationAt, idAt, idsOf } from './event-fields.ts';
import { FORGED, isBodySigned, readSignedJson } from './signed-json.ts';

const SIGNATURE = { header: 'cko-signature', hash: 'SHA-256' } as const;
const SOURCE = '/data/source';
/** Risk responses (40xxx): refused by Checkout.com's rules or the shop's lists there. */
const RISK_CODE = /^4\d{4}$/;

export const checkout: WebhookReader = {
  read: async (delivery, secrets) =>
    (await isBodySigned(delivery, secrets, SIGNATURE)) ? readSignedJson(delivery.body, eventsOf) : FORGED,
  received: { status: 200, contentType: null, body: null },
};

const STATUSES: ReadonlyMap<string, OutcomeStatus> = new Map<string, OutcomeStatus>([
  ['payment_approved', 'succeeded'],
  ['payment_declined', 'failed'],
  ['payment_pending', 'pending'],
  // Given up by the payer or left lying: nobody was refused.
  ['payment_expired', 'unknown'],
  ['payment_canceled', 'unknown'],
  ['card_verified', 'succeeded'],
  ['card_verification_declined', 'failed'],
]);

/** `payment_chargeback` is what accounts of the older kind get. */
const DISPUTES: readonly string[] = ['dispute_received', 'dispute_evidence_required', 'payment_chargeback'];

function eventsOf(fields: Fields): readonly ProcessorEvent[] | null {
  const id = idAt(fields, '/id');
  const type = fields.get('/type');
  if (id === null || typeof type !== 'string') return null;
  const status = STATUSES.get(type);
  if (status !== undefined) return readPayment(fields, id, status);
  if (type === 'payment_refunded') return readLabel(fields, id, 'refund');
  return DISPUTES.includes(type) ? readLabel(fields, id, 'dispute') : [];
}

function readPayment(fields: Fields, id: string, status: OutcomeStatus): readonly ProcessorEvent[] | null {
  const payment = idAt(fields, '/data/id');
  if (payment === null) return null;
  const declineCode = status === 'failed' ? codeAt(fields, '/data/response_code') : null;
  const declineReason = status === 'failed' ? declineReasonOf('checkout', [declineCode]) : null;
  const labels: readonly Label[] = declineCode !== null && RISK_CODE.test(declineCode) ? ['processor_block'] : [];
  return [
    {
      id,
      outcome: { status, declineReason, declineCode },
      labels,
      evaluation: evaluationAt(fields, '/data/metadata/'),
      paymentIds: [payment],
      // One for each authorisation of the payment.
      tryId: idAt(fields, '/data/action_id'),
      card: cardAt(fields, [`${SOURCE}/fingerprint`], [`${SOURCE}/bin`]),
      occurredAt: dateAt(fields, '/data/processed_on') ?? dateAt(fields, '/created_on'),
    },
  ];
}

/** A dispute has an id of its own and names the payment; a refund and the older `payment_chargeback` are about the payment itself. */
function readLabel(fields: Fields, id: string, label: Label): readonly ProcessorEvent[] | null {
  const payment = idAt(fields, '/data/payment_id', '/data/id');
  if (payment === null) return null;
  return [
    {
      id,
      outcome: null,
      labels: [label],
      evaluation: evaluationAt(fields, '/data/metadata/'),
      paymentIds: idsOf(payment),
      tryId: null,
      card: null,
      occurredAt: dateAt(fields, '/created_on'),
    },
  ];
}
