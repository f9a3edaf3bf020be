/**
 * The policies in force, by host or merchant. An isolate keeps one for at most five seconds. A value in KV that is faulty leaves
 * the last good one in force, which the gate keeps; without one there is no policy, and without a policy no payment.
 */
import { type Bypass, isInForce, latestOf } from '../gate/bypass.ts';
import type { Authorship, KeptConfig } from '../gate/config-messages.ts';
import { askGate, type GateLocation } from '../gate/gate-client.ts';
import type { ListsWord } from '../gate/list-messages.ts';
import type { OriginWord } from '../gate/origin-messages.ts';
import { log, nameOf } from '../journal/log.ts';
import { Announcements, underLists, type Views, viewsOf } from './bypassing.ts';
import { readConfigText } from './config-text.ts';
import type { Environment } from './environment.ts';
import type { Checked } from './faults.ts';
import { gatePlaces } from './gate-places.ts';
import { validateMerchant } from './merchant-config.ts';
import { MERCHANT_ID, type MerchantConfig } from './merchant-schema.ts';
import { MerchantStore, type StoredMerchant } from './merchant-store.ts';
import { checkLoops } from './origin-url.ts';
import { compilePolicy, type Policy } from './policy.ts';
import { RawWrites, type TellFinding } from './raw-writes.ts';
import { prepareExpressions } from './rule-schema.ts';

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

/** A configuration with the last words about a bypass of it, and about which lists are in use. */
interface Found {
  readonly inForce: InForce | null;
  readonly bypass: Bypass | null;
  readonly lists: ListsWord | null;
}

interface Cached extends Found {
  readonly until: number;
  /** What is in force where no bypass is: under the lists. */
  readonly shown: InForce | null;
  /** Null where no bypass is known of. */
  readonly views: Views<InForce> | null;
}

const NOTHING: Found = { inForce: null, bypass: null, lists: null };

type Afterwards = (work: Promise<unknown>) => void;
type HearOrigin = (merchant: string, word: OriginWord) => void;

export class Policies {
  readonly #environment: Environment;
  readonly #store: MerchantStore;
  readonly #cached = new Map<string, Cached>();
  readonly #rawWrites: RawWrites;
  readonly #announced = new Announcements();
  readonly #hear: HearOrigin;

  /** `tell`: puts on record what was found in KV. `hear`: learns what the gate knows of a merchant's servers. */
  constructor(environment: Environment, tell: TellFinding = async () => {}, hear: HearOrigin = () => {}) {
    this.#environment = environment;
    this.#hear = hear;
    this.#store = new MerchantStore(environment.merchants);
    this.#rawWrites = new RawWrites(environment.gates, tell);
  }

  /** The policy of a host where it is at hand, without waiting. */
  atHand(host: string, now: number): InForce | null {
    const cached = this.#cached.get(`host:${host}`);
    return cached !== undefined && cached.until > now ? viewAt(cached, now) : null;
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
    const value = kept.kind === 'answered' ? kept.value : null;
    if (value?.origin !== undefined) this.#hear(policy.merchant, value.origin);
    const inForce = value === null ? null : await this.#compileKept(policy.merchant, value);
    const known = this.#cached.get(keyOf(subject)) ?? NOTHING;
    const bypass = latestOf([known.bypass, value?.bypass]);
    const lists = latestOf([known.lists, value?.lists]);
    const found = serves(inForce, subject)
      ? { inForce, bypass, lists }
      : await this.#load(subject, { ...NOTHING, bypass, lists }, now);
    return viewAt(this.#put(subject, found, now), now);
  }

  /** Forgets what this isolate holds, after it changed something itself. */
  forget(): void {
    this.#cached.clear();
  }

  async #of(subject: Subject, now: number, afterwards: Afterwards): Promise<InForce | null> {
    const cached = this.#cached.get(keyOf(subject));
    if (cached !== undefined && cached.until > now) return viewAt(cached, now);
    const previous = cached ?? NOTHING;
    const found = await this.#load(subject, previous, now);
    const put = this.#put(subject, found, now);
    if (this.#rawWrites.isWaiting) afterwards(this.#rawWrites.tellAll());
    // KV may be behind the gate: what it shows unchanged is asked about, off the payment's path.
    if (found.inForce !== null && found.inForce === previous.inForce) afterwards(this.#renew(subject, put, now));
    return viewAt(put, now);
  }

  async #load(subject: Subject, previous: Found, now: number): Promise<Found> {
    try {
      const id = subject.kind === 'merchant' ? subject.name : await this.#store.merchantOfHost(subject.name);
      if (id === null) return NOTHING;
      const [stored, written, listed] = await Promise.all([
        this.#store.read(id),
        this.#store.bypass(id, now),
        this.#store.listsWord(id),
      ]);
      if (stored === null) return NOTHING;
      const bypass = latestOf([previous.bypass, written]);
      const lists = latestOf([previous.lists, listed]);
      if (previous.inForce !== null && isSame(previous.inForce, stored)) return { ...previous, bypass, lists };
      const fromKv = await this.#compile(id, stored);
      const found = fromKv === null ? await this.#lastGood(id, previous) : await this.#offerUnless(bypass, fromKv, now);
      const known = { ...found, bypass: latestOf([bypass, found.bypass]), lists: latestOf([lists, found.lists]) };
      return serves(known.inForce, subject) ? known : NOTHING;
    } catch (error) {
      log({ event: 'configuration_unreachable', of: subject.kind, name: subject.name, error: nameOf(error) });
      // A host that nothing is known of is not guarded; a caller of the API is told that the storage is away.
      if (previous.inForce === null && subject.kind === 'merchant') throw error;
      return previous;
    }
  }

  async #renew(subject: Subject, { inForce, bypass, lists }: Found, now: number): Promise<void> {
    if (inForce === null) return;
    const { policy } = inForce;
    // Asked by its version first: a configuration may be as long as 1.9 MB, and is the same nearly always.
    const kept = await askGate(this.#environment.gates, policy, (gate) => gate.keptVersion());
    const { hash, writtenAt } = policy.version;
    const value = kept.kind === 'answered' ? kept.value : null;
    if (value?.origin !== undefined) this.#hear(policy.merchant, value.origin);
    const isKept = value?.hash === hash && value.writtenAt === writtenAt;
    const newest = isKept
      ? { inForce, bypass: value.bypass ?? null, lists: value.lists ?? null }
      : await this.#offer(inForce);
    const words = { bypass: latestOf([bypass, newest.bypass]), lists: latestOf([lists, newest.lists]) };
    const known = { inForce: newest.inForce, ...words };
    if (known.inForce === inForce && known.bypass === bypass && known.lists === lists) return;
    this.#put(subject, serves(known.inForce, subject) ? known : NOTHING, now);
  }

  /** While a bypass is in force nobody waits for the gate: it may be what is broken. */
  #offerUnless(bypass: Bypass | null, found: InForce, now: number): Promise<Found> {
    return isInForce(bypass, now) ? Promise.resolve({ inForce: found, bypass, lists: null }) : this.#offer(found);
  }

  /** Gives a configuration to the gate to keep; a newer one that the gate has is in force instead. */
  async #offer(found: InForce): Promise<Found> {
    const { gates, staleForMs } = this.#environment;
    const { hash, writtenAt } = found.policy.version;
    const offered = { hash, writtenAt, json: found.json };
    const isSeveral = (found.policy.origin?.pool.length ?? 1) > 1;
    // A gate of the release before knows of no bypass, and of no lists; where there is one server there is nothing to know.
    const answer = await askGate(gates, found.policy, (gate) =>
      Promise.all([
        gate.offerConfig(offered, staleForMs, found.by),
        gate.bypass().catch(() => null),
        gate.listsWord().catch(() => null),
        isSeveral ? gate.originWord().catch(() => null) : null,
      ]),
    );
    // Without the gate, what KV says is in force: judging attempts without the gate is the policy's own affair.
    if (answer.kind === 'unavailable') return { inForce: found, bypass: null, lists: null };
    const [newer, bypass, lists, origin] = answer.value;
    if (origin !== null) this.#hear(found.policy.merchant, origin);
    if (newer === null && writtenAt === 0) this.#rawWrites.taken(found.policy, hash);
    const inForce = newer === null ? found : await this.#compileKept(found.policy.merchant, newer);
    return { inForce, bypass, lists };
  }

  /** A faulty configuration does not say where its gate lives, so each place is asked, and the newest answer counts. */
  async #lastGood(id: string, previous: Found): Promise<Found> {
    const { gates } = this.#environment;
    const ask = (gate: GateLocation) => askGate(gates, { merchant: id, gate }, (stub) => stub.lastGoodConfig());
    const answers = await Promise.all(gatePlaces(gates).map(ask));
    const kept = answers.flatMap((answer) =>
      answer.kind === 'answered' && answer.value !== null ? [answer.value] : [],
    );
    const [newest = null] = kept.toSorted((a, b) => b.writtenAt - a.writtenAt);
    if (newest?.origin !== undefined) this.#hear(id, newest.origin);
    const inForce = (await this.#compileKept(id, newest)) ?? previous.inForce;
    return {
      inForce,
      bypass: latestOf(kept.map(({ bypass }) => bypass)),
      lists: latestOf(kept.map(({ lists }) => lists)),
    };
  }

  async #compileKept(id: string, kept: KeptConfig | null): Promise<InForce | null> {
    if (kept === null || kept.json === null) return null;
    return this.#compile(id, { json: kept.json, writtenAt: kept.writtenAt });
  }

  async #compile(id: string, { json, writtenAt, by }: StoredMerchant): Promise<InForce | null> {
    const hash = await hashOf(json);
    const parsed = readConfigText(json);
    if (parsed.ok) await prepareExpressions(parsed.value);
    const valid = parsed.ok
      ? await this.#unlessLoop(validateMerchant(parsed.value, id, this.#environment))
      : { ok: false as const, faults: [{ path: '', message: 'is not strict JSON, or too long' }] };
    const { alerts } = this.#environment;
    if (valid.ok) {
      const policy = await compilePolicy(valid.value, { hash, writtenAt }, this.#environment);
      if (policy.watch !== null) alerts?.watch(policy.watch);
      return { policy, json, by };
    }
    alerts?.configurationFaulty(id, hash, valid.faults);
    log({ event: 'configuration_faulty', merchant: id, config_version: hash, faults: valid.faults });
    const who = by?.who ?? (writtenAt === 0 ? 'kv' : 'unknown');
    this.#rawWrites.faulty({ merchant: id, version: hash, who }, valid.faults, Date.now());
    return null;
  }

  /** Somebody else may have become a merchant, or written past the API, since this was checked. */
  async #unlessLoop(valid: Checked<MerchantConfig>): Promise<Checked<MerchantConfig>> {
    if (!valid.ok) return valid;
    const faults = await checkLoops(valid.value, (host) => this.#store.merchantOfHost(host));
    return faults.length === 0 ? valid : { ok: false, faults };
  }

  #put(subject: Subject, { inForce, bypass, lists }: Found, now: number): Cached {
    if (this.#cached.size >= CACHE_LIMIT) this.#cached.clear();
    const until = now + (inForce === null ? MISS_KEPT_MS : KEPT_MS);
    const shown = inForce === null ? null : underLists(inForce, lists);
    const views = shown === null || bypass === null ? null : viewsOf(shown, bypass);
    const cached = { inForce, bypass, lists, until, shown, views };
    this.#cached.set(keyOf(subject), cached);
    if (inForce !== null) this.#announced.say(inForce.policy.merchant, bypass, now);
    return cached;
  }
}

/** What is in force now, whoever knows: a bypass ends without anybody being asked. */
function viewAt({ shown, bypass, views }: Cached, now: number): InForce | null {
  if (views === null) return shown;
  return isInForce(bypass, now) ? views.bypassed : views.guarded;
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
