/**
 * The policies in force, by host or merchant. An isolate keeps one for at most five seconds. A value in KV that is faulty leaves
 * the last good one in force, which the gate keeps; without one there is no policy, and without a policy no payment.
 */
import type { Authorship } from '../gate/config-messages.ts';
import { askGate, type GateLocation } from '../gate/gate-client.ts';
import type { KeptConfig } from '../gate/gate-messages.ts';
import { log, nameOf } from '../journal/log.ts';
import { readConfigText } from './config-text.ts';
import type { Environment } from './environment.ts';
import { validateMerchant } from './merchant-config.ts';
import { JURISDICTIONS, MERCHANT_ID } from './merchant-schema.ts';
import { MerchantStore, type StoredMerchant } from './merchant-store.ts';
import { compilePolicy, type Policy } from './policy.ts';

const KEPT_MS = 5_000;
/** A host that is not known may be one that was just added. */
const MISS_KEPT_MS = 1_000;
/** Entries, so that made-up host names cannot fill the isolate. */
const CACHE_LIMIT = 1_000;

/** `json` is what the policy was compiled from, for the gate to keep. */
export interface InForce {
  readonly policy: Policy;
  readonly json: string;
  /** Who wrote it, where KV says so. */
  readonly by?: Authorship | undefined;
}

/** By what a policy is asked for. */
export interface Subject {
  readonly kind: 'host' | 'merchant';
  readonly name: string;
}

interface Cached {
  readonly inForce: InForce | null;
  readonly until: number;
}

type Afterwards = (work: Promise<unknown>) => void;

export class Policies {
  readonly #environment: Environment;
  readonly #store: MerchantStore;
  readonly #cached = new Map<string, Cached>();

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#store = new MerchantStore(environment.merchants);
  }

  /** The policy of a host where it is at hand, without waiting. */
  atHand(host: string, now: number): InForce | null {
    const cached = this.#cached.get(`host:${host}`);
    return cached !== undefined && cached.until > now ? cached.inForce : null;
  }

  /** The policy of a host, or null: an unknown host, or a merchant without any good configuration. */
  ofHost(host: string, now: number, afterwards: Afterwards): Promise<InForce | null> {
    return this.#of({ kind: 'host', name: host }, now, afterwards);
  }

  /** The policy of a merchant, for callers that name one. */
  ofMerchant(id: string, now: number, afterwards: Afterwards): Promise<InForce | null> {
    return MERCHANT_ID.test(id) ? this.#of({ kind: 'merchant', name: id }, now, afterwards) : Promise.resolve(null);
  }

  /** Looks again after the gate said that it knows a newer one; null when there is no policy any more. */
  async refresh(subject: Subject, { policy }: InForce, now: number): Promise<InForce | null> {
    const kept = await askGate(this.#environment.gates, policy, (gate) => gate.lastGoodConfig());
    const fromGate = kept.kind === 'answered' ? await this.#compileKept(policy.merchant, kept.value) : null;
    const inForce = serves(fromGate, subject) ? fromGate : await this.#load(subject, null);
    this.#put(subject, inForce, now);
    return inForce;
  }

  /** Forgets what this isolate holds, after it changed something itself. */
  forget(): void {
    this.#cached.clear();
  }

  async #of(subject: Subject, now: number, afterwards: Afterwards): Promise<InForce | null> {
    const cached = this.#cached.get(keyOf(subject));
    if (cached !== undefined && cached.until > now) return cached.inForce;
    const previous = cached?.inForce ?? null;
    const inForce = await this.#load(subject, previous);
    this.#put(subject, inForce, now);
    // KV may be behind the gate: what it shows unchanged is asked about, off the payment's path.
    if (inForce !== null && inForce === previous) afterwards(this.#renew(subject, inForce, now));
    return inForce;
  }

  async #load(subject: Subject, previous: InForce | null): Promise<InForce | null> {
    try {
      const id = subject.kind === 'merchant' ? subject.name : await this.#store.merchantOfHost(subject.name);
      const stored = id === null ? null : await this.#store.read(id);
      if (id === null || stored === null) return null;
      if (previous !== null && isSame(previous, stored)) return previous;
      const fromKv = await this.#compile(id, stored);
      const inForce = fromKv === null ? ((await this.#lastGood(id)) ?? previous) : await this.#offer(fromKv);
      return serves(inForce, subject) ? inForce : null;
    } catch (error) {
      log({ event: 'configuration_unreachable', of: subject.kind, name: subject.name, error: nameOf(error) });
      // A host that nothing is known of is not guarded; a caller of the API is told that the storage is away.
      if (previous === null && subject.kind === 'merchant') throw error;
      return previous;
    }
  }

  async #renew(subject: Subject, inForce: InForce, now: number): Promise<void> {
    if (await this.#isKept(inForce.policy)) return;
    const newest = await this.#offer(inForce);
    if (newest !== inForce) this.#put(subject, serves(newest, subject) ? newest : null, now);
  }

  /** Asked by its version first: a configuration may be as long as 1.9 MB, and is the same nearly always. */
  async #isKept(policy: Policy): Promise<boolean> {
    const kept = await askGate(this.#environment.gates, policy, (gate) => gate.keptVersion());
    const { hash, writtenAt } = policy.version;
    return kept.kind === 'answered' && kept.value?.hash === hash && kept.value.writtenAt === writtenAt;
  }

  /** Gives a configuration to the gate to keep; a newer one that the gate has is in force instead. */
  async #offer(found: InForce): Promise<InForce | null> {
    const { gates, staleForMs } = this.#environment;
    const offered = { ...found.policy.version, json: found.json };
    const newer = await askGate(gates, found.policy, (gate) => gate.offerConfig(offered, staleForMs, found.by));
    // Without the gate, what KV says is in force: judging attempts without the gate is the policy's own affair.
    if (newer.kind === 'unavailable' || newer.value === null) return found;
    return this.#compileKept(found.policy.merchant, newer.value);
  }

  /** A faulty configuration does not say where its gate lives, so each place is asked, and the newest answer counts. */
  async #lastGood(id: string): Promise<InForce | null> {
    const { gates } = this.#environment;
    const elsewhere = JURISDICTIONS.map((jurisdiction): GateLocation => ({ jurisdiction }));
    const places = gates.haveJurisdictions ? [{}, ...elsewhere] : [{}];
    const ask = (gate: GateLocation) => askGate(gates, { merchant: id, gate }, (stub) => stub.lastGoodConfig());
    const answers = await Promise.all(places.map(ask));
    const kept = answers.flatMap((answer) =>
      answer.kind === 'answered' && answer.value !== null ? [answer.value] : [],
    );
    const [newest = null] = kept.toSorted((a, b) => b.writtenAt - a.writtenAt);
    return this.#compileKept(id, newest);
  }

  async #compileKept(id: string, kept: KeptConfig | null): Promise<InForce | null> {
    if (kept === null || kept.json === null) return null;
    return this.#compile(id, { json: kept.json, writtenAt: kept.writtenAt });
  }

  async #compile(id: string, { json, writtenAt, by }: StoredMerchant): Promise<InForce | null> {
    const hash = await hashOf(json);
    const parsed = readConfigText(json);
    const valid = parsed.ok
      ? validateMerchant(parsed.value, id, this.#environment)
      : { ok: false as const, faults: [{ path: '', message: 'is not strict JSON, or too long' }] };
    if (valid.ok) {
      return { policy: await compilePolicy(valid.value, { hash, writtenAt }, this.#environment.masterKey), json, by };
    }
    log({ event: 'configuration_faulty', merchant: id, config_version: hash, faults: valid.faults });
    return null;
  }

  #put(subject: Subject, inForce: InForce | null, now: number): void {
    if (this.#cached.size >= CACHE_LIMIT) this.#cached.clear();
    this.#cached.set(keyOf(subject), { inForce, until: now + (inForce === null ? MISS_KEPT_MS : KEPT_MS) });
  }
}

function keyOf({ kind, name }: Subject): string {
  return `${kind}:${name}`;
}

/** A host entry alone admits nobody: the merchant's own configuration must name the host too. */
function serves(inForce: InForce | null, { kind, name }: Subject): boolean {
  if (inForce === null) return false;
  return kind === 'host' ? inForce.policy.hosts.has(name) : inForce.policy.merchant === name;
}

function isSame({ policy, json }: InForce, stored: StoredMerchant): boolean {
  return json === stored.json && policy.version.writtenAt === stored.writtenAt;
}

/** The version of a configuration: the first 128 bits of the SHA-256 of its text, in hex. */
export async function hashOf(json: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(json));
  return new Uint8Array(digest).toHex().slice(0, 32);
}
