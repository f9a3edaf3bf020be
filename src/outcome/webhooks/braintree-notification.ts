/**
 * What a notification says. Source: https://developer.paypal.com/braintree/docs/reference/general/webhooks.
 * Braintree sends none for an ordinary card payment that is approved or declined: the answer to the sale itself, or
 * the shop's report, is the only word of that. A notification has no id: its kind and its subject's id are one.
 */
import type { Fields } from '../../attempt/fields.ts';
import { declineReasonOf } from '../decline-codes/decline-reasons.ts';
import type { OutcomeStatus } from '../outcome.ts';
import type { ProcessorEvent } from '../processor-event.ts';
import { cardAt, codeAt, dateAt, evaluationAt, idAt } from './event-fields.ts';

const SUBJECT = '/notification/subject';
const TRANSACTION = `${SUBJECT}/transaction`;
/** The newest stands first. */
const LAST_OF_SUBSCRIPTION = `${SUBJECT}/subscription/transactions/0`;

/** Where the transaction stands, and what it means when the transaction does not say its status itself. */
interface TransactionKind {
  readonly pointer: string;
  readonly otherwise: OutcomeStatus;
}

const TRANSACTION_KINDS: ReadonlyMap<string, TransactionKind> = new Map<string, TransactionKind>([
  ['transaction_settled', { pointer: TRANSACTION, otherwise: 'succeeded' }],
  ['transaction_disbursed', { pointer: TRANSACTION, otherwise: 'succeeded' }],
  ['transaction_settlement_declined', { pointer: TRANSACTION, otherwise: 'failed' }],
  ['transaction_retried', { pointer: TRANSACTION, otherwise: 'unknown' }],
  ['subscription_charged_successfully', { pointer: LAST_OF_SUBSCRIPTION, otherwise: 'succeeded' }],
  ['subscription_charged_unsuccessfully', { pointer: LAST_OF_SUBSCRIPTION, otherwise: 'failed' }],
]);

const STATUSES: ReadonlyMap<string, OutcomeStatus> = new Map<string, OutcomeStatus>([
  ['authorizing', 'pending'],
  ['authorized', 'succeeded'],
  ['submitted_for_settlement', 'succeeded'],
  ['settling', 'succeeded'],
  ['settlement_pending', 'succeeded'],
  ['settlement_confirmed', 'succeeded'],
  ['settled', 'succeeded'],
  ['processor_declined', 'failed'],
  ['gateway_rejected', 'failed'],
  ['failed', 'failed'],
  ['settlement_declined', 'failed'],
]);

/** Braintree's own fraud tools. The other rejections act on what the bank answered to CVV and address. */
const OWN_BLOCKS: readonly string[] = ['fraud', 'risk_threshold'];

/** Null for what is no notification. */
export function readNotification(fields: Fields): readonly ProcessorEvent[] | null {
  const kind = codeAt(fields, '/notification/kind');
  if (kind === null) return null;
  if (kind === 'dispute_opened') return readDispute(fields);
  const transaction = TRANSACTION_KINDS.get(kind);
  if (transaction === undefined) return [];
  if (fields.get(`${transaction.pointer}/type`) === 'credit') return readCredit(fields, kind, transaction);
  return readTransaction(fields, kind, transaction);
}

function readTransaction(fields: Fields, kind: string, where: TransactionKind): readonly ProcessorEvent[] | null {
  const { pointer, otherwise } = where;
  const id = idAt(fields, `${pointer}/id`);
  if (id === null) return null;
  const status = STATUSES.get(String(fields.get(`${pointer}/status`))) ?? otherwise;
  const rejection = codeAt(fields, `${pointer}/gateway-rejection-reason`);
  const isOwnBlock = status === 'failed' && rejection !== null && OWN_BLOCKS.includes(rejection);
  return [
    {
      id: `${kind}:${id}`,
      outcome: status === 'failed' ? declineOf(fields, pointer) : { status, declineReason: null, declineCode: null },
      labels: isOwnBlock ? ['processor_block'] : [],
      evaluation: evaluationAt(fields, `${pointer}/custom-fields/`),
      paymentIds: [id],
      tryId: id,
      card: cardAt(
        fields,
        [`${pointer}/credit-card/unique-number-identifier`],
        [`${pointer}/credit-card/bin-extended`, `${pointer}/credit-card/bin`],
      ),
      occurredAt: timeOf(fields),
    },
  ];
}

/** A gateway's rejection goes first: the processor has then said "approved". */
function declineOf(fields: Fields, pointer: string): NonNullable<ProcessorEvent['outcome']> {
  const codes = [
    codeAt(fields, `${pointer}/gateway-rejection-reason`),
    codeAt(fields, `${pointer}/processor-settlement-response-code`),
    codeAt(fields, `${pointer}/processor-response-code`),
  ];
  const declineReason = declineReasonOf('braintree', codes, codeAt(fields, `${pointer}/network-response-code`));
  return { status: 'failed', declineReason, declineCode: codes.find((code) => code !== null) ?? null };
}

function readDispute(fields: Fields): readonly ProcessorEvent[] | null {
  const dispute = idAt(fields, `${SUBJECT}/dispute/id`);
  const payment = idAt(fields, `${SUBJECT}/dispute/transaction/id`);
  if (dispute === null || payment === null) return null;
  return [
    {
      id: `dispute_opened:${dispute}`,
      outcome: null,
      labels: ['dispute'],
      evaluation: null,
      paymentIds: [payment],
      tryId: payment,
      card: null,
      occurredAt: timeOf(fields),
    },
  ];
}

/** Money that goes back is a refund where it names what it gives back. Of most refunds Braintree sends nothing. */
function readCredit(fields: Fields, kind: string, { pointer }: TransactionKind): readonly ProcessorEvent[] {
  const [id, payment] = [idAt(fields, `${pointer}/id`), idAt(fields, `${pointer}/refunded-transaction-id`)];
  if (id === null || payment === null) return [];
  const about = { evaluation: null, paymentIds: [payment], tryId: payment, card: null };
  return [{ id: `${kind}:${id}`, outcome: null, labels: ['refund'], ...about, occurredAt: timeOf(fields) }];
}

function timeOf(fields: Fields): number | null {
  return dateAt(fields, '/notification/timestamp');
}
