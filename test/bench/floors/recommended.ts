/**
 * The floor of an attempt under the recommended velocity rules: that of any attempt, with as many keyed digests, counters
 * asked for and places told as the set needs of a guest with an e-mail and a device. No condition is evaluated.
 */
import { BODY_LIMIT_BYTES } from '../../../src/attempt/body.ts';
import { holdBody } from '../../../src/attempt/held-stream.ts';
import { lookUpIn, readAnswerJson } from '../../../src/attempt/json-body.ts';
import type { Admission, Word } from '../../../src/gate/gate-messages.ts';
import { HELD_LIMIT_BYTES } from '../../../src/origin/answer.ts';
import type { Gate } from './gate.ts';
import { nextId, settlement } from './payment.ts';
import { admission, payerIn } from './recommended-touches.ts';

export { Gate } from './gate.ts';

interface FloorEnvironment {
  readonly GATE: DurableObjectNamespace<Gate>;
}

const ORIGIN = 'https://origin.acme.example/api/pay';
const decoder = new TextDecoder();

export default {
  async fetch(request, env) {
    const held = await holdBody(request, BODY_LIMIT_BYTES);
    const payer = await payerIn(held);
    const asked = admission(nextId(), payer, request.headers.get('cf-connecting-ip') ?? '');
    const gate = env.GATE.getByName('acme');
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
  },
} satisfies ExportedHandler<FloorEnvironment>;
