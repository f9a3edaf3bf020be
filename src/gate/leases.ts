/**
 * The merchant's leases: a row each, and a copy in memory, for every attempt under one asks. Live ones are no more than
 * the configuration allows; those that are over go when another is made, or with the sweep. Times: ms since the epoch.
 */
import { findLease, isLive, type Lease, renewedEnd } from '../network/lease.ts';
import type {
  LeaseAdded,
  LeaseAnswer,
  LeasePage,
  LeaseQuestion,
  LeaseTold,
  NewLease,
  Renewal,
  Renewed,
} from './lease-messages.ts';
import { isSameHash } from './secret-hash.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS leases (
  id TEXT PRIMARY KEY, words TEXT NOT NULL, length INTEGER NOT NULL, owner TEXT NOT NULL, reason TEXT,
  proof_hash TEXT NOT NULL, ttl_ms INTEGER NOT NULL, created_at INTEGER NOT NULL, created_by TEXT NOT NULL, expires_at INTEGER NOT NULL,
  renewable_until INTEGER NOT NULL) WITHOUT ROWID`;

const NOTHING_TOLD: LeaseTold = {};

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  words: string;
  length: number;
  owner: string;
  reason: string | null;
  proof_hash: string;
  ttl_ms: number;
  created_at: number;
  created_by: string;
  expires_at: number;
  renewable_until: number;
}

export class Leases {
  readonly #sql: SqlStorage;
  readonly #byId: Map<string, NewLease>;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    this.#byId = new Map([...sql.exec<Row>('SELECT * FROM leases')].map((row) => [row.id, leaseOf(row)]));
  }

  /** What is said to whoever asks, or did not; null where a lease is needed and none holds the address. */
  tell(question: LeaseQuestion | undefined, now: number): LeaseTold | null {
    if (question === undefined) return NOTHING_TOLD;
    const lease = findLease(this.#byId.values(), question.of, now);
    if (lease !== null) return { lease: lease.id };
    return question.isNeeded ? null : NOTHING_TOLD;
  }

  /** The same for a request that touches no counter. */
  answer(question: LeaseQuestion, now: number): LeaseAnswer {
    const lease = this.tell(question, now)?.lease;
    return lease === undefined ? { kind: 'unleased' } : { kind: 'leased', lease };
  }

  /** The same lease again changes nothing. */
  add(lease: NewLease, maxActive: number, now: number): LeaseAdded {
    if (this.#byId.has(lease.id)) return { kind: 'added' };
    this.#forgetOver(now);
    if (this.#byId.size >= maxActive) return { kind: 'too_many' };
    this.#put(lease);
    return { kind: 'added' };
  }

  renew({ id, proofHash, ...terms }: Renewal, now: number): Renewed {
    const lease = this.#byId.get(id);
    if (lease === undefined || !isLive(lease, now)) return { kind: 'unknown' };
    if (!isSameHash(lease.proofHash, proofHash)) return { kind: 'wrong_proof' };
    const expiresAt = renewedEnd(lease, terms, now);
    if (expiresAt === null) return { kind: 'spent' };
    const renewed = { ...lease, expiresAt };
    this.#put(renewed);
    return { kind: 'renewed', lease: withoutProof(renewed) };
  }

  /** What is revoked; null where there is no such lease, or not any more. */
  revoke(id: string, now: number): Lease | null {
    const lease = this.#byId.get(id);
    this.#delete(id);
    return lease !== undefined && isLive(lease, now) ? withoutProof(lease) : null;
  }

  /** The live ones behind `after`, by id: the oldest first. */
  list({ after, limit }: { readonly after: string; readonly limit: number }, now: number): LeasePage {
    const live = [...this.#byId.values()].filter((lease) => isLive(lease, now) && lease.id > after);
    const leases = live
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(withoutProof);
    return { leases, next: live.length > limit ? (leases.at(-1)?.id ?? null) : null };
  }

  /** Those of a deleted merchant let nobody into a later one with its id. */
  clear(): void {
    this.#sql.exec('DELETE FROM leases');
    this.#byId.clear();
  }

  #forgetOver(now: number): void {
    for (const lease of this.#byId.values()) if (!isLive(lease, now)) this.#delete(lease.id);
  }

  #put(lease: NewLease): void {
    const { id, prefix, owner, reason, proofHash, ttlMs, createdAt, createdBy, expiresAt, renewableUntil } = lease;
    this.#sql.exec(
      `INSERT OR REPLACE INTO leases (id, words, length, owner, reason, proof_hash, ttl_ms, created_at, created_by,
           expires_at, renewable_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      JSON.stringify(prefix.words),
      prefix.length,
      owner,
      reason,
      proofHash,
      ttlMs,
      createdAt,
      createdBy,
      expiresAt,
      renewableUntil,
    );
    this.#byId.set(id, lease);
  }

  #delete(id: string): void {
    this.#sql.exec('DELETE FROM leases WHERE id = ?', id);
    this.#byId.delete(id);
  }
}

function withoutProof({ proofHash: _, ...lease }: NewLease): Lease {
  return lease;
}

function leaseOf(row: Row): NewLease {
  return {
    id: row.id,
    prefix: { words: JSON.parse(row.words) as readonly number[], length: row.length },
    owner: row.owner,
    reason: row.reason,
    proofHash: row.proof_hash,
    ttlMs: row.ttl_ms,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    renewableUntil: row.renewable_until,
  };
}
