/**
 * The text inside a sealed body: for whom, from when until when, under which id, and the payment itself. Strict JSON, these
 * members and no others; below `payment` stands whatever the shop's page sends. `now` is passed in.
 */
import { decodeBody } from './body.ts';
import type { Field, Fields } from './fields.ts';
import { readJsonDocument } from './json-body.ts';
import { exactly, isHalf } from './sealed-envelope.ts';
import type { SealedFault } from './sealed-fault.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

const MEMBERS = ['aud', 'iat', 'exp', 'jti', 'proof', 'payment'] as const;
const JTI = /^[\w-]{16,64}$/;
const PAYMENT = '/payment';
/** How far a clock may be ahead of ours. */
const AHEAD_MS = 60_000;

export interface Claims {
  readonly jti: string;
  /** ms since the epoch: the first moment at which it is good no more. */
  readonly until: number;
  /** The private half of the ephemeral key of the shop's recipient. */
  readonly proof: string;
  /** What is in `payment`, by pointers that begin there. */
  readonly fields: Fields;
}

/** What it must say of itself. */
export interface Expected {
  readonly audience: string;
  readonly maxAgeMs: number;
  /** ms since the epoch. */
  readonly now: number;
}

export function readClaims(plaintext: Uint8Array, expected: Expected): Read<Claims> {
  const text = decodeBody(plaintext);
  const document = text.ok ? readJsonDocument(text.value) : text;
  if (!document.ok) return document;
  const { root, fields } = document.value;
  const claims = exactly(root, MEMBERS);
  if (claims === null) return fault('claims');
  const { aud, iat, exp, jti, proof, payment } = claims;
  const isObject = typeof payment === 'object' && payment !== null && !Array.isArray(payment);
  const isTyped = typeof aud === 'string' && isSeconds(iat) && isSeconds(exp) && isHalf(proof) && isObject;
  if (!isTyped || typeof jti !== 'string' || !JTI.test(jti)) return fault('claims');
  const wrong = wrongIn({ aud, from: iat * 1000, until: exp * 1000 }, expected);
  return wrong === null ? readable({ jti, until: exp * 1000, proof, fields: below(fields) }) : fault(wrong);
}

interface Stated {
  readonly aud: string;
  /** ms since the epoch. */
  readonly from: number;
  readonly until: number;
}

function wrongIn({ aud, from, until }: Stated, { audience, maxAgeMs, now }: Expected): SealedFault | null {
  if (aud !== audience) return 'audience';
  if (until <= now) return 'expired';
  if (from > now + AHEAD_MS) return 'future';
  return until - from > maxAgeMs ? 'too_long' : null;
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function below(fields: Fields): Fields {
  const found = new Map<string, Field>();
  for (const [pointer, value] of fields) {
    if (pointer.startsWith(`${PAYMENT}/`)) found.set(pointer.slice(PAYMENT.length), value);
  }
  return found;
}

function fault(wrong: SealedFault): Read<never> {
  return unreadable({ because: 'sealed_card', fault: wrong });
}
