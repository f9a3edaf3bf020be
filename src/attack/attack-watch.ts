/**
 * Watches a merchant's outcomes for attacks that no counter of one identity sees, and says which segments are attacked.
 * Pure but for what it remembers: the clock is an argument, in ms since the epoch. What a processor did not decide is
 * never told to it.
 */
import { Abandoned } from './abandoned.ts';
import type { Alarm, Attacked, Level } from './attacked.ts';
import { Baseline, type KeptBaseline } from './baseline.ts';
import { type Concentration, concentrationsIn, gainOf } from './concentration.ts';
import { HourTally } from './hour-tally.ts';
import type { LateWindow } from './late-window.ts';
import { Pressure } from './pressure.ts';
import { Recent } from './recent.ts';
import { isBeyond, type Threshold } from './suspicion.ts';
import { clearer, lowered, thresholdFor } from './threshold.ts';
import { depthOf, isBroad, segmentsOf, type Traits } from './traits.ts';
import { WINDOWS, type Window } from './windows.ts';

/** What became of an attempt, by the word of an issuer. */
export interface Settled {
  readonly at: number;
  readonly traits: Traits;
  /** An address or a customer, in any spelling that stays the same. */
  readonly payer: string;
  /** Of a failure; 0 where it was paid. */
  readonly weight: number;
}

/** How a window is looked through. */
interface Looking extends Record<'elevated' | 'attack', Threshold> {
  readonly late: LateWindow;
  readonly window: Pick<Window, 'quietMs'>;
  readonly now: number;
}

interface Raising extends Pick<Attacked, 'level' | 'quietMs'> {
  readonly now: number;
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
/** Failures of a network or a bank that was never paid, and their share, from which on it is refused while attacked. */
const FOUL = 4;
const FOUL_SHARE = 0.75;
/** What is only suspected by a few failures is not over because minutes pass without one. */
const SUSPECTED_QUIET_MS = HOUR_MS;
const GUESTS = 'payer:guest';
/** Of the last day's trade with guests, by the hour, in the last two: below it few are hurt by being asked. */
const QUIET = 0.25;
/** How often the whole of late is looked through. */
const LOOK_EVERY_MS = 2_000;
const MOST_ATTACKED = 24;

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
  #ofHour = new HourTally();
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
    this.#ofHour.add(segments, weight);
    if (weight > 0 && this.#isSuspicious(numbers)) this.#look(at);
  }

  /** A challenge was asked in an attacked segment, or passed: who gives up there keeps the attack alive. */
  noteChallenge({ at, traits, payer }: Omit<Settled, 'weight'>, what: 'asked' | 'passed'): void {
    if (what === 'passed') this.#abandoned.pass(payer);
    const alarms = this.#alarmsOf(traits).toSorted((a, b) => depthOf(b.segment) - depthOf(a.segment));
    const narrow = alarms.filter(({ segment }) => !isBroad(segment));
    const pressures = (narrow.length > 0 ? narrow : alarms.slice(0, 1)).map((alarm) => {
      const pressure = this.#pressure.note({ segment: alarm.segment, payer, what, at });
      if (pressure === 'hard') this.#attacked.set(alarm.segment, { ...alarm, level: 'under_attack' });
      return pressure;
    });
    if (what === 'passed' || alarms.length === 0 || narrow.length > 0) return;
    this.#abandoned.ask({ at, payer, segments: segmentsOf(traits, this.#baseline.rarityOf(traits)) });
    if (pressures.some((pressure) => pressure !== 'calm')) this.#narrow(at);
  }

  /** The worst of the alarms that an attempt is in; null where it may go on. */
  alarmOf(traits: Traits, now: number): Alarm | null {
    if (traits.standing === 'known') return null;
    this.#turnHour(now);
    this.#endQuiet(now);
    if (this.#attacked.size === 0) return null;
    const alarms = this.#alarmsOf(traits);
    const worst = alarms.find(({ level }) => level === 'under_attack') ?? alarms[0];
    if (worst === undefined) return this.#alarmOfQuietHours(traits);
    const { segment, level, found } = worst;
    const isNew = level === 'under_attack' && (this.#baseline.isNew(segment) || this.#isFoul(traits));
    return { segment, level, found, isNew };
  }

  /** Who tests while hardly anybody buys is most of the guests who come: then none of them pays on unasked. */
  #alarmOfQuietHours({ standing }: Traits): Alarm | null {
    if (standing !== 'guest' || !this.#isUnderNarrowAttack()) return null;
    const [, hours, day] = this.#recent.windows;
    if (hours === undefined || day === undefined) return null;
    const [late, usual] = [this.#recent.seenIn(GUESTS, hours), this.#recent.seenIn(GUESTS, day)];
    if (late.attempts / hours.spanMs >= (QUIET * usual.attempts) / day.spanMs) return null;
    return { segment: GUESTS, level: 'elevated', isNew: false, found: { ...late, usualShare: this.#usual(GUESTS) } };
  }

  #isUnderNarrowAttack(): boolean {
    return [...this.#attacked.values()].some(({ level, segment }) => level === 'under_attack' && !isBroad(segment));
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
      const { numbers: all } = this.#recent;
      return numbers.some((number) =>
        isBeyond(late.seenOf(number), this.#shareOf(number), thresholdFor(all.segment(number), threshold)),
      );
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
      const looking = { late, elevated, attack, window, now };
      const known = new Set([...this.#attacked.keys()].filter((segment) => !isBroad(segment)));
      // What an attack explains that is over is no sign of another.
      if (known.size > 0) this.#raiseWhere((segment) => known.has(segment), this.#remembered, looking);
      // Nor is what one explains that goes on.
      const going = [...known].map((segment) => [segment, Number.POSITIVE_INFINITY] as const);
      this.#raiseWhere((segment) => !known.has(segment), new Map([...this.#remembered, ...going]), looking);
    }
  }

  #raiseWhere(
    isMeant: (segment: string) => boolean,
    explained: ReadonlyMap<string, number>,
    { late, elevated, attack, window, now }: Looking,
  ): void {
    const search = { usual: this.#usual, threshold: elevated, explained };
    for (const [place, found] of concentrationsIn(this.#recent, late, search).entries()) {
      if (!isMeant(found.segment)) continue;
      const isClear = isBeyond(found, found.usualShare, clearer(elevated));
      // What is left of an attack that narrower segments show is not worth asking everybody.
      if (isBroad(found.segment) && !(place === 0 && gainOf(found) > 0 && isClear)) continue;
      if (found.segment.startsWith('asn:') && !isClear) continue;
      const isAttack = isBeyond(found, found.usualShare, attack);
      const quietMs = isAttack ? window.quietMs : Math.max(window.quietMs, SUSPECTED_QUIET_MS);
      this.#raise(found, { level: isAttack ? 'under_attack' : 'elevated', quietMs, now });
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
    // All that shows at a time is one attack, as hasty as its hastiest sign.
    const patience = before === undefined ? [...this.#attacked.values()] : [before];
    this.#attacked.set(segment, {
      segment,
      level: before?.level === 'under_attack' ? 'under_attack' : level,
      since: before?.since ?? now,
      seenAt: now,
      quietMs: Math.min(quietMs, ...patience.map((one) => one.quietMs)),
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
    if (isNews && !this.#isHourFlagged) this.#baseline.learn(this.#hour, this.#ofHour.seen);
    this.#ofHour = new HourTally();
    this.#hour = hour;
    this.#recent.numbers.forgetShares();
    this.#isHourFlagged = this.#attacked.size > 0 || (hour === this.#knownHour && this.#isKnownFlagged);
    for (const [segment, endedAt] of this.#remembered) {
      if (now - endedAt >= REMEMBERED_MS) this.#remembered.delete(segment);
    }
  }
}

function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}
