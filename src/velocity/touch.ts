/**
 * Which counters an attempt touches. A touch carries everything that the gate needs to judge it now and to count it
 * later, so that no count depends on what an object still remembers.
 */
import { type Attempt, namesOf } from '../attempt/attempt.ts';
import type { ActiveMode, Dimension, VelocityRule } from './rule.ts';

export interface Touch {
  readonly rule: string;
  readonly key: string;
  /** The same counter under earlier fingerprint keys. */
  readonly formerKeys: readonly string[];
  readonly limit: number;
  readonly windowSeconds: number;
  /** A shut key opens again this long after it was shut, however often it failed since. */
  readonly maxBlockSeconds: number;
  /** `count_only`: this attempt adds to the counter and is never refused by it. */
  readonly part: 'check' | 'count_only';
  readonly mode: ActiveMode;
}

/** The counters of an attempt, in the order of the rules; a rule whose identities are missing touches nothing. */
export function touchesOf(attempt: Attempt, rules: readonly VelocityRule[], maxBlockSeconds: number): readonly Touch[] {
  const touches: Touch[] = [];
  for (const rule of rules) {
    const part = partOf(rule, attempt);
    const [key, ...formerKeys] = part === null ? NO_KEYS : keysOf(rule, attempt);
    if (part === null || key === undefined) continue;
    const { name, limit, windowSeconds, mode } = rule;
    touches.push({ rule: name, key, formerKeys, limit, windowSeconds, maxBlockSeconds, part, mode });
  }
  return touches;
}

function partOf(rule: VelocityRule, attempt: Attempt): Touch['part'] | null {
  const isGuest = attempt.payer.kind === 'guest';
  switch (rule.audience) {
    case 'all':
      return 'check';
    case 'guests':
      return isGuest ? 'check' : null;
    case 'guests_refused':
      return isGuest ? 'check' : 'count_only';
  }
}

/** The key by which a rule may refuse the attempt; null where it does not look at it. */
export function refusingKey(rule: VelocityRule, attempt: Attempt): string | null {
  if (partOf(rule, attempt) !== 'check') return null;
  const fingerprint = rule.by.includes('card') ? attempt.card?.fingerprint : '';
  return fingerprint === undefined ? null : keyOf(rule, attempt, fingerprint);
}

const NO_KEYS: readonly string[] = [];
const NO_CARD = [''];

/** The rule's key under each fingerprint key, the current one first; empty when an identity is missing. */
function keysOf(rule: VelocityRule, attempt: Attempt): readonly string[] {
  const names = rule.by.includes('card') ? namesOf(attempt) : NO_CARD;
  const keys: string[] = [];
  for (const name of names) {
    const key = keyOf(rule, attempt, name);
    if (key !== null) keys.push(key);
  }
  return keys;
}

function keyOf(rule: VelocityRule, attempt: Attempt, fingerprint: string): string | null {
  let key = `["${rule.name}"`;
  for (const dimension of rule.by) {
    const part = identity(dimension, attempt, fingerprint);
    if (part === null) return null;
    // A JSON text of names: a customer's id alone can hold what JSON escapes.
    key += dimension === 'customer' ? `,${JSON.stringify(part)}` : `,"${part}"`;
  }
  return `${key}]`;
}

function identity(dimension: Dimension, attempt: Attempt, fingerprint: string): string | null {
  switch (dimension) {
    case 'card':
      return fingerprint;
    case 'ip':
      return attempt.whence?.ip.counted ?? null;
    case 'customer':
      return attempt.payer.kind === 'customer' ? attempt.payer.id : null;
    case 'session':
      return attempt.session;
  }
}
