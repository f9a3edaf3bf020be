/**
 * Which counters an attempt touches. A touch carries everything that the gate needs to judge it now and to count it
 * later, so that no count depends on what an object still remembers. It travels with each attempt: what is as with
 * Hyperswitch's rules is left out.
 */
import type { Watched } from '../attack/watched.ts';
import { type Attempt, namesOf } from '../attempt/attempt.ts';
import { type Expression, holds } from '../expression/expression.ts';
import type { Facts } from '../expression/facts.ts';
import { type BinDigits, isDistinct, itemsOf, keyOf } from './identity.ts';
import type { ActiveMode, VelocityRule } from './rule.ts';

export interface Touch
  extends Pick<
    VelocityRule,
    'count' | 'of' | 'declineReasons' | 'slides' | 'blockSeconds' | 'then' | 'strength' | 'inFlight' | 'spares'
  > {
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
  /** Of what it adds one to a distinct count, by each of its names. */
  readonly items?: readonly string[];
  /** Of the one that is no counter (watched-touch.ts). */
  readonly watched?: Watched;
}

/** A challenge demands this much where its rule names nothing. */
export const LEAST_STRENGTH = 1;
const SIX: readonly BinDigits[] = [6];
const BOTH: readonly BinDigits[] = [6, 8];

/**
 * The counters of an attempt, in the order of the rules; a rule whose identities are missing touches nothing. `facts`:
 * what is told to those that ask more of it; without them those look at nothing.
 */
export function touchesOf(
  attempt: Attempt,
  rules: readonly VelocityRule[],
  maxBlockSeconds: number,
  facts?: Facts,
): readonly Touch[] {
  const touches: Touch[] = [];
  const cards = namesOf(attempt);
  for (const rule of rules) {
    const part = partOf(rule, attempt);
    if (part === null || (rule.when !== undefined && !isMet(rule.when, facts))) continue;
    const items = rule.count === 'distinct_cards' && attempt.card !== null ? cards : itemsOf(rule.count, attempt);
    // A distinct count of what the attempt has none of.
    if (items === null && rule.count !== undefined && isDistinct(rule.count)) continue;
    const names = rule.by.includes('card') ? cards : NO_CARD;
    for (const binDigits of rule.by.includes('bin') ? BOTH : SIX) {
      const key = keyUnder(names[0], { rule, attempt, binDigits });
      if (key === null) continue;
      const formerKeys = names.length < 2 ? NO_KEYS : formerKeysOf(names, { rule, attempt, binDigits });
      touches.push(touchOf(rule, { key, formerKeys, maxBlockSeconds, part, items }));
    }
  }
  return touches;
}

interface Touching extends Pick<Touch, 'key' | 'formerKeys' | 'maxBlockSeconds' | 'part'> {
  readonly items: readonly string[] | null;
}

/** Literals: behind a spread V8 defines each name by a call of its own runtime. No text holds what is undefined. */
function touchOf(rule: VelocityRule, { key, formerKeys, maxBlockSeconds, part, items }: Touching): Touch {
  const { name, limit, windowSeconds, mode } = rule;
  if (isClassic(rule)) return { rule: name, key, formerKeys, limit, windowSeconds, maxBlockSeconds, part, mode };
  const touch: Loose<Touch> = {
    rule: name,
    key,
    formerKeys,
    limit,
    windowSeconds,
    maxBlockSeconds,
    part,
    mode,
    count: rule.count,
    of: rule.of,
    items: items ?? undefined,
    declineReasons: rule.declineReasons,
    slides: rule.slides,
    blockSeconds: rule.blockSeconds,
    then: rule.then,
    strength: rule.strength,
    inFlight: rule.inFlight,
    spares: rule.spares,
  };
  return touch as Touch;
}

/** What may be absent may be undefined. */
export type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

function isMet(when: Expression, facts: Facts | undefined): boolean {
  return facts !== undefined && holds(when, facts);
}

/** Whether nothing is to be said of it but what every touch says. */
function isClassic({ count, slides, blockSeconds, then, inFlight, declineReasons, spares }: VelocityRule): boolean {
  const isPlain = count === undefined && slides === undefined && blockSeconds === undefined;
  return isPlain && (then ?? inFlight ?? declineReasons ?? spares) === undefined;
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

/** How strong a step-up the counters may ask for, once they are read; 0: none of them asks for any. */
export function mayDemand(touches: readonly Touch[]): number {
  let most = 0;
  for (const { then, mode, part, strength = LEAST_STRENGTH } of touches) {
    if (then === 'challenge' && mode === 'enforce' && part === 'check') most = Math.max(most, strength);
  }
  return most;
}

/** The key by which a rule may block the attempt; null where it does not look at it, or asks more of it than this. */
export function refusingKey(rule: VelocityRule, attempt: Attempt): string | null {
  if (rule.then !== undefined || rule.when !== undefined || partOf(rule, attempt) !== 'check') return null;
  const fingerprint = rule.by.includes('card') ? attempt.card?.fingerprint : '';
  return fingerprint === undefined ? null : keyOf(rule, attempt, { fingerprint, binDigits: 6 });
}

const NO_CARD = [''];

const NO_KEYS: readonly string[] = [];

interface Keyed {
  readonly rule: VelocityRule;
  readonly attempt: Attempt;
  readonly binDigits: BinDigits;
}

/** The rule's key under one fingerprint key; null when an identity is missing. */
function keyUnder(fingerprint: string | undefined, { rule, attempt, binDigits }: Keyed): string | null {
  return fingerprint === undefined ? null : keyOf(rule, attempt, { fingerprint, binDigits });
}

function formerKeysOf([, ...former]: readonly string[], keyed: Keyed): readonly string[] {
  return former.flatMap((fingerprint) => keyUnder(fingerprint, keyed) ?? []);
}
