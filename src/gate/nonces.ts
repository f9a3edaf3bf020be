/**
 * Nonces of signed requests and ids of sealed bodies, each used once: checked and put down in the same step as the
 * admission, and kept for as long as what bears it could be taken. The request that used one may ask again, for every
 * call may run twice.
 */
import type { Judged } from './book.ts';
import type { AdmitRequest } from './gate-messages.ts';
import type { Nonce, NonceUse } from './nonce-messages.ts';

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
   * Judges what came sealed, unless its id was used before. It is used up where the attempt is let in: whoever must pass a
   * challenge first, or wait, comes again with the same.
   */
  onceSealed(first: AdmitRequest | undefined, now: number, judge: () => readonly Judged[]): readonly Judged[] {
    if (first?.seal === undefined) return judge();
    const { seal, evaluation } = first;
    if (seal.until <= now || this.#isAnothers(seal.key, evaluation, now))
      return [{ kind: 'refused', verdicts: [], seal: 'used' }];
    const judged = judge();
    if (judged.every(({ kind }) => kind === 'admitted')) this.use({ ...seal, isEnforced: true }, evaluation, now);
    return judged.map((one) => ({ ...one, seal: 'unused' }));
  }

  /** Takes back what the request `evaluation` has used up, and nobody else. */
  free(key: string, evaluation: string): void {
    this.#sql.exec('DELETE FROM nonces WHERE nonce = ? AND evaluation = ?', key, evaluation);
  }

  #isAnothers(key: string, evaluation: string, now: number): boolean {
    const [row] = this.#sql.exec<{ evaluation: string }>(
      'SELECT evaluation FROM nonces WHERE nonce = ? AND expires_at > ?',
      key,
      now,
    );
    return row !== undefined && row.evaluation !== evaluation;
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
