/**
 * Which of the merchant's servers are asked, and in which order. Pure: health, drains and the draw are arguments.
 */
import type { Place } from '../config/origin-policy.ts';
import { type Drain, isDrained } from '../gate/drain.ts';

export interface Situation {
  readonly isDown: (place: Place) => boolean;
  readonly drains: readonly Drain[];
  /** ms since the epoch. */
  readonly now: number;
  /** From 0 to 1, without 1: what spreads the requests. */
  readonly draw: number;
}

/**
 * The places that are well come first, by priority and, within one, by a draw under their weights; those that are down
 * come last, for the last one standing is never shut. What is drained is asked by nobody, even where nothing else is left:
 * that is an operator's word.
 */
export function placesInOrder(pool: readonly Place[], { isDown, drains, now, draw }: Situation): readonly Place[] {
  const open = drains.length === 0 ? pool : pool.filter((place) => !isDrained(place, drains, now));
  const well = open.filter((place) => !isDown(place));
  const order = (places: readonly Place[]) => byPriority(places).flatMap((equals) => drawn(equals, draw));
  return well.length === open.length ? order(open) : [...order(well), ...order(open.filter(isDown))];
}

function byPriority(places: readonly Place[]): readonly (readonly Place[])[] {
  const groups = Map.groupBy(places, ({ priority }) => priority);
  return [...groups].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}

/** One of them by weight, then the others from it on. */
function drawn(places: readonly Place[], draw: number): readonly Place[] {
  if (places.length < 2) return places;
  let rest = draw * places.reduce((sum, { weight }) => sum + weight, 0);
  const first = places.findIndex(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
  const at = Math.max(first, 0);
  return [...places.slice(at), ...places.slice(0, at)];
}
