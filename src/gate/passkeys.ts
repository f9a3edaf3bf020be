/**
 * The passkeys of a merchant's customers, a row each, and what they sign: each challenge once. A passkey whose counter
 * does not grow is suspect from then on. Times are ms since the epoch.
 */
import {
  type Enrolled,
  hasGrown,
  type NewPasskey,
  type Passkey,
  type PasskeyUse,
  type PasskeyUsed,
  type SignedChallenge,
} from '../step-up/passkey-record.ts';
import type { Nonces } from './nonces.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS passkeys (
  credential TEXT PRIMARY KEY, id TEXT NOT NULL, customer TEXT NOT NULL, relying_party TEXT NOT NULL,
  public_key TEXT NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL, enrolled_by TEXT NOT NULL,
  created_at INTEGER NOT NULL, last_used_at INTEGER, last_use TEXT, suspect_since INTEGER) WITHOUT ROWID`;
const BY_CUSTOMER = 'CREATE INDEX IF NOT EXISTS passkeys_by_customer ON passkeys (customer)';

/** Of the 10 GB that an object may hold: beyond that no more are taken, for a full gate could not even count. */
const ROOM_BYTES = 4e9;

interface Row extends Record<string, SqlStorageValue> {
  credential: string;
  id: string;
  customer: string;
  relying_party: string;
  public_key: string;
  counter: number;
  transports: string;
  enrolled_by: string;
  created_at: number;
  last_used_at: number | null;
  last_use: string | null;
  suspect_since: number | null;
}

export class Passkeys {
  readonly #sql: SqlStorage;
  readonly #nonces: Nonces;

  constructor(sql: SqlStorage, nonces: Nonces) {
    this.#sql = sql;
    this.#nonces = nonces;
    sql.exec(SCHEMA);
    sql.exec(BY_CUSTOMER);
  }

  /** The oldest first. */
  of(customer: string): readonly Passkey[] {
    const rows = this.#sql.exec<Row>('SELECT * FROM passkeys WHERE customer = ? ORDER BY created_at, id', customer);
    return [...rows].map(passkeyOf);
  }

  /** The same passkey again changes nothing; of one credential there is one, whoever else brings it. */
  enrol(passkey: NewPasskey, challenge: SignedChallenge, most: number, now: number): Enrolled {
    const known = this.#get(passkey.credential);
    if (known !== null) return known.id === passkey.id ? 'enrolled' : 'taken';
    if (this.#nonces.use(nonceOf(challenge), passkey.id, now) === 'used') return 'replayed';
    if (this.of(passkey.customer).length >= most) return 'too_many';
    if (this.#sql.databaseSize > ROOM_BYTES) return 'full';
    this.#add(passkey, now);
    return 'enrolled';
  }

  /** Takes a signature once, and remembers its counter. One that does not grow is remembered against the passkey. */
  use({ credential, customer, counter, challenge, by }: PasskeyUse, now: number): PasskeyUsed {
    const row = this.#get(credential);
    if (row === null || row.customer !== customer) return 'unknown';
    if (this.#nonces.use(nonceOf(challenge), by, now) === 'used') return 'replayed';
    if (row.last_use === by) return 'used';
    if (row.suspect_since !== null) return 'suspect';
    if (!hasGrown(row.counter, counter)) {
      this.#sql.exec('UPDATE passkeys SET suspect_since = ? WHERE credential = ?', now, credential);
      return 'cloned';
    }
    this.#sql.exec(
      'UPDATE passkeys SET counter = ?, last_used_at = ?, last_use = ? WHERE credential = ?',
      counter,
      now,
      by,
      credential,
    );
    return 'used';
  }

  /** What was removed; null where the customer has none of that id. */
  remove(customer: string, id: string): Passkey | null {
    const passkey = this.of(customer).find((one) => one.id === id) ?? null;
    if (passkey !== null) this.#sql.exec('DELETE FROM passkeys WHERE credential = ?', passkey.credential);
    return passkey;
  }

  /** How many a customer had. */
  forget(customer: string): number {
    const count = this.of(customer).length;
    if (count > 0) this.#sql.exec('DELETE FROM passkeys WHERE customer = ?', customer);
    return count;
  }

  /** Those of a deleted merchant prove nothing to a later one with its id. */
  clear(): void {
    this.#sql.exec('DELETE FROM passkeys');
  }

  #get(credential: string): Row | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM passkeys WHERE credential = ?', credential);
    return row ?? null;
  }

  #add(
    { id, credential, customer, relyingParty, publicKey, counter, transports, enrolledBy }: NewPasskey,
    now: number,
  ) {
    this.#sql.exec(
      `INSERT INTO passkeys (credential, id, customer, relying_party, public_key, counter, transports, enrolled_by,
           created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      credential,
      id,
      customer,
      relyingParty,
      publicKey,
      counter,
      JSON.stringify(transports),
      enrolledBy,
      now,
    );
  }
}

/** Beside the nonces of signed requests, which are digests: no spelling of one is the other. */
function nonceOf({ key, until }: SignedChallenge) {
  return { key: `passkey|${key}`, until, isEnforced: true };
}

function passkeyOf(row: Row): Passkey {
  return {
    id: row.id,
    credential: row.credential,
    customer: row.customer,
    relyingParty: row.relying_party,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as readonly string[],
    enrolledBy: row.enrolled_by,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    suspectSince: row.suspect_since,
  };
}
