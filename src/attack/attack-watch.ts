/**
 * Watches a merchant's outcomes for attacks that no counter of one identity sees, and says which segments are attacked.
 * Pure but for what it remembers: the clock is an argument, in ms since the epoch. What a processor did not decide is
 * never told to it.
 */
import { Abandoned, USUALLY_ABANDONED } from './abandoned.ts';
import { Baseline, type KeptBaseline } from './baseline.ts';
import { type Concentration, concentrationsIn } from './concentration.ts';
import { Pressure } from './pressure.ts';
import { Recent } from './recent.ts';
import { isBeyond, type Threshold } from './suspicion.ts';
import { depthOf, segmentsOf, type Traits } from './traits.ts';

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

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Window {
  readonly spanMs: number;
  /** Silence that ends an attack. */
  readonly quietMs: number;
  readonly elevated: Threshold;
  readonly attack: Threshold;
}

/** A burst shows in minutes, one try at a time only in a day. */
const WINDOWS: readonly [Window, Window] = [
  {
    spanMs: 15 * MINUTE_MS,
    quietMs: 45 * MINUTE_MS,
    elevated: { deviation: 3, excess: 3, share: 0.25 },
    attack: { deviation: 6.5, excess: 10, share: 0.3 },
  },
  {
    spanMs: DAY_MS,
    quietMs: 3 * HOUR_MS,
    elevated: { deviation: 2.8, excess: 3, share: 0.2 },
    attack: { deviation: 7.5, excess: 16, share: 0.3 },
  },
];
/** What was raised before a narrower segment told more hurts many: it must go on showing by itself. */
const BROAD = 0.25;
/** Who attacked comes back: for so long less is needed to see him. */
const REMEMBERED_MS = 3 * DAY_MS;
const AGAIN = 0.6;
/** How often the whole of late is looked through. */
const LOOK_EVERY_MS = 2_000;
const MOST_ATTACKED = 24;
/** Segments of one hour: who tries every BIN from every country makes millions. */
const MOST_OF_HOUR = 10_000;

export class AttackWatch {
  readonly #baseline: Baseline;
  readonly #windows = WINDOWS.map((window) => ({ ...window, recent: new Recent(window.spanMs) }));
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
    const happening = { at, segments, payer, weight };
    for (const { recent } of this.#windows) recent.add(happening);
    this.#count(traits, segments, weight);
    if (weight > 0 && this.#isSuspicious(segments, at)) this.#look(at);
  }

  /** A challenge was asked in an attacked segment, or passed: who gives up there keeps the attack alive. */
  noteChallenge({ at, traits, payer }: Omit<Settled, 'weight'>, what: 'asked' | 'passed'): void {
    const [narrowest] = this.#alarmsOf(traits).toSorted((a, b) => depthOf(b.segment) - depthOf(a.segment));
    if (what === 'passed') this.#abandoned.pass(payer);
    if (narrowest === undefined) return;
    const { segment } = narrowest;
    const pressure = this.#pressure.note({ segment, payer, what, at });
    if (pressure === 'hard') this.#attacked.set(segment, { ...narrowest, level: 'under_attack' });
    if (what === 'passed' || depthOf(segment) > 1) return;
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
    return { segment, level, found, isNew: level === 'under_attack' && this.#baseline.isNew(segment) };
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

  #isSuspicious(segments: readonly string[], now: number): boolean {
    const hour = hourOf(now);
    const isWary = this.#remembered.size > 0;
    return this.#windows.some(({ recent, elevated }) =>
      segments.some((segment) =>
        isBeyond(recent.seenIn(segment), this.#baseline.shareOf(segment, hour), isWary ? lowered(elevated) : elevated),
      ),
    );
  }

  #look(now: number): void {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const hour = hourOf(now);
    const share = (segment: string) => this.#baseline.shareOf(segment, hour);
    const isWary = this.#remembered.size > 0;
    for (const { recent, ...window } of this.#windows) {
      const [elevated, attack] = [window.elevated, window.attack].map((it) => (isWary ? lowered(it) : it)) as [
        Threshold,
        Threshold,
      ];
      for (const found of concentrationsIn(this.#unexplained(recent), share, elevated)) {
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
    for (const found of concentrationsIn(this.#abandoned.happenings(now), () => USUALLY_ABANDONED, elevated)) {
      if (depthOf(found.segment) > 1) this.#raise(found, { level: 'elevated', quietMs, now });
    }
  }

  /** What an attack explains that is over is no sign of another. */
  #unexplained({ happenings }: Recent): Recent['happenings'] {
    if (this.#remembered.size === 0) return happenings;
    const isOver = (at: number) => (segment: string) => (this.#remembered.get(segment) ?? 0) >= at;
    return happenings.filter(({ segments, at }) => !segments.some(isOver(at)));
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
      const last = Math.max(seenAt, this.#pressure.lastAt(segment));
      if (now - last < quietMs * (depthOf(segment) < 2 ? BROAD : 1)) continue;
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
    this.#isHourFlagged = this.#attacked.size > 0 || (hour === this.#knownHour && this.#isKnownFlagged);
    for (const [segment, endedAt] of this.#remembered) {
      if (now - endedAt >= REMEMBERED_MS) this.#remembered.delete(segment);
    }
  }

  #count({ asn }: Traits, segments: readonly string[], weight: number): void {
    for (const segment of asn === null ? segments : [...segments, `asn:${asn}`]) {
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

function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}
