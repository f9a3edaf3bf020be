/**
 * The merchant's API keys: only hashes of their secrets, compared in constant time. A revoked key is gone at once,
 * for it is looked at in the same step as what it asks for.
 */
import { type Caller, type NotLetIn, SCOPES, type Scope } from './gate-messages.ts';
import { isSameHash } from './secret-hash.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS keys (
  id TEXT PRIMARY KEY, name TEXT, secret_hash TEXT NOT NULL, scopes TEXT NOT NULL, created_at INTEGER NOT NULL)
  WITHOUT ROWID`;
const CREATED_BY = `ALTER TABLE keys ADD COLUMN created_by TEXT`;
const HAS_CREATED_BY = `SELECT 1 FROM pragma_table_info('keys') WHERE name = 'created_by'`;

export interface ApiKey {
  readonly id: string;
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  /** ms since the epoch. */
  readonly createdAt: number;
  /** `admin`, or `key:` and the id of a key; null where an earlier release made it. */
  readonly createdBy?: string | null;
}

export interface NewKey extends ApiKey {
  /** Hex of SHA-256 of the secret. */
  readonly secretHash: string;
}

export type Added = NotLetIn | { readonly kind: 'added'; readonly scopes: readonly Scope[] };

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  name: string | null;
  secret_hash: string;
  scopes: string;
  created_at: number;
  created_by: string | null;
}

export class KeyRing {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    if (sql.exec(HAS_CREATED_BY).toArray().length === 0) sql.exec(CREATED_BY);
  }

  add({ id, name, secretHash, scopes, createdAt, createdBy = null }: NewKey): void {
    const values = [id, name, secretHash, JSON.stringify(scopes), createdAt, createdBy];
    this.#sql.exec(
      `INSERT OR REPLACE INTO keys (id, name, secret_hash, scopes, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)`,
      ...values,
    );
  }

  /** Revokes every key: those of a deleted merchant open nothing of a later one with its id. */
  clear(): void {
    this.#sql.exec('DELETE FROM keys');
  }

  /** False when there is no such key. */
  revoke(id: string): boolean {
    return this.#sql.exec('DELETE FROM keys WHERE id = ? RETURNING id', id).toArray().length > 0;
  }

  list(): readonly ApiKey[] {
    return [...this.#sql.exec<Row>('SELECT * FROM keys ORDER BY created_at')].map(keyOf);
  }

  /** What the caller may: everything for the admin, nothing for a key that is not there. */
  scopesOf(caller: Caller): readonly Scope[] {
    if (caller.kind === 'admin') return SCOPES;
    const [row] = this.#sql.exec<Row>('SELECT * FROM keys WHERE id = ?', caller.id);
    return row === undefined ? [] : keyOf(row).scopes;
  }

  /** Null when the caller may; the admin may everything. */
  refuse(caller: Caller, scope: Scope): NotLetIn | null {
    if (caller.kind === 'admin') return null;
    const [row] = this.#sql.exec<Row>('SELECT * FROM keys WHERE id = ?', caller.id);
    if (row === undefined || !isSameHash(row.secret_hash, caller.secretHash)) return { kind: 'unauthorized' };
    return keyOf(row).scopes.includes(scope) ? null : { kind: 'forbidden' };
  }
}

function keyOf({ id, name, scopes, created_at, created_by }: Row): ApiKey {
  return { id, name, scopes: JSON.parse(scopes) as readonly Scope[], createdAt: created_at, createdBy: created_by };
}
