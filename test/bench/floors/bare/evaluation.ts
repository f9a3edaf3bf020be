/**
 * The bare floor of the API: `JSON.parse`, HMAC, one object call that writes one row, and the same again for the outcome, without
 * the HMAC.
 */
import { fingerprint } from './fingerprint.ts';
import type { Gate } from './gate.ts';

export { Gate } from './gate.ts';

interface FloorEnvironment {
  readonly GATE: DurableObjectNamespace<Gate>;
}

interface Asked {
  readonly attempt: { readonly ip: string; readonly card: { readonly number: string } };
}

const decoder = new TextDecoder();
let evaluations = 0;

export default {
  async fetch(request, env) {
    const body: unknown = JSON.parse(decoder.decode(await request.arrayBuffer()));
    const gate = env.GATE.getByName('acme');
    const reported = /\/([^/]+)\/outcome$/.exec(request.url)?.[1];
    if (reported !== undefined) {
      const { status } = body as { status: string };
      return Response.json({ id: reported, found: await gate.report(reported, status) });
    }
    const { ip, card } = (body as Asked).attempt;
    const known = await fingerprint(card.number);
    const keys = [`card_ip|${known}|${ip}`, `card|${known}`, `ip|${ip}`];
    const id = `ev_${Date.now().toString(16)}${(evaluations++).toString(16).padStart(8, '0')}`;
    const isOpen = await gate.evaluate(id, keys, JSON.stringify(keys));
    return Response.json({ id, decision: isOpen ? 'allow' : 'block' });
  },
} satisfies ExportedHandler<FloorEnvironment>;
