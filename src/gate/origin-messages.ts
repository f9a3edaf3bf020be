/**
 * What Worker and gate say to each other of a merchant's servers. Shapes only grow.
 */
import type { Drain } from './drain.ts';
import type { PlaceEvent, PlaceHealth } from './place-health.ts';

/** What the gate knows of the places: the isolates' common memory. */
export interface OriginWord {
  /** Of when the last change is, in ms since the epoch: of two words the later one counts. */
  readonly at: number;
  readonly places: readonly PlaceHealth[];
  /** Also those that are over, for a while. */
  readonly drains: readonly Drain[];
}

export interface OriginNews {
  readonly events: readonly PlaceEvent[];
  /** A place that somebody would check now. */
  readonly claim?: string;
}

export interface OriginHeard {
  readonly word: OriginWord;
  /** Whether the claimed check is his to make. */
  readonly isGranted: boolean;
  /** Places that fell or came back by this. */
  readonly changed: readonly PlaceHealth[];
}
