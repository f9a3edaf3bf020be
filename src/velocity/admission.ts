/**
 * The judgement over an attempt's counters: `failures + in flight < limit` under every one that refuses.
 * Pure; the gate reads, this decides, the gate reserves, all in one synchronous step.
 */
import type { Alarm } from '../attack/attacked.ts';
import { type Counter, opensAt } from './counter.ts';
import { HEAVIEST } from './happening.ts';
import { hasNames, itemNames } from './parts.ts';
import type { ActiveMode, Count, Then } from './rule.ts';
import { LEAST_STRENGTH, type Loose, type Touch } from './touch.ts';

/** What the gate knows of a touched counter. */
export interface Reading {
  readonly touch: Touch;
  readonly counter: Counter | null;
  /** How many attempts are in flight under it; of a distinct count, how many things that it does not count yet. */
  readonly inFlight: number;
  /** Of a distinct count: this attempt adds nothing, for its own is counted or in flight already. */
  readonly addsNothing?: true;
  /** Of the touch that is watched: what the watch says; null: nothing. */
  readonly alarm?: Alarm | null;
}

export type ShutReading = Reading & { readonly counter: Counter };

/** Whether a lower limit has shut the key since anybody last looked. */
export function isJustShut(reading: Reading): reading is ShutReading {
  const { touch, counter } = reading;
  return counter !== null && counter.shutAt === null && counter.count >= touch.limit;
}

/** What one rule says: `shut` until a time, `busy` while others are in flight, or `open`. */
export interface Verdict {
  readonly rule: string;
  readonly key: string;
  readonly mode: ActiveMode;
  readonly state: 'open' | 'busy' | 'shut';
  readonly count: number;
  readonly inFlight: number;
  readonly limit: number;
  /** Milliseconds since the epoch; null unless shut. */
  readonly shutUntil: number | null;
  /** What it counts; absent: failures. */
  readonly counts?: Exclude<Count, 'failures'>;
  /** As in a rule. */
  readonly of?: 'attempts';
  /** What becomes of an attempt that it is not open to; absent: it is blocked. */
  readonly then?: Exclude<Then, 'block'>;
  /** As in a rule. */
  readonly strength?: number;
  /** It would not be open, and leaves this payer alone. */
  readonly spared?: true;
  /** Of the watch, where it is not open. */
  readonly alarm?: Alarm;
  /** The watch would ask this payer, and somebody speaks for him. */
  readonly lifted?: true;
}

export function judge({ touch, counter, inFlight, addsNothing, alarm }: Reading): Verdict {
  if (alarm !== undefined) return judgeWatched(touch, alarm);
  const { rule, key, mode, limit, part, count: counts, of, then, strength } = touch;
  const count = counter?.count ?? 0;
  const isChecked = part === 'check';
  const shut = isChecked && count >= limit;
  const mayAdd = counts === 'weighted_failures' ? HEAVIEST * inFlight : inFlight;
  const busy = isChecked && addsNothing !== true && count + mayAdd >= limit;
  const state = shut ? 'shut' : busy ? 'busy' : 'open';
  const shutUntil = shut && counter !== null ? opensAt(counter, touch) : null;
  if (counts === undefined && then === undefined) {
    return { rule, key, mode, state, count, inFlight, limit, shutUntil };
  }
  // One literal, as of a touch.
  const verdict: Loose<Verdict> = {
    rule,
    key,
    mode,
    state,
    count,
    inFlight,
    limit,
    shutUntil,
    counts,
    of,
    then,
    strength,
  };
  return verdict as Verdict;
}

/** In a segment that is attacked he is challenged, and blocked where nothing of it was ever paid. */
function judgeWatched({ rule, key, mode, limit }: Touch, alarm: Alarm | null): Verdict {
  const verdict = { rule, key, mode, limit, count: 0, inFlight: 0, shutUntil: null } as const;
  if (alarm === null) return { ...verdict, state: 'open' };
  return { ...verdict, state: 'shut', alarm, ...(alarm.isNew ? {} : { then: 'challenge' }) };
}

/** What the watch asks of a payer for whom an item of the allow list speaks: nothing. Whom it refuses stays refused. */
export function spokenFor(verdicts: readonly Verdict[]): readonly Verdict[] {
  const isAsked = ({ alarm, then }: Verdict) => alarm !== undefined && then === 'challenge';
  return verdicts.map((verdict) => (isAsked(verdict) ? { ...verdict, lifted: true } : verdict));
}

const FIRST_OF_ALL = { inFlight: 0 } as const;
const NONE_OF_ALL = { inFlight: 0, addsNothing: true } as const;

/** How a distinct count stands that is reserved for: `inFlight` are the things in flight, each by its names. */
export function readThings(
  touch: Touch,
  counter: Counter | null,
  inFlight: readonly (readonly string[])[],
): Pick<Reading, 'inFlight' | 'addsNothing'> {
  // So it is with most.
  if (inFlight.length === 0 && counter === null) {
    return hasNames(touch.items ?? [], touch.count) ? FIRST_OF_ALL : NONE_OF_ALL;
  }
  const own = itemNames(touch.items ?? [], touch.count);
  const isCounted = (names: readonly string[]) => names.some((name) => counter?.parts?.has(name) === true);
  const isOwn = (names: readonly string[]) => own?.some((name) => names.includes(name)) === true;
  const things = new Set<string>();
  let adds = own !== null && !isCounted(own);
  for (const items of inFlight) {
    const names = itemNames(items, touch.count);
    const [first] = names ?? [];
    if (names === null || first === undefined) continue;
    if (isOwn(names)) adds = false;
    if (!isCounted(names)) things.add(first);
  }
  return adds ? { inFlight: things.size } : { inFlight: things.size, addsNothing: true };
}

/** Up to which strength a challenge stops nobody; 0: each does. */
export type Cleared = number;

/** Whether the attempt may go on. A shadow rule never refuses, nor does a review. */
export function admits(verdicts: readonly Verdict[], cleared: Cleared = 0): boolean {
  return verdicts.every((verdict) => verdict.mode === 'shadow' || passes(verdict, cleared));
}

/** Whether some of them asks for a challenge and is enforced, met or not. */
export function wantChallenge(verdicts: readonly Verdict[]): boolean {
  return verdicts.some(({ state, then, mode }) => state !== 'open' && then === 'challenge' && mode === 'enforce');
}

/** Whether a challenge is what stops the attempt first: who is shut out for good is asked for none. */
export function isChallenged(verdicts: readonly Verdict[], cleared: Cleared = 0): boolean {
  const stopping = verdicts.filter((verdict) => verdict.mode === 'enforce' && !passes(verdict, cleared));
  const first = stopping.find(({ state, then }) => state === 'shut' || then !== undefined) ?? stopping[0];
  return first?.then === 'challenge';
}

function passes({ state, then, spared, lifted, strength = LEAST_STRENGTH }: Verdict, cleared: Cleared): boolean {
  return (
    state === 'open' ||
    (spared ?? lifted) === true ||
    then === 'review' ||
    (then === 'challenge' && strength <= cleared)
  );
}

/**
 * The touches under which an admitted attempt takes its place. One that a shadow rule would have refused is left out
 * of that rule's counter: a refused attempt counts nothing and extends no block.
 */
export function placesOf(
  touches: readonly Touch[],
  verdicts: readonly Verdict[],
  cleared: Cleared = 0,
): readonly Touch[] {
  return touches.filter((_, index) => {
    const verdict = verdicts[index];
    // The watch counts nothing: whoever goes on in shadow is still to be seen through.
    return verdict !== undefined && (touches[index]?.watched !== undefined || passes(verdict, cleared));
  });
}
