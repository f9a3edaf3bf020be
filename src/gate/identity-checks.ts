/**
 * Checks of identity that were begun for challenges, and how they stand. Providers tell late, twice and in any order.
 * Times are ms since the epoch.
 */
import type { BegunCheck, IdentityCheck, IdentityHeard, IdentityState, IdentityWord } from './identity-messages.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS identity_checks (
  evaluation TEXT PRIMARY KEY, session TEXT NOT NULL, state TEXT NOT NULL, because TEXT, heard_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) WITHOUT ROWID`;

const FINAL: readonly IdentityState[] = ['canceled', 'verified'];

interface Row extends Record<string, SqlStorageValue> {
  session: string;
  state: IdentityState;
  because: string | null;
  heard_at: number;
}

export class IdentityChecks {
  readonly #sql: SqlStorage;
  readonly #onPut: (now: number) => void;

  /** `onPut`: a row is there, which is to be swept some day. */
  constructor(sql: SqlStorage, onPut: (now: number) => void) {
    this.#sql = sql;
    this.#onPut = onPut;
    sql.exec(SCHEMA);
  }

  find(evaluation: string): IdentityCheck | null {
    const row = this.#get(evaluation);
    return row === null ? null : { session: row.session, state: row.state, because: row.because };
  }

  /** Begins it, or again after it failed. False where another session was begun for the challenge. */
  begin({ evaluation, session, expiresAt }: BegunCheck, now: number): boolean {
    const known = this.#get(evaluation);
    if (known === null) {
      this.#sql.exec(
        `INSERT INTO identity_checks (evaluation, session, state, because, heard_at, expires_at)
           VALUES (?, ?, 'open', NULL, 0, ?)`,
        evaluation,
        session,
        expiresAt,
      );
      this.#onPut(now);
      return true;
    }
    if (known.session !== session) return false;
    if (known.state === 'failed') this.#put(evaluation, { state: 'open', because: null, heardAt: known.heard_at });
    return true;
  }

  hear({ evaluation, session, state, because, occurredAt }: IdentityWord): IdentityHeard {
    const known = this.#get(evaluation);
    if (known === null || known.session !== session) return 'unknown';
    const heardAt = orderOf(state, occurredAt);
    const isLate = FINAL.includes(known.state) || (!FINAL.includes(state) && heardAt <= known.heard_at);
    if (isLate) return 'stale';
    this.#put(evaluation, { state, because, heardAt });
    return 'taken';
  }

  #get(evaluation: string): Row | null {
    const [row] = this.#sql.exec<Row>(
      'SELECT session, state, because, heard_at FROM identity_checks WHERE evaluation = ?',
      evaluation,
    );
    return row ?? null;
  }

  #put(evaluation: string, { state, because, heardAt }: Standing): void {
    this.#sql.exec(
      'UPDATE identity_checks SET state = ?, because = ?, heard_at = ? WHERE evaluation = ?',
      state,
      because,
      heardAt,
      evaluation,
    );
  }
}

interface Standing {
  readonly state: IdentityState;
  readonly because: string | null;
  readonly heardAt: number;
}

/** Within a second, that something is looked at comes before what came of it. */
function orderOf(state: IdentityState, occurredAt: number): number {
  return occurredAt + (state === 'processing' ? 0 : 1);
}
