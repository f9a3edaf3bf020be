/**
 * A merchant's leases as the API makes and tells them. The proof is handed out once; what is kept is its hash.
 */
import { type IpPrefix, textOfPrefix } from '../attempt/ip-prefix.ts';
import type { Environment } from '../config/environment.ts';
import type { LeasePolicy, Policy } from '../config/policy.ts';
import { askGate, askGateOnce } from '../gate/gate-client.ts';
import type { Renewed } from '../gate/lease-messages.ts';
import type { Lease } from '../network/lease.ts';
import { hashSecret } from './bearer.ts';

/** A lease as the API tells it. */
export interface ToldLease {
  readonly id: string;
  readonly cidr: string;
  readonly owner: string;
  readonly reason: string | null;
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string;
  /** No renewal goes beyond. */
  readonly renewable_until: string;
}

export interface ToldNewLease extends ToldLease {
  readonly proof: string;
}

export interface ToldLeases {
  readonly leases: readonly ToldLease[];
  readonly next_cursor: string | null;
}

/** A merchant that has leases. */
export interface Lessor {
  readonly policy: Policy;
  readonly leases: LeasePolicy;
}

export interface Wanted {
  readonly prefix: IpPrefix;
  readonly owner: string;
  readonly reason: string | null;
  readonly ttlMs: number;
  /** Who asks. */
  readonly createdBy: string;
}

const TIME_DIGITS = 12;
const RANDOM_BYTES = 8;
const PROOF_BYTES = 20;
const ID = /^le_[0-9a-f]{28}$/;

export class LeaseBook {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Null when the gate does not answer: then it may have been made, and ends by itself. */
  async add({ policy, leases }: Lessor, wanted: Wanted, now: number): Promise<ToldNewLease | 'too_many' | null> {
    const id = newId(now);
    const proof = `lp_${randomHex(PROOF_BYTES)}`;
    const lease = {
      id,
      ...wanted,
      createdAt: now,
      expiresAt: now + wanted.ttlMs,
      renewableUntil: now + leases.maxTotalMs,
    };
    const proofHash = await hashSecret(proof);
    const added = await askGate(this.#environment.gates, policy, (gate) =>
      gate.addLease({ ...lease, proofHash }, leases.maxActive),
    );
    if (added.kind === 'unavailable') return null;
    return added.value.kind === 'added' ? { ...toldOf(lease), proof } : added.value.kind;
  }

  /** Null when the gate does not answer: then it may have been renewed. */
  async renew(
    { policy, leases }: Lessor,
    { id, proof, ttlMs }: { readonly id: string; readonly proof: string; readonly ttlMs: number | undefined },
  ): Promise<Renewed | null> {
    const asked = ttlMs === undefined ? {} : { ttlMs };
    const renewal = { id, proofHash: await hashSecret(proof), ...asked, maxTotalMs: leases.maxTotalMs };
    const renewed = await askGateOnce(this.#environment.gates, policy, (gate) => gate.renewLease(renewal));
    return renewed.kind === 'answered' ? renewed.value : null;
  }

  /** What was revoked, false where there is no such lease; null when the gate does not answer. */
  async revoke({ policy }: Lessor, id: string): Promise<ToldLease | false | null> {
    const revoked = await askGateOnce(this.#environment.gates, policy, (gate) => gate.revokeLease(id));
    if (revoked.kind === 'unavailable') return null;
    return revoked.value === null ? false : toldOf(revoked.value);
  }

  /** A page from behind the id `after`; null when the gate does not answer. */
  async list({ policy }: Lessor, page: { after: string; limit: number }): Promise<ToldLeases | null> {
    const listed = await askGate(this.#environment.gates, policy, (gate) => gate.listLeases(page));
    if (listed.kind === 'unavailable') return null;
    const { leases, next } = listed.value;
    return { leases: leases.map(toldOf), next_cursor: next };
  }
}

export function toldOf({ id, prefix, owner, reason, createdBy, ...times }: Lease): ToldLease {
  return {
    id,
    cidr: textOfPrefix(prefix),
    owner,
    reason,
    created_at: new Date(times.createdAt).toISOString(),
    created_by: createdBy,
    expires_at: new Date(times.expiresAt).toISOString(),
    renewable_until: new Date(times.renewableUntil).toISOString(),
  };
}

/** The id that a cursor stands for, '' for none, or null for what is no cursor. */
export function readLeaseCursor(cursor: string): string | null {
  return cursor === '' || ID.test(cursor) ? cursor : null;
}

// Time first, so that they are listed in the order in which they were made.
function newId(now: number): string {
  return `le_${now.toString(16).padStart(TIME_DIGITS, '0')}${randomHex(RANDOM_BYTES)}`;
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
