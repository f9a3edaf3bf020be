/**
 * The floor of a payment beside a bare proxy: one that reads the body, sends it on and streams the answer, with the
 * object calls that Cordon makes and what they write. Nothing is parsed, and no card is known: no HMAC.
 */
import type { Admission, AdmitRequest } from '../../../src/gate/gate-messages.ts';
import type { Gate } from './gate.ts';
import { admission, nextId, settlement } from './payment.ts';

export { Gate } from './gate.ts';

interface FloorEnvironment {
  readonly GATE: DurableObjectNamespace<Gate>;
}

const ORIGIN = 'https://origin.acme.example/api/pay';
/** As many letters as a fingerprint has beside the attempt's id. */
const CARD = 'fp_unread';

export default {
  async fetch(request, env) {
    const { method, headers } = request;
    const body = await request.arrayBuffer();
    const asked = askedFor(headers.get('cf-connecting-ip') ?? '');
    const gate = env.GATE.getByName('acme');
    const { kind } = JSON.parse(await gate.admitText(JSON.stringify(asked))) as Admission;
    if (kind !== 'admitted') return new Response(null, { status: 403 });
    const response = await fetch(ORIGIN, { method, headers, body, redirect: 'manual' });
    await gate.settleText(...settlement(asked, { status: 'succeeded', paymentId: 'pay_1' }));
    return response;
  },
} satisfies ExportedHandler<FloorEnvironment>;

function askedFor(ip: string): AdmitRequest {
  const id = nextId();
  return admission(id, `${CARD}${id}`, ip);
}
