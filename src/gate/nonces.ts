/**
 * Nonces of signed requests, each used once: checked and put down in the same step as the admission, and kept for as
 * long as a signature with it could be taken. The request that used one may ask again, for every call may run twice.
 */
import type { Judged } from './book.ts';
import type { AdmitRequest, Nonce, NonceUse } from './gate-messages.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS nonces (
  nonce TEXT PRIMARY KEY, evaluation TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID`;

export class Nonces {
  readonly #sql: SqlStorage;
  readonly #onPut: (now: number) => void;

  /** `onPut`: a row is there, which is to be swept some day. */
  constructor(sql: SqlStorage, onPut: (now: number) => void) {
    this.#sql = sql;
    this.#onPut = onPut;
    sql.exec(SCHEMA);
  }

  /** Judges what one request tries, unless its nonce was used before; the first attempt of it brings that. */
  once(first: AdmitRequest | undefined, now: number, judge: () => readonly Judged[]): readonly Judged[] {
    if (first?.nonce === undefined) return judge();
    const nonce = this.use(first.nonce, first.evaluation, now);
    if (nonce === 'used' && first.nonce.isEnforced) return [{ kind: 'refused', verdicts: [], nonce }];
    return judge().map((judged) => ({ ...judged, nonce }));
  }

  /**
   * Uses a nonce up for the request `evaluation`. One whose time is over is as good as used: its row may be gone by
   * now, and nobody could say.
   */
  use({ key, until }: Nonce, evaluation: string, now: number): NonceUse {
    if (until <= now) return 'used';
    const { rowsWritten } = this.#sql.exec(
      `INSERT INTO nonces (nonce, evaluation, expires_at) VALUES (?, ?, ?)
         ON CONFLICT (nonce) DO UPDATE SET evaluation = excluded.evaluation, expires_at = excluded.expires_at
         WHERE expires_at <= ?`,
      key,
      evaluation,
      until,
      now,
    );
    if (rowsWritten > 0) {
      this.#onPut(now);
      return 'unused';
    }
    const [row] = this.#sql.exec<{ evaluation: string }>('SELECT evaluation FROM nonces WHERE nonce = ?', key);
    return row?.evaluation === evaluation ? 'unused' : 'used';
  }
}
