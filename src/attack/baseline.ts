/**
 * What is usual for a merchant: which share of attempts fails, by segment and hour of the day, and what he has seen
 * enough of to call it his trade. Learns hour by hour; hours of an attack are left out. Bounded. Times in ms since the epoch.
 */
import type { Seen } from './suspicion.ts';
import type { Rarity, Traits } from './traits.ts';

export interface Usual {
  attempts: number;
  failures: number;
  /** Those that were paid. */
  paid: number;
  /** Hours since the epoch. */
  at: number;
}

/** Of a shop that nobody knows yet. Issuers decline one payment in ten to one in six (published averages). */
const FIRST_SHARE = 0.15;
/** How many attempts of its own a segment needs until it speaks louder than the whole shop. */
const OWN_VOICE = 40;
/** Nothing that fails more often than that is ever usual, whoever taught it slowly. */
const CEILING = 0.4;
const FLOOR = 0.04;
const HALF_LIFE_HOURS = 24 * 14;
const SEGMENTS_LIMIT = 3_000;
/** Days of the same hour of which the median counts. */
const DAYS = 15;
/** Attempts in an hour of the day that tell its share. */
const TELLING = 10;
/** Attempts from which on a shop's trade is known. */
const TRADE = 200;
const COMMON_BIN = 12;
const COMMON_SHARE = 0.02;
const HOURS = 24;

export interface KeptBaseline {
  readonly usual: readonly (readonly [string, Usual])[];
  readonly hours: readonly (readonly number[])[];
}

export class Baseline {
  readonly #usual: Map<string, Usual>;
  /** Shares of failure of each hour of the day, the newest last. */
  readonly #hours: number[][];
  /** The whole shop's share in the hour that was asked about last. */
  #whole: { readonly hour: number; readonly share: number } | null = null;

  constructor(kept: KeptBaseline = { usual: [], hours: [] }) {
    this.#usual = new Map(kept.usual);
    this.#hours = Array.from({ length: HOURS }, (_, hour) => [...(kept.hours[hour] ?? [])]);
  }

  /** The share of a segment's attempts that fails in such an hour. */
  shareOf(segment: string, hour: number): number {
    const whole = this.#wholeIn(hour);
    const own = this.#usual.get(segment);
    const share =
      own === undefined || segment === 'all' ? whole : (own.failures + OWN_VOICE * whole) / (own.attempts + OWN_VOICE);
    return Math.min(CEILING, Math.max(FLOOR, share));
  }

  #wholeIn(hour: number): number {
    if (this.#whole?.hour !== hour) this.#whole = { hour, share: this.#shareOfAll() * this.#hourFactor(hour) };
    return this.#whole.share;
  }

  /** Whether nothing of the segment was ever paid. Of a shop that has just opened that says nothing. */
  isNew(segment: string): boolean {
    return this.#knowsItsTrade() && (this.#usual.get(segment)?.paid ?? 0) === 0;
  }

  rarityOf({ bin, country, asn }: Traits): Rarity {
    const { attempts = 0 } = this.#usual.get('all') ?? {};
    // Of a shop that has just opened everything would be rare.
    if (!this.#knowsItsTrade()) return { bin: false, country: false, asn: false };
    const isRare = (name: string, common: number) => (this.#usual.get(name)?.attempts ?? 0) < common;
    return {
      bin: bin !== null && isRare(`bin:${bin}`, COMMON_BIN),
      country: country !== null && isRare(`country:${country}`, COMMON_SHARE * attempts),
      asn: asn !== null && isRare(`asn:${asn}`, COMMON_SHARE * attempts),
    };
  }

  /** Takes in an hour that was free of attacks. */
  learn(hour: number, seen: ReadonlyMap<string, Seen & { readonly paid: number }>): void {
    this.#whole = null;
    const all = seen.get('all');
    if (all !== undefined && all.attempts >= TELLING) {
      const shares = this.#hours[hour % HOURS] ?? [];
      shares.push(all.failures / all.attempts);
      if (shares.length > DAYS) shares.shift();
    }
    for (const [segment, { attempts, failures, paid }] of seen) {
      const before = this.#usual.get(segment) ?? { attempts: 0, failures: 0, paid: 0, at: hour };
      const kept = 0.5 ** ((hour - before.at) / HALF_LIFE_HOURS);
      this.#usual.set(segment, {
        attempts: before.attempts * kept + attempts,
        failures: before.failures * kept + failures,
        paid: before.paid * kept + paid,
        at: hour,
      });
    }
    if (this.#usual.size > SEGMENTS_LIMIT * 1.25) this.#forgetSmallest();
  }

  keep(): KeptBaseline {
    return { usual: [...this.#usual], hours: this.#hours };
  }

  #knowsItsTrade(): boolean {
    return (this.#usual.get('all')?.attempts ?? 0) >= TRADE;
  }

  #shareOfAll(): number {
    const { attempts, failures } = this.#usual.get('all') ?? { attempts: 0, failures: 0 };
    return (failures + FIRST_SHARE * OWN_VOICE * 4) / (attempts + OWN_VOICE * 4);
  }

  /** How much more fails in this hour of the day than in others; its median, which one bad day does not move. */
  #hourFactor(hour: number): number {
    const shares = this.#hours[hour % HOURS] ?? [];
    if (shares.length < 3) return 1;
    const median = shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
    return Math.min(1.6, Math.max(0.8, median / this.#shareOfAll()));
  }

  #forgetSmallest(): void {
    const smallest = [...this.#usual].toSorted(([, a], [, b]) => a.attempts - b.attempts);
    for (const [segment] of smallest.slice(0, this.#usual.size - SEGMENTS_LIMIT)) this.#usual.delete(segment);
  }
}
