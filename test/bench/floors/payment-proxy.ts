/**
 * A bare reverse proxy with the object calls of a payment: the body read, sent on, the answer streamed back, and beside
 * it what Cordon tells its gate and what that writes. Nothing is parsed, and no card is known: no HMAC.
 */
import type { Admission, AdmitRequest } from '../../../src/gate/gate-messages.ts';
import type { PaymentCalls } from './calls.ts';
import { admission, nextId, settlement } from './payment.ts';

const ORIGIN = 'https://origin.acme.example/api/pay';
/** As many letters as a fingerprint has beside the attempt's id. */
const CARD = 'fp_unread';

/** `prepare`: the headers of the request to the origin. */
export async function passPayment(
  request: Request,
  gate: PaymentCalls,
  prepare: (headers: Headers, body: ArrayBuffer) => Headers | Promise<Headers>,
): Promise<Response> {
  const { method, headers } = request;
  const body = await request.arrayBuffer();
  const asked = askedFor(headers.get('cf-connecting-ip') ?? '');
  const { kind } = JSON.parse(await gate.admitText(JSON.stringify(asked))) as Admission;
  if (kind !== 'admitted') return new Response(null, { status: 403 });
  const prepared = prepare(headers, body);
  const onward = prepared instanceof Promise ? await prepared : prepared;
  const response = await fetch(ORIGIN, { method, headers: onward, body, redirect: 'manual' });
  await gate.settleText(...settlement(asked, { status: 'succeeded', paymentId: 'pay_1' }));
  return response;
}

function askedFor(ip: string): AdmitRequest {
  const id = nextId();
  return admission(id, `${CARD}${id}`, ip);
}
