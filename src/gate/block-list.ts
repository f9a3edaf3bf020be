/**
 * What is shut, and how it is opened again: by its own name, or by everything that holds a payer.
 */

import { type Counter, type Life, mergeLive, opensAt } from '../velocity/counter.ts';
import type { Dimension, VelocityRule } from '../velocity/rule.ts';
import type { CardNames } from './card-names.ts';
import type { Ledger } from './ledger.ts';
import type { OpenPlaces } from './open-places.ts';
import type { Reservations } from './reservations.ts';
import type { Shelf } from './shelf.ts';

/** The rules in force, by which a counter is known to be shut. */
export interface RuleLife extends Life, Pick<VelocityRule, 'keyedAs'> {
  readonly rule: string;
  readonly by: readonly Dimension[];
}

/** A counter, as people see it. */
export interface Held {
  readonly key: string;
  readonly rule: string;
  readonly identities: Readonly<Partial<Record<Dimension, string>>>;
  readonly count: number;
  readonly limit: number;
  /** `shut` refuses; `counting` has failures below its limit; `in_flight` is a place that an attempt holds. */
  readonly state: 'shut' | 'counting' | 'in_flight';
  readonly since: number | null;
  readonly until: number | null;
}

export type Payer = Readonly<Partial<Record<Dimension, readonly string[]>>>;

export interface HeldPage {
  readonly held: readonly Held[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
  /** Of the keys that were asked about: what holds others besides, and was left alone. */
  readonly shared?: readonly Held[];
}

const STRETCH_ROWS = 1_000;
/** Rows looked at in one call, so that payments do not wait: about 30 ms. */
const LOOK_LIMIT = 10_000;

export class BlockList {
  readonly #ledger: Ledger;
  readonly #reservations: Reservations;
  readonly #open: OpenPlaces;
  readonly #names: CardNames;

  constructor({ ledger, reservations, open, names }: Shelf) {
    this.#ledger = ledger;
    this.#reservations = reservations;
    this.#open = open;
    this.#names = names;
  }

  /** The keys that are shut, in order of key, from behind `after`; a page may be empty and still not the last. */
  list(rules: readonly RuleLife[], page: { after: string; limit: number }, now: number): HeldPage {
    const held: Held[] = [];
    let next: string | null = page.after;
    for (let looked = 0; next !== null && looked < LOOK_LIMIT; looked += STRETCH_ROWS) {
      const stretch = this.#ledger.countersAfter(next, STRETCH_ROWS);
      for (const row of stretch) {
        const one = heldOf(row, rules, now);
        if (one?.state !== 'shut') continue;
        if (held.length === page.limit) return { held, next: held.at(-1)?.key ?? null };
        held.push(one);
      }
      next = stretch.length === STRETCH_ROWS ? (stretch.at(-1)?.key ?? null) : null;
    }
    return { held, next };
  }

  /** Opens one key: its counter is gone. Null when it was not there. */
  lift(key: string, rules: readonly RuleLife[], now: number): Held | null {
    const counter = this.#ledger.counters([key]).get(key);
    const held = counter === undefined ? null : heldOf({ key, ...counter }, rules, now);
    if (held === null) return null;
    this.#ledger.deleteCounters([key]);
    return held;
  }

  /**
   * Lifts the holds on a payer, a stretch of counters at a time: counters, shut or not, and, with the first stretch,
   * places of attempts that never came to an end.
   */
  unblock(
    named: Payer,
    rules: readonly RuleLife[],
    { after, now, shared = [] }: { after: string; now: number; shared?: readonly string[] | undefined },
  ): HeldPage {
    const payer = named.card === undefined ? named : { ...named, card: this.#names.of(named.card) };
    const stretch = this.#ledger.countersAfter(after, LOOK_LIMIT);
    const lifted = stretch
      .map((row) => heldOf(row, rules, now))
      .filter((one) => one !== null)
      .filter(({ identities }) => isOf(identities, payer));
    for (const { key } of lifted) this.#ledger.deleteCounters([key]);
    const released = after === '' ? this.#release(payer, rules, now) : [];
    const next = stretch.length === LOOK_LIMIT ? (stretch.at(-1)?.key ?? null) : null;
    const page = { held: [...lifted, ...released], next };
    return shared.length === 0 ? page : { ...page, shared: this.#shut(shared, rules, now) };
  }

  #shut(keys: readonly string[], rules: readonly RuleLife[], now: number): readonly Held[] {
    const rows = [...this.#ledger.counters(keys)];
    return rows.flatMap(([key, counter]) => {
      const held = heldOf({ key, ...counter }, rules, now);
      return held?.state === 'shut' ? [held] : [];
    });
  }

  #release(payer: Payer, rules: readonly RuleLife[], now: number): readonly Held[] {
    const isMeant = (key: string) => isOf(identitiesOf(key, rules), payer);
    const written = this.#reservations.all().filter(({ places }) => places.some(({ key }) => isMeant(key)));
    for (const reservation of written) this.#reservations.delete(reservation);
    const released = [...this.#open.takeHolding(isMeant), ...written];
    // Without a word on record, an evaluation's row would bring its place back when the object wakes.
    for (const { evaluation } of released) this.#ledger.putUnknown(evaluation, now);
    // An attempt gives up all of its places, or none: each is named.
    return released.flatMap(({ places, expiresAt: until }) =>
      places.map(({ key, rule, limit }) => {
        const identities = identitiesOf(key, rules);
        return { key, rule, identities, count: 0, limit, state: 'in_flight' as const, since: null, until };
      }),
    );
  }
}

/** Null for a counter that is over, or of a rule that is not in force any more. */
function heldOf(
  { key, ...row }: { readonly key: string } & Counter,
  rules: readonly RuleLife[],
  now: number,
): Held | null {
  const life = ruleOf(key, rules);
  const counter = life === undefined ? null : mergeLive([row], life, now);
  if (life === undefined || counter === null) return null;
  return {
    key,
    rule: life.rule,
    identities: identitiesOf(key, rules),
    count: counter.count,
    limit: life.limit,
    state: counter.count >= life.limit ? 'shut' : 'counting',
    since: counter.shutAt,
    until: opensAt(counter, life),
  };
}

function ruleOf(key: string, rules: readonly RuleLife[]): RuleLife | undefined {
  const [name] = JSON.parse(key) as string[];
  return rules.find(({ rule, keyedAs = rule }) => keyedAs === name);
}

// A key is its rule's name and then the identities in the order of `by`: see velocity/touch.ts.
function identitiesOf(key: string, rules: readonly RuleLife[]): Held['identities'] {
  const [, ...parts] = JSON.parse(key) as string[];
  const by = ruleOf(key, rules)?.by ?? [];
  return Object.fromEntries(by.map((dimension, index) => [dimension, parts[index]]));
}

function isOf(identities: Held['identities'], payer: Payer): boolean {
  return Object.entries(payer).some(([dimension, values]) => {
    const identity = identities[dimension as Dimension];
    return identity !== undefined && values.includes(identity);
  });
}
