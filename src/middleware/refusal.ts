/**
 * What a client hears that Cordon stops: the same problems as in front of a shop, and never a reason.
 */
import type { Evaluation, Verdict } from '../client/client.ts';

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly evaluation?: string;
  readonly challenge?: Evaluation['challenge'];
  readonly retryAfterSeconds?: number;
}

const REFUSED = { status: 403, code: 'payment_refused', title: 'This payment was refused' } as const;

export function refusalOf(verdict: Verdict): Response {
  if (verdict.kind === 'unreachable') return problem(REFUSED);
  const { id: evaluation, decision, challenge, retry_after_seconds: retryAfterSeconds } = verdict.evaluation;
  if (decision === 'challenge') {
    return problem({
      status: 403,
      code: 'challenge_required',
      title: 'One more step is needed',
      evaluation,
      challenge,
    });
  }
  if (retryAfterSeconds === null) return problem({ ...REFUSED, evaluation });
  const title = 'An earlier attempt is still in flight';
  return problem({ status: 429, code: 'attempt_in_flight', title, evaluation, retryAfterSeconds });
}

export function unaddressed(): Response {
  return problem({ status: 403, code: 'no_client_address', title: 'The address of the client is not known' });
}

export function unrecorded(): Response {
  return problem({ status: 503, code: 'outcome_unrecorded', title: 'The outcome of this payment is not known yet' });
}

function problem({ retryAfterSeconds, ...said }: Refusal): Response {
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (said.evaluation !== undefined) headers.set('cordon-evaluation', said.evaluation);
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  return new Response(JSON.stringify({ type: 'about:blank', ...said }), { status: said.status, headers });
}
