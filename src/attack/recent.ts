/**
 * The attempts of late, as many as there is room for, and what each segment saw in them. One buyer's failures count as
 * far as bad luck goes, whatever he tries. Times in ms since the epoch.
 */

export interface Happening {
  readonly at: number;
  readonly segments: readonly string[];
  /** Who tried: an address or a customer. */
  readonly payer: string;
  /** The failure's weight; 0 where it was paid. */
  readonly weight: number;
}

interface Tally {
  attempts: number;
  failures: number;
}

const MOST = 6_000;
/** Two mistakes are an unlucky buyer; what he does beyond is the counters' trade. */
const OF_ONE_PAYER = 2;

export class Recent {
  readonly #spanMs: number;
  #happenings: (Happening & { readonly counted: number })[] = [];
  #first = 0;
  readonly #tallies = new Map<string, Tally>();
  readonly #luck = new Map<string, number>();

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(happening: Happening): void {
    this.forget(happening.at);
    const spent = this.#luck.get(happening.payer) ?? 0;
    const counted = Math.min(happening.weight, Math.max(0, OF_ONE_PAYER - spent));
    if (happening.weight > 0) this.#luck.set(happening.payer, spent + happening.weight);
    this.#happenings.push({ ...happening, counted });
    for (const segment of happening.segments) {
      const tally = this.#tallies.get(segment);
      if (tally === undefined) this.#tallies.set(segment, { attempts: 1, failures: counted });
      else {
        tally.attempts++;
        tally.failures += counted;
      }
    }
  }

  /** Drops what is over, and the oldest of what is too much. */
  forget(now: number): void {
    const size = () => this.#happenings.length - this.#first;
    for (let oldest = this.#happenings[this.#first]; oldest !== undefined; oldest = this.#happenings[this.#first]) {
      if (oldest.at > now - this.#spanMs && size() <= MOST) break;
      this.#first++;
      this.#drop(oldest);
    }
    if (this.#first < MOST) return;
    this.#happenings = this.#happenings.slice(this.#first);
    this.#first = 0;
  }

  seenIn(segment: string): Tally {
    return this.#tallies.get(segment) ?? { attempts: 0, failures: 0 };
  }

  get happenings(): readonly (Happening & { readonly counted: number })[] {
    return this.#happenings.slice(this.#first);
  }

  #drop({ segments, payer, weight, counted }: Happening & { readonly counted: number }): void {
    const spent = (this.#luck.get(payer) ?? 0) - weight;
    if (weight > 0 && spent > 0) this.#luck.set(payer, spent);
    else if (weight > 0) this.#luck.delete(payer);
    for (const segment of segments) {
      const tally = this.#tallies.get(segment);
      if (tally === undefined) continue;
      tally.attempts--;
      tally.failures -= counted;
      if (tally.attempts === 0) this.#tallies.delete(segment);
    }
  }
}
