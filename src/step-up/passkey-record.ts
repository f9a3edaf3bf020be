/**
 * A customer's passkey as it is kept, who keeps it, and what a use of it is worth: the rule about counters is here. Pure;
 * the gate, which keeps them, knows this file too.
 */

export interface Passkey {
  /** `pk_` and hex: by which people and calls name it. */
  readonly id: string;
  /** The credential's own id, base64url. */
  readonly credential: string;
  /** A keyed digest of the verified customer's id (binding.ts). */
  readonly customer: string;
  /** The domain that it is good for. */
  readonly relyingParty: string;
  /** COSE (RFC 9052), base64url. */
  readonly publicKey: string;
  /** The last that its authenticator said; 0 where it keeps none, as those that are synchronised between devices do. */
  readonly counter: number;
  /** How a browser may reach its authenticator, in its own words. */
  readonly transports: readonly string[];
  /** `customer`, `admin` or `key:{id}`. */
  readonly enrolledBy: string;
  /** Times in ms since the epoch. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** Since when it may have a copy: it proves nothing any more. */
  readonly suspectSince: number | null;
}

export type NewPasskey = Omit<Passkey, 'createdAt' | 'lastUsedAt' | 'suspectSince'>;

/** A challenge that was signed, and until when it could be. */
export interface SignedChallenge {
  readonly key: string;
  /** ms since the epoch. */
  readonly until: number;
}

/** `taken`: this credential is enrolled. `replayed`: its challenge was used. `full`: the gate has room for no more. */
export type Enrolled = 'enrolled' | 'taken' | 'replayed' | 'too_many' | 'full';

/** A signature of a passkey that was found right. */
export interface PasskeyUse {
  readonly credential: string;
  readonly customer: string;
  /** As its authenticator says. */
  readonly counter: number;
  readonly challenge: SignedChallenge;
  /** A new one for each answer that is looked at: a call may arrive twice. */
  readonly by: string;
}

/** `cloned`: its counter did not grow, so that there may be two of it. */
export type PasskeyUsed = 'used' | 'unknown' | 'replayed' | 'suspect' | 'cloned';

/** Where passkeys are kept. Null: whoever keeps them does not answer. */
export interface PasskeyShelf {
  /** A customer's, the oldest first. */
  of(customer: string): Promise<readonly Passkey[] | null>;
  enrol(passkey: NewPasskey, challenge: SignedChallenge, most: number): Promise<Enrolled | null>;
  use(use: PasskeyUse): Promise<PasskeyUsed | null>;
  /** What was removed; `unknown` where the customer has none of that id. */
  remove(customer: string, id: string): Promise<Passkey | 'unknown' | null>;
}

/** Whether a counter says nothing against a use: it grew, or there is none (WebAuthn level 3, 7.2 step 22). */
export function hasGrown(before: number, now: number): boolean {
  return (before === 0 && now === 0) || now > before;
}

/** When it begins to prove something, ms since the epoch. */
export function usableFrom({ createdAt }: Pick<Passkey, 'createdAt'>, minAgeMs: number): number {
  return createdAt + minAgeMs;
}
