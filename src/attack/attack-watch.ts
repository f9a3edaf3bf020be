/**
 * Watches a merchant's outcomes for attacks that no counter of one identity sees, and says which segments are attacked.
 * Pure but for what it remembers: the clock is an argument, in ms since the epoch. What a processor did not decide is
 * never told to it.
 */
import { Abandoned } from './abandoned.ts';
import { Baseline, type KeptBaseline } from './baseline.ts';
import { type Concentration, concentrationsIn, gainOf } from './concentration.ts';
import type { LateWindow } from './late-window.ts';
import { Pressure } from './pressure.ts';
import { Recent } from './recent.ts';
import { isBeyond, type Threshold } from './suspicion.ts';
import { depthOf, isBroad, segmentsOf, type Traits } from './traits.ts';
import { WINDOWS } from './windows.ts';

export const LEVELS = ['normal', 'elevated', 'under_attack'] as const;
export type Level = (typeof LEVELS)[number];

/** What became of an attempt, by the word of an issuer. */
export interface Settled {
  readonly at: number;
  readonly traits: Traits;
  /** An address or a customer, in any spelling that stays the same. */
  readonly payer: string;
  /** Of a failure; 0 where it was paid. */
  readonly weight: number;
}

export interface Attacked {
  readonly segment: string;
  readonly level: Exclude<Level, 'normal'>;
  readonly since: number;
  /** When anything last spoke for it. */
  readonly seenAt: number;
  /** Silence that ends it. */
  readonly quietMs: number;
  readonly found: Pick<Concentration, 'attempts' | 'failures' | 'usualShare'>;
}

interface Raising extends Pick<Attacked, 'level' | 'quietMs'> {
  readonly now: number;
}

/** What is to be done about an attempt: `isNew`: nothing of the segment was ever paid. */
export interface Alarm extends Pick<Attacked, 'segment' | 'level'> {
  readonly isNew: boolean;
  /** What told it; null where an operator said so. */
  readonly found: Attacked['found'] | null;
}

export interface KeptWatch {
  readonly baseline: KeptBaseline;
  readonly attacked: readonly Attacked[];
  readonly remembered: readonly (readonly [string, number])[];
  /** Hours since the epoch: those before it are learned, or left out. Absent: kept by an earlier release. */
  readonly hour?: number;
  readonly isHourFlagged?: boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What was raised before a narrower segment told more hurts many: it must go on showing by itself. */
const BROAD = 0.25;
/** Who attacked comes back: for so long less is needed to see him. */
const REMEMBERED_MS = 3 * DAY_MS;
const AGAIN = 0.6;
const PLAIN = 3;
/** Failures of a network or a bank that was never paid, and their share, from which on it is refused while attacked. */
const FOUL = 4;
const FOUL_SHARE = 0.75;
/** How often the whole of late is looked through. */
const LOOK_EVERY_MS = 2_000;
const MOST_ATTACKED = 24;
/** Segments of one hour: who tries every BIN from every country makes millions. */
const MOST_OF_HOUR = 10_000;

export class AttackWatch {
  readonly #baseline: Baseline;
  readonly #recent = new Recent(WINDOWS.map(({ spanMs }) => spanMs));
  readonly #windows = WINDOWS.map((window, index) => ({ ...window, late: this.#recent.windows[index] as LateWindow }));
  readonly #attacked: Map<string, Attacked>;
  /** When attacks on segments ended. */
  readonly #remembered: Map<string, number>;
  readonly #pressure = new Pressure();
  readonly #abandoned = new Abandoned();
  /** Up to where it has learned before it was made again: what is told of earlier hours is told once more. */
  readonly #knownHour: number;
  readonly #isKnownFlagged: boolean;
  #hour = 0;
  #ofHour = new Map<string, { attempts: number; failures: number; paid: number }>();
  #isHourFlagged = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly #usual = (segment: string) => this.#baseline.shareOf(segment, this.#hour);

  constructor(kept?: KeptWatch) {
    this.#baseline = new Baseline(kept?.baseline);
    this.#attacked = new Map(kept?.attacked.map((one) => [one.segment, one]));
    this.#remembered = new Map(kept?.remembered);
    this.#knownHour = kept?.hour ?? 0;
    this.#isKnownFlagged = kept?.isHourFlagged ?? false;
  }

  /** Takes in how an attempt ended. */
  note({ at, traits, payer, weight }: Settled): void {
    this.#turnHour(at);
    if (traits.standing === 'known') return;
    const segments = segmentsOf(traits, this.#baseline.rarityOf(traits));
    const numbers = this.#recent.add({ at, segments, payer, weight });
    this.#count(numbers, weight);
    if (weight > 0 && this.#isSuspicious(numbers)) this.#look(at);
  }

  /** A challenge was asked in an attacked segment, or passed: who gives up there keeps the attack alive. */
  noteChallenge({ at, traits, payer }: Omit<Settled, 'weight'>, what: 'asked' | 'passed'): void {
    const [narrowest] = this.#alarmsOf(traits).toSorted((a, b) => depthOf(b.segment) - depthOf(a.segment));
    if (what === 'passed') this.#abandoned.pass(payer);
    if (narrowest === undefined) return;
    const { segment } = narrowest;
    const pressure = this.#pressure.note({ segment, payer, what, at });
    if (pressure === 'hard') this.#attacked.set(segment, { ...narrowest, level: 'under_attack' });
    if (what === 'passed' || !isBroad(segment)) return;
    this.#abandoned.ask({ at, payer, segments: segmentsOf(traits, this.#baseline.rarityOf(traits)) });
    if (pressure !== 'calm') this.#narrow(at);
  }

  /** The worst of the alarms that an attempt is in; null where it may go on. */
  alarmOf(traits: Traits, now: number): Alarm | null {
    if (traits.standing === 'known') return null;
    this.#turnHour(now);
    this.#endQuiet(now);
    if (this.#attacked.size === 0) return null;
    const alarms = this.#alarmsOf(traits);
    const worst = alarms.find(({ level }) => level === 'under_attack') ?? alarms[0];
    if (worst === undefined) return null;
    const { segment, level, found } = worst;
    const isNew = level === 'under_attack' && (this.#baseline.isNew(segment) || this.#isFoul(traits));
    return { segment, level, found, isNew };
  }

  /** Within an attack: whether his network or bank was never paid before, and fails now. */
  #isFoul({ asn, bin }: Traits): boolean {
    const own = [...(asn === null ? [] : [`asn:${asn}`]), ...(bin === null ? [] : [`bin:${bin}`])];
    return own.some((segment) => {
      if (!this.#baseline.isNew(segment)) return false;
      return this.#recent.windows.some((window) => {
        const { attempts, failures } = this.#recent.seenIn(segment, window);
        return failures >= FOUL && failures >= FOUL_SHARE * attempts;
      });
    });
  }

  levelAt(now: number): Level {
    this.#endQuiet(now);
    const levels = [...this.#attacked.values()].map(({ level }) => level);
    if (levels.includes('under_attack')) return 'under_attack';
    return levels.length > 0 ? 'elevated' : 'normal';
  }

  get attacked(): readonly Attacked[] {
    return [...this.#attacked.values()];
  }

  keep(): KeptWatch {
    const [hour, isHourFlagged] = [this.#hour, this.#isHourFlagged];
    return {
      baseline: this.#baseline.keep(),
      attacked: this.attacked,
      remembered: [...this.#remembered],
      ...(hour < this.#knownHour
        ? { hour: this.#knownHour, isHourFlagged: this.#isKnownFlagged }
        : { hour, isHourFlagged }),
    };
  }

  #alarmsOf(traits: Traits): readonly Attacked[] {
    if (this.#attacked.size === 0 || traits.standing === 'known') return [];
    const segments = segmentsOf(traits, this.#baseline.rarityOf(traits));
    return segments.flatMap((segment) => this.#attacked.get(segment) ?? []);
  }

  #isSuspicious(numbers: readonly number[]): boolean {
    const isWary = this.#remembered.size > 0;
    return this.#windows.some(({ late, elevated }) => {
      const threshold = isWary ? lowered(elevated) : elevated;
      return numbers.some((number) => isBeyond(late.seenOf(number), this.#shareOf(number), threshold));
    });
  }

  #shareOf(number: number): number {
    return this.#recent.numbers.shareOf(number, this.#usual);
  }

  #look(now: number): void {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const isWary = this.#remembered.size > 0;
    for (const { late, ...window } of this.#windows) {
      const [elevated, attack] = [window.elevated, window.attack].map((it) => (isWary ? lowered(it) : it)) as [
        Threshold,
        Threshold,
      ];
      // What an attack explains that is over is no sign of another.
      const search = { usual: this.#usual, threshold: elevated, explained: this.#remembered };
      for (const [place, found] of concentrationsIn(this.#recent, late, search).entries()) {
        // What is left of an attack that narrower segments show is not worth asking everybody.
        const isPlain = place === 0 && gainOf(found) > 0 && isBeyond(found, found.usualShare, clearer(elevated));
        if (isBroad(found.segment) && !isPlain) continue;
        if (found.segment.startsWith('asn:') && !isBeyond(found, found.usualShare, clearer(elevated))) continue;
        const isAttack = isBeyond(found, found.usualShare, attack);
        this.#raise(found, { level: isAttack ? 'under_attack' : 'elevated', quietMs: window.quietMs, now });
      }
    }
  }

  /** What was raised before it was clear where the attack is hurts many: those who give up tell. */
  #narrow(now: number): void {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const [{ elevated, quietMs }] = WINDOWS;
    for (const found of this.#abandoned.concentrations(elevated, now)) {
      if (isBroad(found.segment)) continue;
      this.#raise(found, { level: 'elevated', quietMs, now });
      for (const segment of this.#attacked.keys()) if (isBroad(segment)) this.#attacked.delete(segment);
    }
  }

  #raise({ segment, attempts, failures, usualShare }: Concentration, { level, quietMs, now }: Raising): void {
    const before = this.#attacked.get(segment);
    if (before === undefined && this.#attacked.size >= MOST_ATTACKED) return;
    const found = { attempts, failures, usualShare };
    this.#attacked.set(segment, {
      segment,
      level: before?.level === 'under_attack' ? 'under_attack' : level,
      since: before?.since ?? now,
      seenAt: now,
      quietMs: Math.max(quietMs, before?.quietMs ?? 0),
      found,
    });
    this.#isHourFlagged = true;
  }

  #endQuiet(now: number): void {
    for (const [segment, { seenAt, quietMs }] of this.#attacked) {
      // Everybody is asked only as long as failures show that it is everybody.
      const last = isBroad(segment) ? seenAt : Math.max(seenAt, this.#pressure.lastAt(segment));
      if (now - last < quietMs * (isBroad(segment) ? BROAD : 1)) continue;
      this.#attacked.delete(segment);
      this.#pressure.forget(segment);
      this.#remembered.set(segment, now);
    }
  }

  #turnHour(now: number): void {
    const hour = hourOf(now);
    if (hour === this.#hour) return;
    const isNews = this.#hour >= this.#knownHour;
    if (isNews && !this.#isHourFlagged) this.#baseline.learn(this.#hour, this.#ofHour);
    this.#ofHour = new Map();
    this.#hour = hour;
    this.#recent.numbers.forgetShares();
    this.#isHourFlagged = this.#attacked.size > 0 || (hour === this.#knownHour && this.#isKnownFlagged);
    for (const [segment, endedAt] of this.#remembered) {
      if (now - endedAt >= REMEMBERED_MS) this.#remembered.delete(segment);
    }
  }

  #count(numbers: readonly number[], weight: number): void {
    for (const number of numbers) {
      const { text: segment } = this.#recent.numbers.segment(number);
      const seen = this.#ofHour.get(segment);
      const paid = weight === 0 ? 1 : 0;
      if (seen === undefined && this.#ofHour.size >= MOST_OF_HOUR) continue;
      if (seen === undefined) this.#ofHour.set(segment, { attempts: 1, failures: weight, paid });
      else {
        seen.attempts++;
        seen.failures += weight;
        seen.paid += paid;
      }
    }
  }
}

function lowered({ deviation, excess, share }: Threshold): Threshold {
  return { deviation: deviation * AGAIN, excess: excess * AGAIN, share };
}

/** Where most would be asked it must be plain. */
function clearer({ deviation, excess, share }: Threshold): Threshold {
  return { deviation: deviation * PLAIN, excess: excess * PLAIN, share };
}

function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}
