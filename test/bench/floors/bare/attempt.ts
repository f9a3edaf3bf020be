/**
 * The bare floor of a proxied attempt: `JSON.parse`, HMAC, one object call with the least that can be said, the origin,
 * its answer parsed, one more object call.
 */
import { fingerprint } from './fingerprint.ts';
import type { Gate } from './gate.ts';

export { Gate } from './gate.ts';

interface FloorEnvironment {
  readonly GATE: DurableObjectNamespace<Gate>;
}

const ORIGIN = 'https://origin.acme.example/api/pay';
const decoder = new TextDecoder();
let attempts = 0;

export default {
  async fetch(request, env) {
    const bytes = await request.arrayBuffer();
    const { card } = JSON.parse(decoder.decode(bytes)) as { card: { number: string } };
    const known = await fingerprint(card.number);
    const ip = request.headers.get('cf-connecting-ip') ?? '';
    const keys = [`card_ip|${known}|${ip}`, `card|${known}`, `ip|${ip}`];
    const evaluation = `ev_${Date.now().toString(16)}${(attempts++).toString(16).padStart(8, '0')}`;
    const gate = env.GATE.getByName('acme');
    if (!(await gate.admit(keys))) return new Response(null, { status: 403 });
    const { headers } = request;
    const answer = await fetch(ORIGIN, { method: 'POST', headers, body: bytes, redirect: 'manual' });
    const text = await answer.text();
    const { status } = JSON.parse(text) as { status: string };
    await gate.settle(evaluation, keys, status);
    return new Response(text, { status: answer.status, headers: answer.headers });
  },
} satisfies ExportedHandler<FloorEnvironment>;
