/**
 * Who has paid before, and whether any of it was taken back: one row a name (a verified customer, a card), made when an
 * outcome leaves the ledger, so that the payment itself writes nothing more. A card is one under all its names; what
 * stood under an earlier one goes on under today's. Times in ms since the epoch.
 */

import { type History, joined, withPayment } from '../attack/clean-history.ts';
import { payingNames, type Remembered, watchedNames } from '../velocity/sparing.ts';
import type { Touch } from '../velocity/touch.ts';
import { cardName } from '../velocity/watched-touch.ts';
import type { CardNames } from './card-names.ts';
import { addColumn, placeholders, stretchesOf } from './counter-rows.ts';
import { Forgotten } from './forgotten.ts';
import { keepWithOutcomes, leavingIn, type Stretch } from './leaving.ts';

/** Whoever has not paid for so long is a stranger again. */
export const HISTORY_KEPT_MS = 400 * 86_400_000;
/** Disputes may come 120 days after a payment (card schemes), and are told late. */
export const PAID_KEPT_MS = 180 * 86_400_000;

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS histories (
     name TEXT PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, payments INTEGER NOT NULL,
     spoiled INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS paid (
     payment TEXT PRIMARY KEY, names TEXT NOT NULL, paid_at INTEGER NOT NULL) WITHOUT ROWID`,
];
/** From one name to the next: a key that was changed thrice while a dispute was on its way. */
const LONGEST_WAY = 4;
const CARD = cardName('');
const ONE_NAME: Pick<CardNames, 'of'> = { of: (names) => names };

/** An outcome that leaves the ledger and was good to the end. */
export interface Settled {
  readonly names: readonly Remembered[];
  /** Every id of the processor's by which it may be spoken of again. */
  readonly paymentIds: readonly string[];
  readonly settledAt: number;
}

interface Row extends Record<string, SqlStorageValue> {
  name: string;
  first_at: number;
  last_at: number;
  payments: number;
  spoiled: number;
  moved_to: string | null;
}

export class Histories {
  readonly #sql: SqlStorage;
  readonly #cards: Pick<CardNames, 'of'>;
  readonly #forgotten: Forgotten;

  constructor(sql: SqlStorage, cards: Pick<CardNames, 'of'> = ONE_NAME) {
    this.#sql = sql;
    this.#cards = cards;
    this.#forgotten = new Forgotten(sql);
    for (const statement of SCHEMA) sql.exec(statement);
    addColumn(sql, 'histories', 'moved_to');
  }

  /** Under all names together. */
  of(name: string, former: readonly string[] = []): History | null {
    const homes = new Set(this.#namesOf([name, ...former]).map((one) => this.#homeOf(one)));
    return [...homes].reduce((sum: History | null, home) => joined(sum, historyIn(this.#row(home))), null);
  }

  /** What is about to leave the ledger: paid and good to the end, or not. */
  remember(stretch: Stretch): void {
    for (const { places, paymentIds, settledAt, isBad } of leavingIn(this.#sql, stretch)) {
      const touches = JSON.parse(places) as readonly Touch[];
      const isTold = ([name]: Remembered) => !this.#forgotten.since(name, settledAt);
      if (isBad) this.spoil(watchedNames(touches).filter(isTold), settledAt);
      else this.add({ names: payingNames(touches).filter(isTold), paymentIds, settledAt });
    }
  }

  /** Evaluations go before outcomes that came late: what those are to earn is kept with them. */
  keepLate(stretch: Stretch): void {
    keepWithOutcomes(this.#sql, stretch);
  }

  add({ names, paymentIds, settledAt }: Settled): void {
    for (const name of names) {
      const home = this.#gather(name);
      this.#put(home, withPayment(historyIn(this.#row(home)), settledAt));
    }
    if (names.length === 0) return;
    const homes = JSON.stringify(names.map((name) => this.#gather(name)));
    for (const id of paymentIds) {
      this.#sql.exec('INSERT OR REPLACE INTO paid (payment, names, paid_at) VALUES (?, ?, ?)', id, homes, settledAt);
    }
  }

  /** What was paid turned out bad: nobody who paid it has a clean history any more. */
  spoil(names: readonly Remembered[], now: number): void {
    for (const name of names) {
      if (this.#forgotten.since(name[0], 0)) continue;
      const home = this.#gather(name);
      this.#put(home, {
        ...(historyIn(this.#row(home)) ?? { firstAt: now, lastAt: now, payments: 0 }),
        isSpoiled: true,
      });
    }
  }

  /** The same, by the processor's ids of a payment that has left the ledger. Whoever was erased since has nothing to spoil. */
  spoilPaid(paymentIds: readonly string[]): void {
    for (const some of stretchesOf(paymentIds)) {
      const rows = this.#sql.exec<{ names: string }>(
        `SELECT names FROM paid WHERE payment IN (${placeholders(some)})`,
        ...some,
      );
      for (const name of rows.toArray().flatMap(({ names }) => JSON.parse(names) as readonly string[])) {
        const home = this.#homeOf(name);
        const history = historyIn(this.#row(home));
        if (history !== null) this.#put(home, { ...history, isSpoiled: true });
      }
    }
  }

  /** How many of these had one. Nor do payments of theirs earn one that are still on record. */
  forget(names: readonly string[], now: number): number {
    return names.reduce((sum, name) => sum + this.#forget(name, now), 0);
  }

  /** What was paid to a deleted merchant earns nothing at a later one with its id. */
  clear(now: number): void {
    for (const table of ['histories', 'paid']) this.#sql.exec(`DELETE FROM ${table}`);
    const isAnyLeft = this.#sql.exec('SELECT 1 FROM outcomes LIMIT 1').toArray().length > 0;
    if (isAnyLeft) this.#forgotten.all(now);
  }

  #forget(name: string, now: number): number {
    const all = this.#namesOf([name]);
    const every = [...new Set([...all, ...all.map((one) => this.#homeOf(one))])];
    let rows = 0;
    for (const one of every) {
      this.#forgotten.put(one, now);
      rows += this.#sql.exec('DELETE FROM histories WHERE name = ? OR moved_to = ?', one, one).rowsWritten;
      this.#sql.exec('DELETE FROM paid WHERE instr(names, ?)', JSON.stringify(one));
    }
    return rows;
  }

  /** A card by today's name first, and then by all that it had. */
  #namesOf(names: readonly string[]): readonly string[] {
    const cards = names.filter((name) => name.startsWith(CARD)).map((name) => name.slice(CARD.length));
    return cards.length === 0 ? names : [...new Set([...this.#cards.of(cards).map(cardName), ...names])];
  }

  /** Where the history of a name stands. */
  #homeOf(name: string): string {
    let home = name;
    for (let step = 0; step < LONGEST_WAY; step++) {
      const next = this.#row(home)?.moved_to ?? null;
      if (next === null) break;
      home = next;
    }
    return home;
  }

  /** What stands under several names from now on stands under the first; which that is. */
  #gather(names: readonly string[]): string {
    const [name = '', ...others] = this.#namesOf(names);
    const home = this.#homeOf(name);
    for (const other of new Set(others.map((one) => this.#homeOf(one)))) {
      const moved = other === home ? null : historyIn(this.#row(other));
      const whole = moved === null ? null : joined(historyIn(this.#row(home)), moved);
      if (whole === null) continue;
      this.#put(home, whole);
      this.#sql.exec('UPDATE histories SET moved_to = ? WHERE name = ?', home, other);
    }
    return home;
  }

  #row(name: string): Row | undefined {
    return this.#sql.exec<Row>('SELECT * FROM histories WHERE name = ?', name).toArray()[0];
  }

  #put(name: string, { firstAt, lastAt, payments, isSpoiled }: History): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO histories (name, first_at, last_at, payments, spoiled) VALUES (?, ?, ?, ?, ?)',
      name,
      firstAt,
      lastAt,
      payments,
      isSpoiled ? 1 : 0,
    );
  }
}

function historyIn(row: Row | undefined): History | null {
  if (row === undefined) return null;
  return { firstAt: row.first_at, lastAt: row.last_at, payments: row.payments, isSpoiled: row.spoiled === 1 };
}
