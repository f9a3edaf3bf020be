/**
 * `/.cordon/v1/evaluations`: asked before a payment, told what became of it after.
 */
import { Hono } from 'hono';
import { merchantOf } from '../gate/evaluation-id.ts';
import type { NotLetIn, Reported } from '../gate/gate-messages.ts';
import type { AskRecords } from '../records/records.ts';
import { problem } from '../wire.ts';
import type { Answered, Evaluations } from './evaluations.ts';
import { recordedEvaluation } from './recorded-evaluations.ts';
import { type ApiContext, type ApiVariables, afterwardsOf, bodyOf, idempotencyKeyOf, inertAnswer } from './request.ts';
import { evaluationRequestSchema, outcomeRequestSchema } from './schemas.ts';
import { toldOf } from './stored-evaluations.ts';

export function evaluationCalls(evaluations: Evaluations, records: AskRecords): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();

  calls.post('/', async (c) => {
    const body = await bodyOf(c, evaluationRequestSchema);
    if (body instanceof Response) return body;
    const key = idempotencyKeyOf(c);
    if (key instanceof Response) return key;
    const { merchant, attempt, pass } = body.value;
    if (!mayTouch(c, merchant)) return problem('forbidden');
    const idempotency = key === null ? null : { key, payload: JSON.stringify(body.value) };
    const { caller } = c.get('bearer');
    const { host } = new URL(c.req.url);
    return answerOf(await evaluations.create({ merchant, attempt, pass, host, caller, idempotency }, afterwardsOf(c)));
  });

  calls.get('/:id', async (c) => {
    const id = c.req.param('id');
    if (!mayTouch(c, merchantOf(id))) return problem('forbidden');
    const told = await evaluations.tell(id, c.get('bearer').caller, afterwardsOf(c));
    if (told === null) return problem('gate_unavailable');
    if (told.kind === 'unknown_evaluation') return answerFromRecord(records, id);
    return told.kind === 'told' ? inertAnswer(toldOf(told.stored)) : notLetIn(told);
  });

  calls.post('/:id/outcome', async (c) => {
    const id = c.req.param('id');
    if (!mayTouch(c, merchantOf(id))) return problem('forbidden');
    const body = await bodyOf(c, outcomeRequestSchema);
    if (body instanceof Response) return body;
    const reported = await evaluations.report(id, body.value, c.get('bearer').caller, afterwardsOf(c));
    return reported === null ? problem('gate_unavailable') : reportedOf(reported);
  });

  return calls;
}

/** What the gate does not know (any more), and may be told: a proxied attempt, a refused one, an older one. */
async function answerFromRecord(records: AskRecords, id: string): Promise<Response> {
  const recorded = await recordedEvaluation(records, id);
  if (recorded.kind === 'unavailable') return problem('storage_unavailable');
  return recorded.kind === 'off' || recorded.value === null ? problem('not_found') : inertAnswer(recorded.value);
}

/** A merchant's key touches nothing of another's, and does not learn whether it exists. */
export function mayTouch(c: ApiContext, merchant: string | null): boolean {
  const bearer = c.get('bearer');
  return bearer.kind === 'admin' || bearer.merchant === merchant;
}

export function notLetIn({ kind }: NotLetIn): Response {
  return kind === 'forbidden' ? problem('forbidden') : problem('unauthorized');
}

function answerOf(answered: Answered): Response {
  switch (answered.kind) {
    case 'evaluated':
      return Response.json(answered.evaluation);
    case 'unauthorized':
    case 'forbidden':
      return notLetIn(answered);
    case 'unknown_merchant':
      return problem('not_found', { detail: 'there is no such merchant, or it has no good configuration' });
    case 'other_payload':
      return problem('idempotency_key_reused');
    case 'unavailable':
      return problem('gate_unavailable');
  }
}

function reportedOf(reported: Reported): Response {
  switch (reported.kind) {
    case 'recorded':
    case 'exists':
      return inertAnswer(toldOf(reported.stored));
    case 'contradicts':
      return problem('outcome_conflict', { detail: 'nothing was changed' });
    case 'late_failure':
      return problem('outcome_conflict', { detail: 'a late failure: it was counted and marked' });
    case 'was_refused':
      return problem('outcome_conflict', { detail: 'this attempt was refused' });
    case 'unknown_evaluation':
      return problem('not_found');
    case 'unauthorized':
    case 'forbidden':
      return notLetIn(reported);
  }
}
