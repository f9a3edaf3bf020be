/**
 * Whom rules about strangers leave alone: a verified customer with a clean history, and a card that was good for long
 * where nothing but its bank is counted. Pure.
 */
import type { Regular } from '../attack/watched.ts';
import type { Verdict } from './admission.ts';
import type { Dimension, Spares } from './rule.ts';
import type { Touch } from './touch.ts';

/** By whose counters a regular is judged as anybody: his own, and his card's. */
const OWN: readonly Dimension[] = ['card', 'customer'];

/** Whom a rule spares; null: nobody. */
export function sparedBy(by: readonly Dimension[]): Spares | null {
  if (by.some((dimension) => OWN.includes(dimension))) return null;
  return by.every((dimension) => dimension === 'bin') ? 'cards' : 'regulars';
}

/** The verdicts with those marked that he is spared. */
export function spare(verdicts: readonly Verdict[], touches: readonly Touch[], regular: Regular): readonly Verdict[] {
  if (!regular.customer && !regular.card) return verdicts;
  return verdicts.map((verdict, index) => {
    const { spares } = touches[index] ?? {};
    const isSpared = spares !== undefined && (regular.customer || (spares === 'cards' && regular.card));
    return isSpared && verdict.state !== 'open' ? { ...verdict, spared: true } : verdict;
  });
}

/** A name under which a payer is remembered, and those that it had before. */
export type Remembered = readonly [name: string, ...former: string[]];

/** Under which names a watched attempt's payer is remembered: his, and his card's. */
export function watchedNames(places: readonly Touch[]): readonly Remembered[] {
  return places.flatMap(({ watched }): readonly Remembered[] => {
    if (watched?.cleanHistory == null) return [];
    const { customer, card, formerCards = [] } = watched;
    return [
      ...(customer === null ? [] : [[customer] as const]),
      ...(card === null ? [] : [[card, ...formerCards] as const]),
    ];
  });
}

/** The same of a payment alone: a card that was only stored cost nobody anything, and nobody disputes it. */
export function payingNames(places: readonly Touch[]): readonly Remembered[] {
  return watchedNames(places.filter(({ watched }) => watched?.traits.kind === 'payment'));
}
