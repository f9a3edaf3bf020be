/**
 * Reservations that are written down, each with its places by key: pending ones, and those too old or too many for
 * memory. Times are ms since the epoch.
 */
import type { Touch } from '../velocity/touch.ts';
import { addColumn, placeholders, stretchesOf } from './counter-rows.ts';
import type { Found } from './gate-messages.ts';

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS reservations (
     evaluation TEXT PRIMARY KEY, places TEXT NOT NULL, guest INTEGER NOT NULL, pending INTEGER NOT NULL,
     expires_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS holds (
     key TEXT NOT NULL, evaluation TEXT NOT NULL, expires_at INTEGER NOT NULL,
     PRIMARY KEY (key, evaluation)) WITHOUT ROWID`,
];

/** Sorts behind the comma or bracket that goes on. */
const BEHIND = '~';
const FOUND_LIMIT = 32;

export interface WrittenReservation {
  readonly evaluation: string;
  readonly places: readonly Touch[];
  readonly guest: boolean;
  readonly pending: boolean;
  readonly expiresAt: number;
  /** The card's names when it was admitted. */
  readonly cards: readonly string[];
  /** The request that goes on with it just now; null while it waits, and for one that is no pending one. */
  readonly takenBy: string | null;
  readonly found?: Found;
  /** Its payer's marks; none where they are not known. */
  readonly payer: readonly string[];
}

type Written = Omit<WrittenReservation, 'takenBy' | 'payer'> & Partial<Pick<WrittenReservation, 'takenBy' | 'payer'>>;

export interface Hold {
  readonly key: string;
  readonly evaluation: string;
  readonly expiresAt: number;
  /** Of a distinct count: of what it may add one, by each of its names. */
  readonly items?: readonly string[];
}

export class Reservations {
  readonly #sql: SqlStorage;
  #mayBeAny: boolean;
  /** Whether some have gone since anybody looked. */
  #mayBeNone = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
    addColumn(sql, 'reservations', 'cards');
    addColumn(sql, 'reservations', 'taken_by');
    addColumn(sql, 'reservations', 'found');
    addColumn(sql, 'reservations', 'payer');
    addColumn(sql, 'holds', 'items');
    this.#mayBeAny = this.#isAny();
  }

  #isAny(): boolean {
    return this.#sql.exec('SELECT 1 FROM reservations LIMIT 1').toArray().length > 0;
  }

  /** False while none is written at all, as at most gates most of the time: then no statement looks for one. */
  get mayBeAny(): boolean {
    return this.#mayBeAny;
  }

  /**
   * Looks whether any is left, where some have gone: one slow attempt must not make all dear that come after it. Only
   * where no transaction is open, for one that is rolled back brings them back.
   */
  lookAgain(): void {
    if (!this.#mayBeNone) return;
    this.#mayBeNone = false;
    this.#mayBeAny = this.#isAny();
  }

  holdsOf(keys: readonly string[]): readonly Hold[] {
    if (!this.#mayBeAny) return [];
    const rows = stretchesOf(keys).flatMap((some) => [
      ...this.#sql.exec<{ key: string; evaluation: string; expires_at: number; items: string | null }>(
        `SELECT key, evaluation, expires_at, items FROM holds WHERE key IN (${placeholders(some)})`,
        ...some,
      ),
    ]);
    return rows.map(({ key, evaluation, expires_at, items }) => {
      const hold = { key, evaluation, expiresAt: expires_at };
      return items === null ? hold : { ...hold, items: JSON.parse(items) as readonly string[] };
    });
  }

  get(evaluation: string): WrittenReservation | null {
    if (!this.#mayBeAny) return null;
    const [row] = this.#sql.exec<ReservationRow>('SELECT * FROM reservations WHERE evaluation = ?', evaluation);
    return row === undefined ? null : reservationOf(row);
  }

  /** The evaluations that hold a place of one of these cards, which in a key is the first identity. */
  ofCards(cards: readonly string[]): readonly string[] {
    if (!this.#mayBeAny) return [];
    const starts = this.#rules().flatMap((rule) => cards.map((card) => openEnded([rule, card])));
    const found = starts.flatMap((start) => [
      ...this.#sql.exec<{ evaluation: string }>(
        'SELECT evaluation FROM holds WHERE key > ? AND key < ? LIMIT ?',
        start,
        `${start}${BEHIND}`,
        FOUND_LIMIT,
      ),
    ]);
    return [...new Set(found.map(({ evaluation }) => evaluation))];
  }

  /** The rules under which places are held, each found behind the one before: their keys lie together. */
  #rules(): readonly string[] {
    const rules: string[] = [];
    for (let after = ''; ; ) {
      const [row] = this.#sql.exec<{ key: string }>('SELECT key FROM holds WHERE key > ? ORDER BY key LIMIT 1', after);
      const [rule] = row === undefined ? [] : (JSON.parse(row.key) as string[]);
      if (rule === undefined) return rules;
      rules.push(rule);
      after = `${openEnded([rule])}${BEHIND}`;
    }
  }

  all(): readonly WrittenReservation[] {
    return [...this.#sql.exec<ReservationRow>('SELECT * FROM reservations')].map(reservationOf);
  }

  expired(now: number, limit: number): readonly WrittenReservation[] {
    this.#mayBeAny = this.#isAny();
    const rows = this.#sql.exec<ReservationRow>('SELECT * FROM reservations WHERE expires_at <= ? LIMIT ?', now, limit);
    return [...rows].map(reservationOf);
  }

  put({ evaluation, places, guest, pending, expiresAt, cards, takenBy = null, found, payer = [] }: Written): void {
    this.#mayBeAny = true;
    this.#sql.exec(
      `INSERT OR REPLACE INTO reservations (evaluation, places, guest, pending, expires_at, cards, taken_by, found, payer)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      evaluation,
      JSON.stringify(places),
      guest ? 1 : 0,
      pending ? 1 : 0,
      expiresAt,
      JSON.stringify(cards),
      takenBy,
      found === undefined ? null : JSON.stringify(found),
      payer.length === 0 ? null : JSON.stringify(payer),
    );
    for (const { key, items, inFlight } of places) {
      if (inFlight === 'ignore') continue;
      this.#sql.exec(
        'INSERT OR REPLACE INTO holds (key, evaluation, expires_at, items) VALUES (?, ?, ?, ?)',
        key,
        evaluation,
        expiresAt,
        items === undefined ? null : JSON.stringify(items),
      );
    }
  }

  delete({ evaluation, places }: Pick<WrittenReservation, 'evaluation' | 'places'>): void {
    this.#mayBeNone = true;
    this.#sql.exec('DELETE FROM reservations WHERE evaluation = ?', evaluation);
    for (const { key, inFlight } of places) {
      if (inFlight === 'ignore') continue;
      this.#sql.exec('DELETE FROM holds WHERE key = ? AND evaluation = ?', key, evaluation);
    }
  }
}

/** The beginning of every key with these identities. */
function openEnded(identities: readonly string[]): string {
  return JSON.stringify(identities).slice(0, -1);
}

interface ReservationRow extends Record<string, SqlStorageValue> {
  evaluation: string;
  places: string;
  guest: number;
  pending: number;
  expires_at: number;
  cards: string | null;
  taken_by: string | null;
  found: string | null;
  payer: string | null;
}

function reservationOf(row: ReservationRow): WrittenReservation {
  const { evaluation, places, guest, pending, expires_at, cards, taken_by: takenBy, found, payer } = row;
  return {
    evaluation,
    places: JSON.parse(places) as readonly Touch[],
    guest: guest === 1,
    pending: pending === 1,
    expiresAt: expires_at,
    cards: JSON.parse(cards ?? '[]') as readonly string[],
    takenBy,
    ...(found === null ? {} : { found: JSON.parse(found) as Found }),
    payer: JSON.parse(payer ?? '[]') as readonly string[],
  };
}
