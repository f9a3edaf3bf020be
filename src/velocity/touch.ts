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
  return rules.flatMap((rule) => {
    const part = partOf(rule, attempt);
    const [key, ...formerKeys] = keysOf(rule, attempt);
    if (part === null || key === undefined) return [];
    const { name, limit, windowSeconds, mode } = rule;
    return [{ rule: name, key, formerKeys, limit, windowSeconds, maxBlockSeconds, part, mode }];
  });
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

/** The rule's key under each fingerprint key, the current one first; empty when an identity is missing. */
function keysOf(rule: VelocityRule, attempt: Attempt): readonly string[] {
  const variants = rule.by.includes('card') ? namesOf(attempt) : [''];
  return variants.flatMap((fingerprint) => {
    const parts = rule.by.map((dimension) => identity(dimension, attempt, fingerprint));
    return parts.includes(null) ? [] : [JSON.stringify([rule.name, ...parts])];
  });
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
