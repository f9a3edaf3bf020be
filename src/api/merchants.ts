/**
 * The merchants' configurations: read, written and deleted as a whole. Everything is checked before anything changes.
 * Order of writing: the configuration, then host entries, so that a host never points at what is not there yet; then
 * the gate, through which every isolate learns of it within seconds. A write that failed half-way is repeated whole.
 */
import type { Watch } from '../alerts/watch.ts';
import type { Json } from '../attempt/json-body.ts';
import { watchOf } from '../config/alert-policy.ts';
import { readConfigText } from '../config/config-text.ts';
import type { Environment } from '../config/environment.ts';
import type { Fault } from '../config/faults.ts';
import { validateMerchant } from '../config/merchant-config.ts';
import { MERCHANT_ID, type MerchantConfig } from '../config/merchant-schema.ts';
import { MerchantStore, type StoredMerchant } from '../config/merchant-store.ts';
import { hashOf } from '../config/policies.ts';
import { checkNewSecrets } from '../config/secret-names.ts';
import { askGate, type GateLocation } from '../gate/gate-client.ts';
import type { KeptConfig } from '../gate/gate-messages.ts';

export type PutResult =
  | {
      readonly kind: 'created' | 'replaced';
      readonly json: string;
      readonly version: string;
      /** The version that it replaced. */
      readonly before: string | null;
    }
  | { readonly kind: 'not_json' | 'too_large' }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }
  | { readonly kind: 'host_taken'; readonly host: string };

export interface Writing {
  /** ms since the epoch. */
  readonly now: number;
  /** Whether the caller may name any of the deployment's secrets, and not only those that are named already. */
  readonly namesSecrets: boolean;
}

export class Merchants {
  readonly #environment: Environment;
  readonly #store: MerchantStore;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#store = new MerchantStore(environment.merchants);
  }

  list(): Promise<readonly string[]> {
    return this.#store.list();
  }

  /** The configuration's JSON as it was written, and its version; null for an unknown merchant. */
  async get(id: string): Promise<{ json: string; version: string } | null> {
    const current = await this.#current(id);
    return current === null ? null : { json: current.json, version: await hashOf(current.json) };
  }

  /** Writes a configuration; `text` is its JSON, `now` in ms since the epoch. Throws when KV does not take it. */
  async put(id: string, text: string, { now, namesSecrets }: Writing): Promise<PutResult> {
    const parsed = readConfigText(text);
    if (!parsed.ok) return { kind: parsed.why.because === 'too_large' ? 'too_large' : 'not_json' };
    const before = await this.#current(id);
    const strange = namesSecrets ? [] : checkNewSecrets(parsed.value, writtenIn(before?.json ?? null));
    const valid = validateMerchant(parsed.value, id, this.#environment);
    // Whether the deployment has a secret of that name is not said beside.
    const others = valid.ok ? [] : valid.faults.filter(({ path }) => strange.every((fault) => fault.path !== path));
    if (!valid.ok || strange.length > 0) return { kind: 'faulty', faults: [...strange, ...others] };
    const taken = await this.#takenHost(valid.value);
    if (taken !== null) return { kind: 'host_taken', host: taken };
    const json = JSON.stringify(parsed.value);
    const version = await hashOf(json);
    const writtenAt = await this.#laterThanKept(id, valid.value.gate, now);
    await this.#store.write(id, { json, writtenAt });
    await this.#moveHosts(id, hostsOf(before?.json ?? null), valid.value.hosts);
    await this.#tellGates(id, [gateOf(before?.json ?? null), valid.value.gate], {
      hash: version,
      writtenAt,
      json,
    });
    await this.#tellAlerts(id, watchOf(valid.value, { hash: version, writtenAt }), before?.json ?? null);
    const replaced = before === null ? null : await hashOf(before.json);
    return { kind: replaced === null ? 'created' : 'replaced', json, version, before: replaced };
  }

  /** Deletes a configuration and its hosts; false for an unknown merchant. Throws when KV does not answer. */
  async delete(id: string, now: number): Promise<boolean> {
    const before = await this.#current(id);
    if (before === null) return false;
    await this.#moveHosts(id, hostsOf(before.json), []);
    await this.#store.delete(id);
    const writtenAt = await this.#laterThanKept(id, gateOf(before.json), now);
    await this.#tellGates(id, [gateOf(before.json)], { hash: '', writtenAt, json: null });
    await this.#tellAlerts(id, null, before.json);
    return true;
  }

  /** KV may show the version before last for a minute; where the gate has a later one, that is the current one. */
  async #current(id: string): Promise<StoredMerchant | null> {
    const stored = MERCHANT_ID.test(id) ? await this.#store.read(id) : null;
    if (stored === null) return null;
    const kept = await this.#kept(id, gateOf(stored.json));
    if (kept === null || stored.writtenAt === 0 || kept.writtenAt <= stored.writtenAt) return stored;
    return kept.json === null ? null : { json: kept.json, writtenAt: kept.writtenAt };
  }

  async #kept(merchant: string, gate: GateLocation): Promise<KeptConfig | null> {
    const kept = await askGate(this.#environment.gates, { merchant, gate }, (stub) => stub.lastGoodConfig());
    return kept.kind === 'answered' ? kept.value : null;
  }

  /** Clocks differ from place to place: what is written last must carry the latest time all the same. */
  async #laterThanKept(id: string, gate: GateLocation, now: number): Promise<number> {
    return Math.max(now, ((await this.#kept(id, gate))?.writtenAt ?? 0) + 1);
  }

  async #takenHost({ id, hosts }: MerchantConfig): Promise<string | null> {
    for (const host of hosts) {
      const owner = await this.#store.merchantOfHost(host);
      if (owner !== null && owner !== id) return host;
    }
    return null;
  }

  /** A gate that does not answer learns of it from KV, through the isolates. */
  async #tellGates(id: string, places: readonly GateLocation[], config: KeptConfig): Promise<void> {
    const { gates } = this.#environment;
    const distinct = new Map(places.map((gate) => [gate.jurisdiction, gate]));
    const tell = (gate: GateLocation) => askGate(gates, { merchant: id, gate }, (stub) => stub.offerConfig(config, 0));
    await Promise.all([...distinct.values()].map(tell));
  }

  /** Whom to alert. An object that does not answer reads it in KV within minutes. */
  async #tellAlerts(id: string, watch: Watch | null, before: string | null): Promise<void> {
    const { alerts } = this.#environment;
    if (alerts === null || (watch === null && fieldOf(before, 'alerts') === undefined)) return;
    try {
      await (watch === null ? alerts.of(id).unwatch() : alerts.of(id).watch(watch));
    } catch (error) {
      const name = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
      console.error(JSON.stringify({ event: 'alert_not_told', merchant: id, error: name }));
    }
  }

  async #moveHosts(id: string, from: readonly string[], to: readonly string[]): Promise<void> {
    for (const host of to) await this.#store.claimHost(host, id);
    for (const host of from) {
      if (!to.includes(host) && (await this.#store.merchantOfHost(host)) === id) await this.#store.releaseHost(host);
    }
  }
}

// What stands in KV may have been written by hand: it is looked at, not trusted.
function hostsOf(json: string | null): readonly string[] {
  const hosts = fieldOf(json, 'hosts');
  return Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string') : [];
}

function gateOf(json: string | null): GateLocation {
  const gate = fieldOf(json, 'gate');
  return typeof gate === 'object' && gate !== null && !Array.isArray(gate) ? (gate as GateLocation) : {};
}

function fieldOf(json: string | null, name: string): unknown {
  const written = writtenIn(json);
  return typeof written === 'object' && written !== null ? (written as Record<string, unknown>)[name] : undefined;
}

function writtenIn(json: string | null): Json {
  const parsed = json === null ? null : readConfigText(json);
  return parsed?.ok === true ? parsed.value : null;
}
