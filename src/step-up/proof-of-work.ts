/**
 * Proof of work: ALTCHA's, posed and checked by Cordon itself. Its cost grows with the risk. It proves that a machine has
 * worked, and nothing about who pays: friction, never clearance.
 */
import { type Challenge, createChallenge, type DeriveKeyFunction, randomInt, verifySolution } from 'altcha-lib';
import * as z from 'zod';
import type { Json } from '../attempt/json-body.ts';
import type { Checked, Method, Posing } from './method.ts';
import type { ProofOfWorkSettings } from './settings.ts';
import type { Ticket } from './ticket.ts';

const ALGORITHM = 'PBKDF2/SHA-256';
const HASHES: Readonly<Record<string, string>> = { [ALGORITHM]: 'SHA-256' };
/** Iterations of one derivation: about a millisecond of one core. */
const COST = 5_000;
const KEY_BYTES = 32;
const HIGHEST_SCORE = 100;
/** What is posed stands in clear: a score that could be reckoned from it tells a tester what to change. */
const SCORE_STEP = 25;
/** The most that a configuration may ask for: minutes of a phone. */
const DERIVATIONS_LIMIT = 100_000;
/** The payload of the widget. */
const ENCODED_LIMIT = 4_096;

const answerSchema = z.object({
  challenge: z.object({
    parameters: z.looseObject({ data: z.looseObject({ ticket: z.string() }), keySignature: z.string() }),
    signature: z.string().max(128),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string().max(4 * KEY_BYTES) }),
});

export const proofOfWork: Method = { pose, check };

/** In deterministic mode: the work is bounded, and checking it costs an HMAC. */
async function pose(on: Posing): Promise<Json> {
  const { ticket, settings } = on;
  const most = derivationsFor(ticket, settings.proofOfWork);
  const challenge = await createChallenge({
    algorithm: ALGORITHM,
    cost: COST,
    keyLength: KEY_BYTES,
    counter: randomInt(most, Math.ceil(most / 2)),
    data: { ticket: ticket.evaluation, most },
    expiresAt: ticket.expiresAt / 1000,
    deriveKey,
    ...(await secretsOf(on)),
  });
  return challenge as unknown as Json;
}

async function check(answer: unknown, on: Posing): Promise<Checked> {
  const read = answerSchema.safeParse(decoded(answer));
  if (!read.success) return { kind: 'failed', because: 'malformed' };
  const { challenge, solution } = read.data;
  // A solution is good for its own ticket: whoever has many to solve works for each.
  if (challenge.parameters.data.ticket !== on.ticket.evaluation) return { kind: 'failed', because: 'other_ticket' };
  const posed = challenge as unknown as Challenge;
  const verified = await verifySolution({ challenge: posed, solution, deriveKey, ...(await secretsOf(on)) });
  if (verified.verified) return { kind: 'passed' };
  const because = verified.expired ? 'expired' : verified.invalidSignature ? 'altered' : 'unsolved';
  return { kind: 'failed', because };
}

/** How many derivations are needed at most, half of them at least. */
export function derivationsFor(
  { riskScore, effort }: Pick<Ticket, 'riskScore' | 'effort'>,
  { least, most }: ProofOfWorkSettings,
): number {
  const told = Math.ceil(riskScore / SCORE_STEP) * SCORE_STEP;
  const byRisk = least + ((most - least) * told) / HIGHEST_SCORE;
  return Math.min(DERIVATIONS_LIMIT, Math.round(byRisk * effort));
}

/** As an object, or as the widget sends it: JSON in base64. */
function decoded(answer: unknown): unknown {
  if (typeof answer !== 'string') return answer;
  if (answer.length > ENCODED_LIMIT) return null;
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(answer)));
  } catch {
    return null;
  }
}

async function secretsOf({ services }: Posing) {
  const [hmacSignatureSecret, hmacKeySignatureSecret] = await Promise.all([
    services.ownSecret('proof of work'),
    services.ownSecret('proof of work key'),
  ]);
  return { hmacSignatureSecret, hmacKeySignatureSecret };
}

/** The library's own needs node:crypto. */
export const deriveKey: DeriveKeyFunction = async ({ algorithm, cost, keyLength }, salt, password) => {
  const hash = HASHES[algorithm];
  if (hash === undefined) throw new Error('another algorithm');
  const key = await crypto.subtle.importKey('raw', password.slice(), 'PBKDF2', false, ['deriveBits']);
  const terms = { name: 'PBKDF2', hash, salt: salt.slice(), iterations: cost };
  return { derivedKey: new Uint8Array(await crypto.subtle.deriveBits(terms, key, keyLength * 8)) };
};
