/**
 * What the floors of an attempt do: the body held and read, the gate asked, the body sent on, the answer held and read,
 * the gate told. Headers as they come, no time limit, no log.
 */
import { BODY_LIMIT_BYTES } from '../../../src/attempt/body.ts';
import { type HeldStream, holdBody } from '../../../src/attempt/held-stream.ts';
import { lookUpIn, readAnswerJson } from '../../../src/attempt/json-body.ts';
import type { Admission, AdmitRequest, Word } from '../../../src/gate/gate-messages.ts';
import { HELD_LIMIT_BYTES } from '../../../src/origin/answer.ts';
import type { PaymentCalls } from './calls.ts';
import { admission, digitsIn, fingerprint, nextId, settlement } from './payment.ts';

const ORIGIN = 'https://origin.acme.example/api/pay';
const decoder = new TextDecoder();

/** `ask`: what the gate is asked for the payment in a body. */
export async function passAttempt(
  request: Request,
  gate: PaymentCalls,
  ask: (held: HeldStream, ip: string) => Promise<AdmitRequest> = askFor,
): Promise<Response> {
  const held = await holdBody(request, BODY_LIMIT_BYTES);
  const asked = await ask(held, request.headers.get('cf-connecting-ip') ?? '');
  const { kind } = JSON.parse(await gate.admitText(JSON.stringify(asked))) as Admission;
  if (kind !== 'admitted') return new Response(null, { status: 403 });
  const { headers } = request;
  const sent = { method: 'POST', headers, body: held.forward(), redirect: 'manual' } as const;
  const response = await fetch(ORIGIN, sent);
  const answer = await holdBody(response, HELD_LIMIT_BYTES);
  const told = lookUpIn(readAnswerJson(decoder.decode(answer.bytes)) ?? null);
  const word = { status: told.get('/status') as Word['status'], paymentId: told.get('/id') as string };
  await gate.settleText(...settlement(asked, word));
  return new Response(answer.forward(), { status: response.status, headers: response.headers });
}

async function askFor(held: HeldStream, ip: string): Promise<AdmitRequest> {
  return admission(nextId(), await fingerprint(digitsIn(held)), ip);
}
