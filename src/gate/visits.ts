/**
 * How sessions were used within the hour, in memory: exact, and bounded whatever arrives. What is lost with the object
 * is read again from the attempts on record (see `since`), so that a quiet hour is no way around.
 */
import {
  isRemembered,
  type Reuse,
  reusesOf,
  type SessionUse,
  UNUSED,
  useWith,
  type Visited,
} from '../velocity/session-use.ts';

/** Addresses and cards of all sessions: about 16 MB at worst, when each session has but one. */
const ENTRIES_LIMIT = 32_768;

interface Remembered {
  readonly use: SessionUse;
  readonly seenAt: number;
}

export class Visits {
  // A Map keeps insertion order, and whoever is seen goes to its end: the first was not seen for longest.
  readonly #sessions = new Map<string, Remembered>();
  #entries = 0;

  get entries(): number {
    return this.#entries;
  }

  /** Of what this request would be more than there may be. `now` in ms since the epoch. */
  reusesOf(visited: Visited, now: number): readonly Reuse[] {
    return reusesOf(this.#useOf(visited), visited, now);
  }

  /** Remembers a request that goes on. One that is too much is refused, or would be: it counts nothing. */
  note(visited: Visited, now: number): void {
    const before = this.#useOf(visited);
    if (reusesOf(before, visited, now).length > 0) return;
    const use = useWith(before, visited, now);
    this.#forget(visited.session);
    if (sizeOf(use) > 0) this.#sessions.set(visited.session, { use, seenAt: now });
    this.#entries += sizeOf(use);
    this.#tidy(now);
  }

  #useOf({ session }: Visited): SessionUse {
    return this.#sessions.get(session)?.use ?? UNUSED;
  }

  /** Forgets sessions that are over, and while there are too many those that were not seen for longest. */
  #tidy(now: number): void {
    for (const [session, { seenAt }] of this.#sessions) {
      if (isRemembered(seenAt, now) && this.#entries <= ENTRIES_LIMIT) return;
      this.#forget(session);
    }
  }

  #forget(session: string): void {
    this.#entries -= sizeOf(this.#useOf({ session }));
    this.#sessions.delete(session);
  }
}

function sizeOf({ addresses, cards }: SessionUse): number {
  return addresses.size + cards.size;
}
