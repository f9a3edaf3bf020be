/**
 * The last good configuration with switches and lists beside it, and whether one of them is newer than what a Worker knows. Times
 * are ms since the epoch.
 */
import type { KeptConfig, KnownConfig } from './config-messages.ts';
import type { Ledger } from './ledger.ts';
import type { Lists } from './lists.ts';
import type { OriginDesk } from './origin-desk.ts';
import type { Switches } from './switches.ts';

interface Beside {
  readonly switches: Switches;
  readonly lists: Lists;
  readonly origins: OriginDesk;
}

export class LastGoodConfig {
  readonly #ledger: Ledger;
  readonly #beside: Beside;
  #kept: KeptConfig | null;

  constructor(ledger: Ledger, beside: Beside) {
    this.#ledger = ledger;
    this.#beside = beside;
    this.#kept = ledger.config();
  }

  get kept(): KeptConfig | null {
    return this.#kept;
  }

  /** A configuration with what is turned, listed and known of the origin beside it. */
  withBeside<T extends object>(config: T): T & Pick<KeptConfig, 'bypass' | 'lists' | 'origin'> {
    const { bypass } = this.#beside.switches;
    const { word: lists } = this.#beside.lists;
    const { wordIfAny: origin } = this.#beside.origins;
    return {
      ...config,
      ...(bypass === null ? {} : { bypass }),
      ...(lists === null ? {} : { lists }),
      ...(origin === null ? {} : { origin }),
    };
  }

  /** False where what is kept was written later: for `staleForMs` after a write KV may still show what it replaced. */
  keep(offered: KeptConfig, staleForMs: number, now: number): boolean {
    if (this.#isWrittenAfter({ ...offered, staleForMs }, now)) return false;
    const isKept = this.#kept?.hash === offered.hash && this.#kept.writtenAt === offered.writtenAt;
    if (!isKept) this.#ledger.putConfig(offered);
    const { hash, writtenAt, json } = offered;
    this.#kept = { hash, writtenAt, json };
    return true;
  }

  isNewerThan(known: KnownConfig, now: number): boolean {
    const { switches, lists, origins } = this.#beside;
    if (switches.isNews(known.bypassAt, now) || lists.isNews(known.listsAt)) return true;
    if (origins.isNews(known.drainsAt, now)) return true;
    return this.#isWrittenAfter(known, now);
  }

  #isWrittenAfter(known: KnownConfig, now: number): boolean {
    if (this.#kept === null || this.#kept.hash === known.hash) return false;
    const { writtenAt } = this.#kept;
    // Of two that the API wrote the later one counts. A value without a time may be a raw write or an old sight of KV.
    if (known.writtenAt > 0) return writtenAt > known.writtenAt;
    return now - writtenAt < known.staleForMs;
  }
}
