/**
 * Stripe's webhooks: `Stripe-Signature: t=…,v1=…[,v1=…]`, HMAC-SHA256 of `t.body`, five minutes old at most.
 * Source: https://docs.stripe.com/webhooks/signature. Test mode, live mode and Connect are read alike.
 */
import type { Fields } from '../../attempt/fields.ts';
import type { Delivery, ProcessorEvent, WebhookReader } from '../processor-event.ts';
import { idAt, secondsAt } from './event-fields.ts';
import { bytesOfHex, bytesOfText, isSignedByAny } from './signature.ts';
import { FORGED, readSignedJson } from './signed-json.ts';
import { readCharge, readDispute, readIntent, readRefund, type StripeFacts } from './stripe-objects.ts';

/** Stripe's own tolerance. A delivery that is tried again is signed again, with its own time. */
const TOLERANCE_SECONDS = 300;
/** Stripe signs once for each secret that it rolls; more is an attack on the time that checking takes. */
const SIGNATURES_LIMIT = 16;

export const stripe: WebhookReader = {
  read: async (delivery, secrets, now) =>
    (await isSignedByStripe(delivery, secrets, now)) ? readSignedJson(delivery.body, eventsOf) : FORGED,
  received: { status: 200, contentType: null, body: null },
};

type ReadObject = (fields: Fields) => StripeFacts | null;

const READERS: ReadonlyMap<string, ReadObject> = new Map<string, ReadObject>([
  ['charge.failed', (fields) => readCharge(fields, 'failed')],
  ['charge.succeeded', (fields) => readCharge(fields, 'succeeded')],
  ['charge.pending', (fields) => readCharge(fields, 'pending')],
  ['charge.dispute.created', (fields) => readDispute(fields, 'dispute')],
  ['radar.early_fraud_warning.created', (fields) => readDispute(fields, 'fraud_warning')],
  ['charge.refunded', readRefund],
  ['payment_intent.payment_failed', (fields) => readIntent(fields, 'failed')],
  ['payment_intent.succeeded', (fields) => readIntent(fields, 'succeeded')],
  // Authorised, to be captured by hand: whoever tests a card knows by now.
  ['payment_intent.amount_capturable_updated', (fields) => readIntent(fields, 'succeeded')],
  ['payment_intent.requires_action', (fields) => readIntent(fields, 'pending')],
  ['payment_intent.processing', (fields) => readIntent(fields, 'pending')],
  // Given up, or voided after an authorisation that another event told: nobody was refused.
  ['payment_intent.canceled', (fields) => readIntent(fields, 'unknown')],
  ['setup_intent.setup_failed', (fields) => readIntent(fields, 'failed')],
  ['setup_intent.succeeded', (fields) => readIntent(fields, 'succeeded')],
  ['setup_intent.requires_action', (fields) => readIntent(fields, 'pending')],
  ['setup_intent.canceled', (fields) => readIntent(fields, 'unknown')],
]);

function eventsOf(fields: Fields): readonly ProcessorEvent[] | null {
  const id = idAt(fields, '/id');
  const type = fields.get('/type');
  if (id === null || typeof type !== 'string') return null;
  const read = READERS.get(type);
  if (read === undefined) return [];
  const facts = read(fields);
  if (facts === null) return null;
  // A part that is given back says nothing.
  const isNothing = facts.outcome === null && facts.labels.length === 0;
  return isNothing ? [] : [{ id, ...facts, occurredAt: secondsAt(fields, '/created') }];
}

/** `now` in ms since the epoch. */
export async function isSignedByStripe(
  { headers, body }: Delivery,
  secrets: readonly string[],
  now: number,
): Promise<boolean> {
  const header = parseHeader(headers.get('stripe-signature') ?? '');
  if (header === null) return false;
  if (Math.abs(Math.floor(now / 1000) - Number(header.time)) > TOLERANCE_SECONDS) return false;
  const prefix = bytesOfText(`${header.time}.`);
  const text = new Uint8Array(prefix.byteLength + body.byteLength);
  text.set(prefix);
  text.set(body, prefix.byteLength);
  return isSignedByAny(secrets.map(bytesOfText), { hash: 'SHA-256', text, signatures: header.signatures });
}

interface SignatureHeader {
  /** Seconds since the epoch, as it stands in the signed text. */
  readonly time: string;
  readonly signatures: readonly Uint8Array<ArrayBuffer>[];
}

/** Null without exactly one time. Schemes other than `v1` are passed over, as Stripe asks. */
function parseHeader(header: string): SignatureHeader | null {
  const parts = header.split(',').map((part) => part.split('=', 2));
  const [time, ...moreTimes] = parts.flatMap(([name, value]) => (name === 't' ? [value ?? ''] : []));
  if (time === undefined || moreTimes.length > 0 || !/^\d{1,12}$/.test(time)) return null;
  const values = parts.flatMap(([name, value]) => (name === 'v1' ? [value ?? ''] : []));
  const signatures = values.slice(0, SIGNATURES_LIMIT).map(bytesOfHex);
  return { time, signatures: signatures.filter((signature) => signature !== null) };
}
