/**
 * Whether servers of the shop are down, looked at once a round: requests say that one fell, and only this that all are
 * back. A server that falls and returns within the round is one burst, not ten messages.
 */
import type { BurstBook } from './burst-book.ts';
import { lookAtOrigin } from './looks.ts';
import type { Round } from './round.ts';

/** A gate that does not answer leaves all as it is. */
export async function checkOrigin({ watch, environment, now }: Round, bursts: BurstBook): Promise<void> {
  const { servers } = watch;
  if (servers === undefined) return;
  const word = await lookAtOrigin(watch, environment);
  if (word === null) return;
  const places = word.places.filter(({ isDown, place }) => isDown && servers.includes(place)).map(({ place }) => place);
  if (places.length > 0) bursts.find({ kind: 'origin_down', places }, watch, now);
  else bursts.end('origin_down', watch, now);
}
