/**
 * Every configuration that was in force: when, by whom, and its text. The same text is kept once; the newest versions
 * are kept, and no more bytes than a limit. A faulty configuration never comes here. Times are ms since the epoch.
 */
import type { ConfigVersion, KeptConfig, Origin, RawWrite } from './config-messages.ts';

// `bytes` before the text: what lies behind a long text is found by way of all of its pages.
const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS config_versions (
     at INTEGER PRIMARY KEY, hash TEXT NOT NULL, written_at INTEGER NOT NULL, who TEXT NOT NULL, restores TEXT,
     told INTEGER NOT NULL DEFAULT 1)`,
  'CREATE TABLE IF NOT EXISTS config_texts (hash TEXT PRIMARY KEY, bytes INTEGER NOT NULL, json TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS config_faults (hash TEXT PRIMARY KEY, told_at INTEGER NOT NULL)',
];
const LATEST = 'SELECT at, hash, written_at, who, restores FROM config_versions ORDER BY at DESC LIMIT 1';
export const VERSIONS_KEPT = 500;
/** At least ten of the longest. */
export const TEXT_BYTES_KEPT = 20_000_000;
/** As long as isolates may see different raw writes in KV, and offer the one and the other by turns. */
const KV_SETTLES_MS = 120_000;
const FAULT_TOLD_AGAIN_MS = 86_400_000;
const encoder = new TextEncoder();

interface Row extends Record<string, SqlStorageValue> {
  at: number;
  hash: string;
  written_at: number;
  who: string;
  restores: string | null;
}

/** `before`: what is kept when it comes. */
export interface Coming {
  readonly before: KeptConfig | null;
  readonly now: number;
  readonly origin?: Origin | undefined;
}

export class ConfigHistory {
  readonly #sql: SqlStorage;
  #isReady = false;

  /** Nothing is read or made before it is needed: payments do not pay for it. */
  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** What has come into force now, in place of `before`. */
  add(config: KeptConfig, { before, now, origin }: Coming): void {
    this.#catchUp(before, now);
    if (this.#isKnown(config, now)) return;
    const at = Math.max(config.writtenAt || now, (this.#newest()?.at ?? 0) + 1);
    this.#insert(config, { at, ...authorOf(config, origin), told: config.writtenAt > 0 });
  }

  /** What was written, and overtaken by a later write before it was in force anywhere for good. */
  addOvertaken(config: KeptConfig, { before, now, origin }: Coming): void {
    this.#catchUp(before, now);
    if (this.#isKnown(config, now)) return;
    const [later] = this.#rows(
      'SELECT * FROM config_versions WHERE written_at > ? ORDER BY at LIMIT 1',
      config.writtenAt,
    );
    let at = Math.min(config.writtenAt, (later?.at ?? config.writtenAt + 1) - 1);
    while (this.#rows('SELECT * FROM config_versions WHERE at = ?', at).length > 0) at--;
    this.#insert(config, { at, ...authorOf(config, origin), told: true });
  }

  /** The newest first. */
  list(kept: KeptConfig | null, now: number): readonly ConfigVersion[] {
    this.#catchUp(kept, now);
    const sizes = this.#sizes();
    const rows = this.#rows('SELECT * FROM config_versions ORDER BY at DESC');
    const inForce = rows.find(({ hash, written_at }) => hash === kept?.hash && written_at === kept.writtenAt);
    return rows.map((row) => ({
      at: row.at,
      version: row.hash === '' ? null : row.hash,
      writtenAt: row.written_at,
      who: row.who,
      restores: row.restores,
      bytes: sizes.get(row.hash) ?? 0,
      isInForce: row === inForce,
    }));
  }

  /** Null where it is not kept, or not any more. */
  text(hash: string): string | null {
    this.#prepare();
    const [row] = this.#sql.exec<{ json: string }>('SELECT json FROM config_texts WHERE hash = ?', hash);
    return row?.json ?? null;
  }

  /** The version that a write came after; null where there was none. */
  versionBefore(writtenAt: number): string | null {
    const before = `SELECT * FROM config_versions WHERE at <
      (SELECT at FROM config_versions WHERE written_at = ?) ORDER BY at DESC LIMIT 1`;
    return this.#rows(before, writtenAt)[0]?.hash || null;
  }

  /** Whoever asks first about a raw write is to put it on record; null for everybody else. */
  claimRaw(hash: string): RawWrite | null {
    const [claimed] = this.#rows(
      'UPDATE config_versions SET told = 1 WHERE hash = ? AND written_at = 0 AND told = 0 RETURNING *',
      hash,
    );
    if (claimed === undefined) return null;
    const [before] = this.#rows('SELECT * FROM config_versions WHERE at < ? ORDER BY at DESC LIMIT 1', claimed.at);
    return { before: before?.hash || null };
  }

  /** True for the first who asks about a faulty configuration in a day. */
  claimFaulty(hash: string, now: number): boolean {
    this.#prepare();
    this.#sql.exec('DELETE FROM config_faults WHERE told_at <= ?', now - FAULT_TOLD_AGAIN_MS);
    const claim = 'INSERT OR IGNORE INTO config_faults (hash, told_at) VALUES (?, ?) RETURNING hash';
    return this.#sql.exec(claim, hash, now).toArray().length > 0;
  }

  /** A release without this table may have kept what is not in it. */
  #catchUp(kept: KeptConfig | null, now: number): void {
    if (kept === null || this.#isKnown(kept, now)) return;
    const at = Math.max(kept.writtenAt || now - 1, (this.#newest()?.at ?? 0) + 1);
    this.#insert(kept, { at, ...authorOf(kept), told: true });
  }

  // A write of the API is known by its time. Raw ones have none: the same text later on is another.
  #isKnown({ hash, writtenAt }: KeptConfig, now: number): boolean {
    const newest = this.#newest();
    if (newest?.hash === hash && newest.written_at === writtenAt) return true;
    const since = writtenAt > 0 ? 0 : now - KV_SETTLES_MS;
    const known = 'SELECT * FROM config_versions WHERE hash = ? AND written_at = ? AND at > ? LIMIT 1';
    return this.#rows(known, hash, writtenAt, since).length > 0;
  }

  #insert(config: KeptConfig, { at, who, restores, told }: { at: number; told: boolean } & Author): void {
    const { hash, writtenAt, json } = config;
    if (json !== null) {
      const bytes = encoder.encode(json).byteLength;
      this.#sql.exec('INSERT OR IGNORE INTO config_texts (hash, bytes, json) VALUES (?, ?, ?)', hash, bytes, json);
    }
    this.#sql.exec(
      'INSERT INTO config_versions (at, hash, written_at, who, restores, told) VALUES (?, ?, ?, ?, ?, ?)',
      at,
      hash,
      writtenAt,
      who,
      restores,
      told ? 1 : 0,
    );
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    const rows = this.#rows('SELECT * FROM config_versions ORDER BY at DESC');
    const sizes = this.#sizes();
    const texts = new Set<string>();
    let bytes = 0;
    const end = rows.findIndex(({ hash }, index) => {
      if (!texts.has(hash)) bytes += sizes.get(hash) ?? 0;
      texts.add(hash);
      return index >= VERSIONS_KEPT || (bytes > TEXT_BYTES_KEPT && index > 0);
    });
    const oldest = rows[end];
    if (oldest === undefined) return;
    this.#sql.exec('DELETE FROM config_versions WHERE at <= ?', oldest.at);
    this.#sql.exec('DELETE FROM config_texts WHERE hash NOT IN (SELECT hash FROM config_versions)');
  }

  #sizes(): ReadonlyMap<string, number> {
    this.#prepare();
    const rows = this.#sql.exec<{ hash: string; bytes: number }>('SELECT hash, bytes FROM config_texts');
    return new Map([...rows].map(({ hash, bytes }) => [hash, bytes]));
  }

  #newest(): Row | undefined {
    return this.#rows(LATEST)[0];
  }

  #rows(query: string, ...values: readonly SqlStorageValue[]): readonly Row[] {
    this.#prepare();
    return [...this.#sql.exec<Row>(query, ...values)];
  }

  #prepare(): void {
    if (this.#isReady) return;
    for (const statement of SCHEMA) this.#sql.exec(statement);
    this.#isReady = true;
  }
}

interface Author {
  readonly who: string;
  readonly restores: string | null;
}

function authorOf({ writtenAt }: KeptConfig, origin?: Origin): Author {
  return { who: origin?.who ?? (writtenAt === 0 ? 'kv' : 'unknown'), restores: origin?.restores ?? null };
}
