/**
 * The merchants' configurations: read, written and deleted as a whole. Everything is checked before anything changes.
 * Order of writing: the gate first, then KV, then host entries, so that a host never points at what is not there yet.
 */
import { readJson } from '../attempt/json-body.ts';
import type { Environment } from '../config/environment.ts';
import { type Fault, validateMerchant } from '../config/merchant-config.ts';
import { MERCHANT_ID, type MerchantConfig } from '../config/merchant-schema.ts';
import { MerchantStore } from '../config/merchant-store.ts';
import { hashOf } from '../config/policies.ts';
import { askGate, type GateLocation } from '../gate/gate-client.ts';

export type PutResult =
  | { readonly kind: 'created' | 'replaced'; readonly json: string; readonly version: string }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }
  | { readonly kind: 'host_taken'; readonly host: string }
  | { readonly kind: 'unavailable' };

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
    const stored = MERCHANT_ID.test(id) ? await this.#store.read(id) : null;
    return stored === null ? null : { json: stored.json, version: await hashOf(stored.json) };
  }

  /** Writes a configuration; `text` is its JSON, `now` in ms since the epoch. */
  async put(id: string, text: string, now: number): Promise<PutResult> {
    const parsed = readJson(text);
    if (!parsed.ok) return { kind: 'not_json' };
    const valid = validateMerchant(parsed.value, id, this.#environment);
    if (!valid.ok) return { kind: 'faulty', faults: valid.faults };
    const taken = await this.#takenHost(valid.config);
    if (taken !== null) return { kind: 'host_taken', host: taken };
    const before = await this.#store.read(id);
    const json = JSON.stringify(parsed.value);
    const version = await hashOf(json);
    if (!(await this.#keep(valid.config, { hash: version, writtenAt: now, json }))) return { kind: 'unavailable' };
    await this.#store.write(id, { json, writtenAt: now });
    await this.#moveHosts(id, hostsOf(before?.json ?? null), valid.config.hosts);
    return { kind: before === null ? 'created' : 'replaced', json, version };
  }

  /** Deletes a configuration and its hosts; false for an unknown merchant, null when its gate did not answer. */
  async delete(id: string, now: number): Promise<boolean | null> {
    const before = await this.get(id);
    if (before === null) return false;
    const gone = { hash: '', writtenAt: now, json: null };
    if (!(await this.#keep({ id, gate: gateOf(before.json) }, gone))) return null;
    await this.#moveHosts(id, hostsOf(before.json), []);
    await this.#store.delete(id);
    return true;
  }

  async #takenHost({ id, hosts }: MerchantConfig): Promise<string | null> {
    for (const host of hosts) {
      const owner = await this.#store.merchantOfHost(host);
      if (owner !== null && owner !== id) return host;
    }
    return null;
  }

  async #keep(
    { id, gate }: { id: string; gate: GateLocation },
    config: { hash: string; writtenAt: number; json: string | null },
  ): Promise<boolean> {
    const address = { merchant: id, gate };
    const offered = await askGate(this.#environment.gates, address, (stub) => stub.offerConfig(config, 0));
    return offered.kind === 'answered';
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

function gateOf(json: string): GateLocation {
  const gate = fieldOf(json, 'gate');
  return typeof gate === 'object' && gate !== null && !Array.isArray(gate) ? (gate as GateLocation) : {};
}

function fieldOf(json: string | null, name: string): unknown {
  const parsed = json === null ? null : readJson(json);
  if (parsed === null || !parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return undefined;
  return (parsed.value as Record<string, unknown>)[name];
}
