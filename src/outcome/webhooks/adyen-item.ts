/**
 * What one authentic item of Adyen says. Source: https://docs.adyen.com/api-explorer/Webhooks/1/overview.
 * Only references, amount, event code and success are signed; reasons, metadata and card data are not. The event's id
 * is made of signed fields alone, so an item that was altered on its way counts once, as the original would have.
 */
import type { Fields } from '../../attempt/fields.ts';
import { declineReasonOf } from '../decline-codes/decline-reasons.ts';
import type { OutcomeStatus } from '../outcome.ts';
import type { Label, ProcessorEvent } from '../processor-event.ts';
import { cardAt, codeAt, dateAt, evaluationAt, idAt, idsOf } from './event-fields.ts';

const LABELS: ReadonlyMap<string, Label> = new Map<string, Label>([
  ['NOTIFICATION_OF_CHARGEBACK', 'dispute'],
  ['CHARGEBACK', 'dispute'],
  ['SECOND_CHARGEBACK', 'dispute'],
  ['NOTIFICATION_OF_FRAUD', 'fraud_warning'],
]);
/** Adyen's own risk engine, before the bank (20) or after it (22). */
const OWN_BLOCKS: readonly string[] = ['FRAUD', 'FRAUD-CANCELLED', '20', '22'];
/** The payer went away: nobody was refused. */
const ABANDONED: readonly string[] = ['Shopper Cancelled', '16'];
/** `05 : Do not honor`: the bank's code and its text. */
const RAW_RESPONSE = /^\s*([0-9A-Z]{1,2})\s*:/;

/** Null without what every item has: a reference, an event code, and whether it succeeded. */
export function readItem(fields: Fields, item: string): readonly ProcessorEvent[] | null {
  const reference = idAt(fields, `${item}/pspReference`);
  const eventCode = codeAt(fields, `${item}/eventCode`);
  const success = String(fields.get(`${item}/success`));
  if (reference === null || eventCode === null || !/^(?:true|false)$/.test(success)) return null;
  const facts = factsOf(fields, item, { reference, eventCode, isSuccess: success === 'true' });
  if (facts === null) return [];
  const id = `${eventCode}:${reference}:${success}`;
  return [{ id, ...facts, occurredAt: dateAt(fields, `${item}/eventDate`) }];
}

type Facts = Omit<ProcessorEvent, 'id' | 'occurredAt'>;

interface Told {
  readonly reference: string;
  readonly eventCode: string;
  readonly isSuccess: boolean;
}

/** Null for what Cordon does not count: captures, cancellations, reports, what was not given back after all. */
function factsOf(fields: Fields, item: string, told: Told): Facts | null {
  const label = isRefund(fields, item, told) ? 'refund' : LABELS.get(told.eventCode);
  if (label !== undefined) return labelOf(fields, item, { reference: told.reference, label });
  const outcome = outcomeOf(fields, item, told);
  if (outcome === null) return null;
  const more = `${item}/additionalData`;
  return {
    outcome,
    labels: outcome.declineCode !== null && OWN_BLOCKS.includes(outcome.declineCode) ? ['processor_block'] : [],
    evaluation: evaluationAt(fields, `${more}/metadata.`),
    // Not `merchantReference`: the shop chooses it, and it may be the same for every try and for other payments.
    paymentIds: idsOf(idAt(fields, `${more}/checkoutSessionId`), told.reference),
    tryId: told.reference,
    card: cardAt(fields, [`${more}/alias`], [`${more}/cardBin`]),
  };
}

/** Whether of all or of a part it does not tell. */
function isRefund(fields: Fields, item: string, { eventCode, isSuccess }: Told): boolean {
  if (!isSuccess) return false;
  const isEither = eventCode === 'CANCEL_OR_REFUND';
  return eventCode === 'REFUND' || (isEither && fields.get(`${item}/additionalData/modification.action`) === 'refund');
}

function outcomeOf(fields: Fields, item: string, { eventCode, isSuccess }: Told): Facts['outcome'] {
  if (eventCode === 'AUTHORISATION') return isSuccess ? plain('succeeded') : declineOf(fields, item);
  if (eventCode === 'PENDING') return plain('pending');
  // The payer never came back from the redirect.
  return eventCode === 'OFFER_CLOSED' ? plain('unknown') : null;
}

function plain(status: OutcomeStatus): Facts['outcome'] {
  return { status, declineReason: null, declineCode: null };
}

/** `reason` is read for refusals only: of an approval it holds the last four digits and the expiry date. */
function declineOf(fields: Fields, item: string): Facts['outcome'] {
  const more = `${item}/additionalData`;
  const reason = codeAt(fields, `${item}/reason`);
  const code = codeAt(fields, `${more}/refusalReasonCode`);
  if ([reason, code].some((word) => word !== null && ABANDONED.includes(word))) return plain('unknown');
  const raw = codeAt(fields, `${more}/refusalReasonRaw`) ?? reason;
  const declineReason = declineReasonOf('adyen', [reason, code], RAW_RESPONSE.exec(raw ?? '')?.[1] ?? null);
  return { status: 'failed', declineReason, declineCode: reason ?? code ?? raw };
}

/** A dispute has a reference of its own; the payment's stands beside it. */
function labelOf(fields: Fields, item: string, { reference, label }: { reference: string; label: Label }): Facts {
  const payment = idAt(fields, `${item}/originalReference`) ?? reference;
  const evaluation = evaluationAt(fields, `${item}/additionalData/metadata.`);
  return { outcome: null, labels: [label], evaluation, paymentIds: [payment], tryId: payment, card: null };
}
