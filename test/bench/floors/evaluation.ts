/**
 * The floor of the API: the same parse, HMAC, object call and row as Cordon's, and the same again for the outcome,
 * without the HMAC. No schema, no bearer, no rules, no evaluation.
 */
import { readJson } from '../../../src/attempt/json-body.ts';
import type { Evaluated, EvaluateRequest, Report, Reported } from '../../../src/gate/gate-messages.ts';
import type { Gate } from './gate.ts';
import { admission, fingerprint, nextId, recordOf } from './payment.ts';

export { Gate } from './gate.ts';

interface FloorEnvironment {
  readonly GATE: DurableObjectNamespace<Gate>;
}

interface Asked {
  readonly attempt: { readonly ip: string; readonly card: { readonly number: string } };
}

const CALLER = { kind: 'admin' } as const;

export default {
  async fetch(request, env) {
    const body = readJson(await request.text());
    if (!body.ok) return new Response(null, { status: 400 });
    const gate = env.GATE.getByName('acme');
    const evaluation = /\/([^/]+)\/outcome$/.exec(request.url)?.[1];
    if (evaluation !== undefined) {
      const { status } = body.value as unknown as Pick<Report, 'status'>;
      const report: Report = { evaluation, status, declineReason: null, paymentId: null, caller: CALLER };
      const { kind } = JSON.parse(await gate.reportText(JSON.stringify(report))) as Reported;
      return Response.json({ id: evaluation, kind });
    }
    const { ip, card } = (body.value as unknown as Asked).attempt;
    const asked = evaluationOf(nextId(), await fingerprint(card.number), ip);
    const { kind } = JSON.parse(await gate.evaluateText(JSON.stringify(asked))) as Evaluated;
    return Response.json({ id: asked.evaluation, kind });
  },
} satisfies ExportedHandler<FloorEnvironment>;

function evaluationOf(id: string, card: string, ip: string): EvaluateRequest {
  const asked = admission(id, card, ip);
  return { ...asked, recording: { caller: CALLER, record: recordOf(asked), isRefused: false, idempotency: null } };
}
