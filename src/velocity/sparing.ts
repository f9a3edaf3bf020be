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

/** Under which names a watched attempt's payer is remembered. */
export function watchedNames(places: readonly Touch[]): readonly string[] {
  return places.flatMap(({ watched }) =>
    watched?.cleanHistory == null ? [] : [watched.customer ?? [], watched.card ?? []].flat(),
  );
}

/** The same of a payment alone: a card that was only stored cost nobody anything, and nobody disputes it. */
export function payingNames(places: readonly Touch[]): readonly string[] {
  return watchedNames(places.filter(({ watched }) => watched?.traits.kind === 'payment'));
}
