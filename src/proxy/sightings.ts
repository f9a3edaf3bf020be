/**
 * What this isolate has seen of addresses, for merchants who share it: put together in memory and passed on in batches
 * after answers, so that no payment waits for it and few calls carry many. What is lost with the isolate is lost.
 */
import type { Environment } from '../config/environment.ts';
import { log } from '../journal/log.ts';
import type { Counts, Sighting } from '../network/observations.ts';

const SENT_AFTER_MS = 1_000;
/** After an answer the platform lets work go on for 30 seconds: a batch that did not leave by then never will. */
const GIVEN_UP_AFTER_MS = 30_000;
const ADDRESSES_LIMIT = 2_000;
const BATCH = 500;

type Afterwards = (work: Promise<unknown>) => void;

export interface Noted extends Sighting {
  readonly merchant: string;
  /** In ms since the epoch. */
  readonly now: number;
  readonly afterwards: Afterwards;
}

export class Sightings {
  readonly #observatory: Environment['observatory'];
  #byMerchant = new Map<string, Map<string, Counts>>();
  #addresses = 0;
  #beganAt: number | null = null;

  constructor({ observatory }: Pick<Environment, 'observatory'>) {
    this.#observatory = observatory;
  }

  /** Notes what became of an attempt that a merchant who shares has seen. */
  note({ merchant, now, afterwards, ...sighting }: Noted): void {
    if (this.#observatory === null) return;
    this.#add(merchant, sighting);
    this.#sendSoon(now, afterwards);
  }

  #add(merchant: string, { address, failures, successes }: Sighting): void {
    const known = this.#byMerchant.get(merchant) ?? new Map<string, Counts>();
    const before = known.get(address);
    if (before === undefined && this.#addresses >= ADDRESSES_LIMIT) return;
    if (before === undefined) this.#addresses++;
    known.set(address, {
      failures: (before?.failures ?? 0) + failures,
      successes: (before?.successes ?? 0) + successes,
    });
    this.#byMerchant.set(merchant, known);
  }

  #sendSoon(now: number, afterwards: Afterwards): void {
    if (this.#beganAt !== null && now - this.#beganAt < GIVEN_UP_AFTER_MS) return;
    this.#beganAt = now;
    afterwards(this.#sendLater());
  }

  async #sendLater(): Promise<void> {
    await scheduler.wait(SENT_AFTER_MS);
    const batches = [...this.#byMerchant].flatMap(([merchant, known]) => inBatches(merchant, known));
    this.#byMerchant = new Map();
    this.#addresses = 0;
    this.#beganAt = null;
    const now = Date.now();
    const sent = batches.map(({ merchant, sightings }) => this.#observatory?.observe(merchant, sightings, now));
    const lost = (await Promise.allSettled(sent)).filter(({ status }) => status === 'rejected').length;
    if (lost > 0) log({ event: 'sightings_lost', batches: lost });
  }
}

function inBatches(merchant: string, known: ReadonlyMap<string, Counts>) {
  const all = [...known].map(([address, counts]): Sighting => ({ address, ...counts }));
  const starts = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) => index * BATCH);
  return starts.map((from) => ({ merchant, sightings: all.slice(from, from + BATCH) }));
}
