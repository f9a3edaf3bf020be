/**
 * Gives out passes, once the gate has heard why: without its word a pass would be worth nothing.
 */
import type { Policy } from '../config/policy.ts';
import { UNREACHABLE } from '../decision/step-up.ts';
import { askGate } from '../gate/gate-client.ts';
import { failedEntry, passedEntries } from '../journal/challenge-entry.ts';
import { log } from '../journal/log.ts';
import { issuePass, type PassedBy } from '../step-up/pass.ts';
import type { PasskeyUsed } from '../step-up/passkey-record.ts';
import type { Face, Opened } from './opened-challenge.ts';

export interface IssuedPass {
  readonly token: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** Null where the gate does not answer. */
export async function passBy(opened: Opened, method: PassedBy): Promise<IssuedPass | null> {
  const { face, policy, ticket, on } = opened;
  const { evaluation } = ticket;
  const told = await askGate(face.environment.gates, policy, (gate) => gate.concludeChallenge(evaluation, 'passed'));
  if (told.kind === 'unavailable') return null;
  const { passKey: key, passMs: lifeMs } = policy.stepUp;
  recordAnswer(opened, { method, what: 'passed' });
  return issuePass(ticket, method, { key, lifeMs, now: on.now });
}

/** No method can be run: the merchant's word for that is worth a pass, unless it is `block`. */
export async function passUnreached(opened: Opened): Promise<IssuedPass | null> {
  return opened.policy.stepUpFallback === 'block' ? null : passBy(opened, UNREACHABLE);
}

/** Of a passkey (step-up/passkey-record.ts). */
const CLONED: PasskeyUsed = 'cloned';

interface AnswerRecord {
  readonly method: PassedBy;
  readonly what: 'passed' | 'failed';
  /** Of a failed one. */
  readonly because?: string;
}

function reportCopy({ environment }: Face, { merchant, isWatched }: Policy, evaluation: string): void {
  log({ event: 'passkey_cloned', merchant, evaluation });
  if (isWatched) environment.alerts?.notice(merchant, { kind: 'passkey_cloned', evaluation });
}

export function recordAnswer({ face, policy, ticket, on }: Opened, { method, what, because }: AnswerRecord): void {
  const { merchant } = policy;
  const { evaluation } = ticket;
  log({ event: 'challenge', merchant, evaluation, method, result: what, because });
  if (because === CLONED) reportCopy(face, policy, evaluation);
  const subject = { merchant, evaluation, methods: ticket.methods, at: on.now };
  const entries = what === 'passed' ? passedEntries(subject, method) : [failedEntry(subject, method)];
  for (const entry of entries) face.journal.write(() => entry, face.afterwards);
}
