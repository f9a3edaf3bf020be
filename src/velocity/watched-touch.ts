/**
 * The watch as a touch: an attempt's place in it is taken, kept and settled like that under a counter, and counts nowhere
 * else. Pure.
 */
import type { Traits } from '../attack/traits.ts';
import type { Watched, Watching } from '../attack/watched.ts';
import type { Attempt } from '../attempt/attempt.ts';
import type { ActiveMode } from './rule.ts';
import type { Touch } from './touch.ts';

/** What the attempt itself does not say. */
export interface Surroundings extends Pick<Traits, 'route' | 'network' | 'hasSession' | 'isAbroad'> {}

export interface WatchRule extends Watching {
  readonly mode: ActiveMode;
}

export const ATTACK_MODE = 'attack_mode';
/** A gate of the release before takes it for one counter of all payments: that must shut nobody out. */
const NEVER_REACHED = 1_000_000_000;

/** Null for a renewal: nobody is there. */
export function watchedTouch(attempt: Attempt, rule: WatchRule, surroundings: Surroundings): Touch | null {
  const { whence, payer, card, kind, amountMinor } = attempt;
  if (whence === null) return null;
  const { mode, attacks, cleanHistory } = rule;
  const { country, asn, ip } = whence;
  const watched: Watched = {
    attacks,
    cleanHistory,
    traits: { kind, bin: card?.bin ?? null, country, asn, amountMinor, ...surroundings },
    payer: payer.kind === 'customer' ? payer.id : ip.counted,
    customer: payer.kind === 'customer' ? customerName(payer.id) : null,
    card: card === null ? null : cardName(card.fingerprint),
    ...(card === null || card.formerFingerprints.length === 0
      ? {}
      : { formerCards: card.formerFingerprints.map(cardName) }),
  };
  return {
    rule: ATTACK_MODE,
    key: `["${ATTACK_MODE}"]`,
    formerKeys: [],
    limit: NEVER_REACHED,
    windowSeconds: 1,
    maxBlockSeconds: 1,
    part: 'check',
    mode,
    count: 'attempts',
    then: 'challenge',
    inFlight: 'ignore',
    watched,
  };
}

/** Under which a verified customer's history is kept. */
export function customerName(id: string): string {
  return `customer|${id}`;
}

/** The same of a card. */
export function cardName(fingerprint: string): string {
  return `card|${fingerprint}`;
}
