/**
 * The alerts object's tables: bursts, messages with their tries, and notes. Schema only grows. All of it is bounded.
 */
import type { Burst } from './burst.ts';
import type { Tried } from './delivery.ts';
import type { Message } from './message.ts';

/** `stopped`: the receiver wants no more (410), there is none any more, or a newer message made it pointless. */
export type MessageState = 'waiting' | 'delivered' | 'given_up' | 'stopped';

export interface StoredMessage extends Message {
  readonly state: MessageState;
  readonly tries: number;
  readonly nextAt: number | null;
  readonly createdAt: number;
}

/** Times in ms since the epoch. */
export interface StoredTry {
  readonly message: string;
  readonly at: number;
  readonly kind: Tried['kind'];
  readonly status: number | null;
  readonly ms: number;
}

const SCHEMA = [
  'CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  `CREATE TABLE IF NOT EXISTS bursts (
     id TEXT PRIMARY KEY, kind TEXT NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER, burst TEXT NOT NULL)
     WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS messages (
     id TEXT PRIMARY KEY, type TEXT NOT NULL, burst TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL,
     tries INTEGER NOT NULL, next_at INTEGER, created_at INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS tries (
     id INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
     status INTEGER, ms INTEGER NOT NULL)`,
];
const KEPT = { bursts: 100, messages: 200, tries: 1_000 } as const;

export class AlertStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
  }

  note<T>(name: string): T | null {
    const [row] = this.#sql.exec<{ value: string }>('SELECT value FROM notes WHERE name = ?', name);
    return row === undefined ? null : (JSON.parse(row.value) as T);
  }

  putNote(name: string, value: unknown): void {
    if (value === null) this.#sql.exec('DELETE FROM notes WHERE name = ?', name);
    else this.#sql.exec('INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)', name, JSON.stringify(value));
  }

  openBursts(): readonly Burst[] {
    return this.#bursts('SELECT burst FROM bursts WHERE ended_at IS NULL');
  }

  /** Newest first. */
  bursts(): readonly Burst[] {
    return this.#bursts('SELECT burst FROM bursts ORDER BY began_at DESC, id');
  }

  putBurst(burst: Burst): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO bursts (id, kind, began_at, ended_at, burst) VALUES (?, ?, ?, ?, ?)',
      burst.id,
      burst.kind,
      burst.beganAt,
      burst.endedAt,
      JSON.stringify(burst),
    );
    this.#sql.exec(
      `DELETE FROM bursts WHERE ended_at IS NOT NULL AND id NOT IN (
         SELECT id FROM bursts ORDER BY began_at DESC LIMIT ?)`,
      KEPT.bursts,
    );
  }

  addMessage({ id, type, burst, body }: Message, state: MessageState, now: number): void {
    // Of a burst that goes on, only the newest word is worth another try.
    this.#sql.exec(
      "UPDATE messages SET state = 'stopped', next_at = NULL WHERE burst = ? AND state = 'waiting'",
      burst,
    );
    this.#sql.exec(
      'INSERT INTO messages (id, type, burst, body, state, tries, next_at, created_at) VALUES (?, ?, ?, ?, ?, 0, ?, ?)',
      ...[id, type, burst, body, state, state === 'waiting' ? now : null, now],
    );
    this.#sql.exec(
      'DELETE FROM messages WHERE id NOT IN (SELECT id FROM messages ORDER BY rowid DESC LIMIT ?)',
      KEPT.messages,
    );
  }

  message(id: string): StoredMessage | null {
    return this.#messages('SELECT * FROM messages WHERE id = ?', id)[0] ?? null;
  }

  /** Newest first. */
  messages(): readonly StoredMessage[] {
    return this.#messages('SELECT * FROM messages ORDER BY rowid DESC');
  }

  due(now: number, limit: number): readonly StoredMessage[] {
    return this.#messages(
      "SELECT * FROM messages WHERE state = 'waiting' AND next_at <= ? ORDER BY rowid LIMIT ?",
      now,
      limit,
    );
  }

  /** When the next message is due; null: none waits. */
  nextAt(): number | null {
    return this.#sql
      .exec<{ at: number | null }>("SELECT min(next_at) AS at FROM messages WHERE state = 'waiting'")
      .one().at;
  }

  putState(id: string, { state, tries, nextAt }: Pick<StoredMessage, 'state' | 'tries' | 'nextAt'>): void {
    this.#sql.exec('UPDATE messages SET state = ?, tries = ?, next_at = ? WHERE id = ?', state, tries, nextAt, id);
  }

  /** Nobody is there to be told any more. */
  stopAll(): void {
    this.#sql.exec("UPDATE messages SET state = 'stopped', next_at = NULL WHERE state = 'waiting'");
  }

  addTry({ message, at, kind, status, ms }: StoredTry): void {
    this.#sql.exec(
      'INSERT INTO tries (message, at, kind, status, ms) VALUES (?, ?, ?, ?, ?)',
      ...[message, at, kind, status, ms],
    );
    this.#sql.exec('DELETE FROM tries WHERE id <= (SELECT max(id) FROM tries) - ?', KEPT.tries);
  }

  /** In order of time. */
  tries(): readonly StoredTry[] {
    return [...this.#sql.exec('SELECT message, at, kind, status, ms FROM tries ORDER BY id')] as unknown as StoredTry[];
  }

  #bursts(query: string): readonly Burst[] {
    return [...this.#sql.exec<{ burst: string }>(query)].map(({ burst }) => JSON.parse(burst) as Burst);
  }

  #messages(query: string, ...values: SqlStorageValue[]): readonly StoredMessage[] {
    const rows = this.#sql.exec(query, ...values);
    return [...rows].map(({ next_at: nextAt, created_at: createdAt, ...row }) => {
      return { ...row, nextAt, createdAt } as unknown as StoredMessage;
    });
  }
}
