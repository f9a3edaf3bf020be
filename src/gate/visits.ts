/**
 * From how many addresses, and with how many cards, a session paid of late. In memory alone and bounded: a signal that
 * an eviction forgets, not a counter that anything depends on.
 */
export interface Visit {
  readonly session: string;
  readonly address: string | null;
  /** The card's fingerprint; null where none was read. */
  readonly card: string | null;
}

export interface VisitUse {
  readonly addresses: number;
  readonly cards: number;
}

interface Remembered {
  readonly since: number;
  readonly addresses: Set<string>;
  readonly cards: Set<string>;
}

const REMEMBERED_MS = 3_600_000;
const SESSIONS_LIMIT = 4_096;
/** More than this are no longer told apart: about 2 KB a session at most. */
export const TOLD_APART = 16;

export class Visits {
  // A Map keeps insertion order: the first is the one that was not seen for longest.
  readonly #sessions = new Map<string, Remembered>();

  /** Takes note of an attempt; the use of its session with it. `now` in ms since the epoch. */
  note({ session, address, card }: Visit, now: number): VisitUse {
    const known = this.#sessions.get(session);
    const isOver = known === undefined || now - known.since > REMEMBERED_MS;
    const use = isOver ? { since: now, addresses: new Set<string>(), cards: new Set<string>() } : known;
    this.#sessions.delete(session);
    this.#sessions.set(session, use);
    const oldest = this.#sessions.size > SESSIONS_LIMIT ? this.#sessions.keys().next().value : undefined;
    if (oldest !== undefined) this.#sessions.delete(oldest);
    add(use.addresses, address);
    add(use.cards, card);
    return { addresses: use.addresses.size, cards: use.cards.size };
  }
}

function add(to: Set<string>, one: string | null): void {
  if (one !== null && to.size < TOLD_APART) to.add(one);
}
