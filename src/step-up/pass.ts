/**
 * A pass: proof that a challenge was passed, for one attempt. Signed, bound and short-lived; that it is used once the
 * gate alone knows.
 */
import { METHOD_STRENGTHS, type MethodName } from './method-name.ts';
import type { Ticket } from './ticket.ts';
import { deriveTokenKey, readToken, writeToken } from './token.ts';

const PURPOSE = 'cordon pass';
const ID_BYTES = 12;
/** The longest `pass_seconds` that a configuration may ask for. */
export const LONGEST_PASS_MS = 900_000;

/** By what a pass was won; `unreachable`: by nothing, for no method could be run, and it is worth the fallback. */
export type PassedBy = MethodName | 'unreachable';
const STRENGTHS: Readonly<Record<PassedBy, number>> = { ...METHOD_STRENGTHS, unreachable: 5 };

export interface Pass {
  readonly merchant: string;
  /** The evaluation that asked for the challenge. Whatever passes come of it admit one attempt together. */
  readonly evaluation: string;
  readonly bound: string;
  readonly method: PassedBy;
  readonly strength: number;
  /** Of one that was won by nothing: what could not be run. */
  readonly instead: readonly MethodName[];
  /** ms since the epoch, whole seconds. */
  readonly expiresAt: number;
  /** By then no pass of the same ticket is good any more. */
  readonly allOverAt: number;
}

export type PassReading =
  | { readonly kind: 'good'; readonly pass: Pass }
  | { readonly kind: 'malformed' | 'altered' | 'expired' };

export function derivePassKey(masterKey: CryptoKey, merchant: string): Promise<CryptoKey> {
  return deriveTokenKey(masterKey, `${PURPOSE}|${merchant}`);
}

/** When no pass of a ticket can be good any more, ms since the epoch. */
export function allOverAt({ expiresAt }: Pick<Ticket, 'expiresAt'>): number {
  return expiresAt + LONGEST_PASS_MS;
}

interface Issuing {
  readonly key: CryptoKey;
  readonly lifeMs: number;
  /** ms since the epoch. */
  readonly now: number;
}

/** The pass for a ticket whose challenge was passed. */
export async function issuePass(
  ticket: Ticket,
  method: PassedBy,
  { key, lifeMs, now }: Issuing,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const expiresAt = Math.floor((now + lifeMs) / 1000) * 1000;
  const claims = {
    iss: ticket.merchant,
    sub: ticket.evaluation,
    bound: ticket.bound,
    method,
    ...(method === 'unreachable' ? { instead: [...ticket.methods] } : {}),
    over: Math.floor(allOverAt(ticket) / 1000),
    jti: crypto.getRandomValues(new Uint8Array(ID_BYTES)).toBase64({ alphabet: 'base64url' }),
  };
  return { token: await writeToken(claims, expiresAt, key), expiresAt };
}

/** `now` in ms since the epoch. Another merchant's pass is an altered one: each has a key of its own. */
export async function readPass(token: string, key: CryptoKey, now: number): Promise<PassReading> {
  const read = await readToken(token, key, now);
  if (read.kind !== 'good') return { kind: read.kind };
  const { iss = '', sub = '', exp = 0, bound, method, over, instead = [] } = read.claims;
  const name = method as PassedBy;
  const strength = STRENGTHS[name];
  const [expiresAt, allOverAt] = [exp * 1000, (over as number) * 1000];
  const won = { bound: bound as string, method: name, strength, instead: instead as readonly MethodName[] };
  return { kind: 'good', pass: { merchant: iss, evaluation: sub, ...won, expiresAt, allOverAt } };
}
