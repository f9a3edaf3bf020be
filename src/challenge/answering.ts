/**
 * One answer to a challenge: counted before it is looked at, so that nobody tries for ever, and counted again when it was
 * wrong. The gate is told; without it nothing is looked at.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { AnswerResult } from '../gate/challenge-messages.ts';
import { askGateOnce } from '../gate/gate-client.ts';
import type { Checked } from '../step-up/method.ts';
import type { MethodName } from '../step-up/method-name.ts';
import { loadMethod } from '../step-up/methods.ts';
import { allOverAt } from '../step-up/pass.ts';
import { touchesOf } from '../velocity/touch.ts';
import { problem } from '../wire.ts';
import type { Opened } from './opened-challenge.ts';
import { type IssuedPass, passBy, passUnreached, recordAnswer } from './passing.ts';
import { reportUnavailable, tasksOf } from './showing.ts';

export async function answerOnce(opened: Opened, name: MethodName, answer: unknown): Promise<Response> {
  const { ticket, on } = opened;
  const about = { evaluation: ticket.evaluation };
  const leave = await leaveOf(opened);
  if (leave === 'unavailable') return problem('challenge_unavailable', about);
  if (leave === 'limited') {
    const retryAfterSeconds = Math.ceil((ticket.expiresAt - on.now) / 1000);
    return problem('rate_limited', { ...about, retryAfterSeconds });
  }
  const method = await loadMethod(name);
  const checked: Checked = method === null ? NOT_THERE : await method.check(answer, on);
  switch (checked.kind) {
    case 'passed':
      return passed(await passBy(opened, name), opened);
    case 'failed':
      recordAnswer(opened, { method: name, what: 'failed', because: checked.because });
      await conclude(opened, 'failed');
      return problem('challenge_failed', about);
    case 'pending':
      await conclude(opened, 'undecided');
      return Response.json(waiting(checked));
    case 'unavailable':
      reportUnavailable(opened, name, checked.because);
      return answerUnavailable(opened, name);
    case 'spent':
      reportUnavailable(opened, name, checked.because);
      await conclude(opened, 'undecided');
      return problem('challenge_unavailable', about);
  }
}

function waiting({ retryAfterSeconds, task }: Extract<Checked, { kind: 'pending' }>) {
  const told = { pending: true, retry_after_seconds: retryAfterSeconds };
  return task === undefined ? told : { ...told, task };
}

const NOT_THERE: Checked = { kind: 'unavailable', because: 'not_in_this_release' };

/** Where no other method can be run either, the merchant's fallback decides. */
async function answerUnavailable(opened: Opened, name: MethodName): Promise<Response> {
  const others = await tasksOf(
    opened,
    opened.ticket.methods.filter((other) => other !== name),
  );
  const pass = others.length > 0 ? null : await passUnreached(opened);
  if (pass !== null) return passed(pass, opened);
  await conclude(opened, 'undecided');
  return problem('challenge_unavailable', { evaluation: opened.ticket.evaluation });
}

function passed(pass: IssuedPass | null, { ticket }: Opened): Response {
  if (pass === null) return problem('challenge_unavailable', { evaluation: ticket.evaluation });
  return Response.json({ pass: pass.token, expires_at: new Date(pass.expiresAt).toISOString() });
}

async function leaveOf({ face, policy, ticket, whence }: Opened) {
  const caller: Attempt = { ...NOBODY, whence };
  const touches = touchesOf(caller, policy.stepUp.rules, policy.maxBlockSeconds);
  const answered = { evaluation: ticket.evaluation, touches, allOverAt: allOverAt(ticket) };
  const leave = await askGateOnce(face.environment.gates, policy, (gate) => gate.answerChallenge(answered));
  return leave.kind === 'answered' ? leave.value : leave.kind;
}

const NOBODY: Omit<Attempt, 'whence'> = {
  kind: 'payment',
  payer: { kind: 'guest' },
  card: null,
  session: null,
  amountMinor: null,
  currency: null,
};

// Lost, it counts for too little by one answer, which was counted among the tries before.
async function conclude({ face, policy, ticket }: Opened, result: AnswerResult): Promise<void> {
  await askGateOnce(face.environment.gates, policy, (gate) => gate.concludeChallenge(ticket.evaluation, result));
}
