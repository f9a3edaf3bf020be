/**
 * The merchants' configurations: read, written and deleted as a whole. Everything is checked before anything changes.
 * Order of writing: the configuration, then host entries, so that a host never points at what is not there yet; then
 * the gate, through which every isolate learns of it within seconds. A write that failed half-way is repeated whole.
 */
import type { Watch } from '../alerts/watch.ts';
import type { Json } from '../attempt/json-body.ts';
import type { Unreadable } from '../attempt/unreadable.ts';
import { watchOf } from '../config/alert-policy.ts';
import { readConfigText } from '../config/config-text.ts';
import type { Environment } from '../config/environment.ts';
import type { Fault } from '../config/faults.ts';
import { validateMerchant } from '../config/merchant-config.ts';
import { MERCHANT_ID, type MerchantConfig } from '../config/merchant-schema.ts';
import { MerchantStore, type StoredMerchant } from '../config/merchant-store.ts';
import { checkLoops } from '../config/origin-url.ts';
import { hashOf } from '../config/policies.ts';
import { prepareExpressions } from '../config/rule-schema.ts';
import { checkNewSecrets } from '../config/secret-names.ts';
import type { Authorship, KeptConfig } from '../gate/config-messages.ts';
import { askGate, type GateLocation } from '../gate/gate-client.ts';
import { log, nameOf } from '../journal/log.ts';
import { Writing } from './writing.ts';

export type PutResult =
  | {
      readonly kind: 'created' | 'replaced';
      readonly json: string;
      readonly version: string;
      /** The version that it replaced. */
      readonly before: string | null;
    }
  | { readonly kind: 'not_json'; readonly why: Unreadable }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }
  | { readonly kind: 'host_taken'; readonly host: string }
  /** Another version is in force than the one that was to be replaced, or somebody is writing at this moment. */
  | { readonly kind: 'overtaken' }
  /** Whether that is so cannot be found out. */
  | { readonly kind: 'unavailable' };

export interface Order {
  /** ms since the epoch. */
  readonly now: number;
  readonly by: Authorship;
  /** Whether the caller may name any of the deployment's secrets, and not only those that are named already. */
  readonly namesSecrets: boolean;
  /** Whether it may replace this version (null: nothing); absent where it may replace any. */
  readonly mayReplace?: ((version: string | null) => boolean) | undefined;
}

interface Current {
  readonly stored: StoredMerchant | null;
  readonly kept: KeptConfig | null;
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
    const { stored } = await this.#current(id);
    return stored === null ? null : { json: stored.json, version: await hashOf(stored.json) };
  }

  /** Writes a configuration; `text` is its JSON, `now` in ms since the epoch. Throws when KV does not take it. */
  async put(id: string, text: string, { now, by, namesSecrets, mayReplace }: Order): Promise<PutResult> {
    const parsed = readConfigText(text);
    if (!parsed.ok)
      return parsed.why.because === 'too_large' ? { kind: 'too_large' } : { kind: 'not_json', why: parsed.why };
    const { stored: before, kept } = await this.#current(id);
    const replaced = before === null ? null : await hashOf(before.json);
    if (mayReplace?.(replaced) === false) return { kind: 'overtaken' };
    const strange = namesSecrets ? [] : checkNewSecrets(parsed.value, writtenIn(before?.json ?? null));
    await prepareExpressions(parsed.value);
    const valid = validateMerchant(parsed.value, id, this.#environment);
    // Whether the deployment has a secret of that name is not said beside.
    const others = valid.ok ? [] : valid.faults.filter(({ path }) => strange.every((fault) => fault.path !== path));
    if (!valid.ok || strange.length > 0) return { kind: 'faulty', faults: [...strange, ...others] };
    const loops = await checkLoops(valid.value, (host) => this.#store.merchantOfHost(host));
    if (loops.length > 0) return { kind: 'faulty', faults: loops };
    const taken = await this.#takenHost(valid.value);
    if (taken !== null) return { kind: 'host_taken', host: taken };
    const json = JSON.stringify(parsed.value);
    const version = await hashOf(json);
    const places = [...(before === null ? [] : [gateOf(before.json)]), valid.value.gate];
    const writing = new Writing(this.#environment, id, places);
    const onlyIf = mayReplace === undefined ? undefined : kept;
    const begun = await writing.begin({ now: Math.max(now, (kept?.writtenAt ?? 0) + 1), onlyIf });
    if (begun.kind !== 'taken') return begun;
    const { writtenAt } = begun;
    const { hosts } = valid.value;
    const write = { id, hosts, by, replaced, config: { hash: version, writtenAt, json } };
    await this.#carryOut(writing, write, async () => {
      await this.#store.write(id, { json, writtenAt, by });
      await this.#moveHosts(id, hostsOf(before?.json ?? null), hosts);
    });
    await this.#tellAlerts(id, watchOf(valid.value, { hash: version, writtenAt }), before?.json ?? null);
    return { kind: replaced === null ? 'created' : 'replaced', json, version, before: replaced };
  }

  /** Deletes a configuration and its hosts; null for an unknown merchant. Throws when KV does not answer. */
  async delete(id: string, { now, by }: Pick<Order, 'now' | 'by'>): Promise<{ before: string } | null> {
    const { stored: before } = await this.#current(id);
    if (before === null) return null;
    const writing = new Writing(this.#environment, id, [gateOf(before.json)]);
    const begun = await writing.begin({ now });
    const writtenAt = begun.kind === 'taken' ? begun.writtenAt : now;
    const replaced = await hashOf(before.json);
    const write = { id, hosts: [], by, replaced, config: { hash: '', writtenAt, json: null } };
    await this.#carryOut(writing, write, async () => {
      await this.#moveHosts(id, hostsOf(before.json), []);
      await this.#store.delete(id);
    });
    await this.#tellAlerts(id, null, before.json);
    return { before: replaced };
  }

  /** KV may show the version before last for a minute; where the gate has a later one, that is the current one. */
  async #current(id: string): Promise<Current> {
    const stored = MERCHANT_ID.test(id) ? await this.#store.read(id) : null;
    if (stored === null) return { stored, kept: null };
    const kept = await this.#kept(id, gateOf(stored.json));
    if (kept === null || stored.writtenAt === 0 || kept.writtenAt <= stored.writtenAt) return { stored, kept };
    return { stored: kept.json === null ? null : { json: kept.json, writtenAt: kept.writtenAt }, kept };
  }

  async #kept(merchant: string, gate: GateLocation): Promise<KeptConfig | null> {
    const kept = await askGate(this.#environment.gates, { merchant, gate }, (stub) => stub.lastGoodConfig());
    return kept.kind === 'answered' ? kept.value : null;
  }

  async #carryOut(writing: Writing, write: Write, inKv: () => Promise<void>): Promise<void> {
    try {
      await inKv();
    } catch (error) {
      await writing.giveUp(write.config.writtenAt);
      throw error;
    }
    const later = await writing.end(write.config, write.by);
    await (later === null ? this.#clearUp(writing, write) : this.#giveWay(write, later));
  }

  /** Somebody may have written since `replaced` was read: his hosts are not those of what is in force now. */
  async #clearUp(writing: Writing, { id, hosts, replaced, config }: Write): Promise<void> {
    const other = await writing.replacedOtherThan(replaced, config.writtenAt);
    if (other !== null) await this.#mend(id, () => this.#moveHosts(id, hostsOf(other), hosts));
  }

  /** Of two writes at once the later is in force, whichever reached KV last: KV and the hosts are made to say so. */
  async #giveWay({ id, hosts }: Write, later: KeptConfig): Promise<void> {
    await this.#mend(id, async () => {
      if (later.json === null) await this.#store.delete(id);
      else await this.#store.write(id, { json: later.json, writtenAt: later.writtenAt });
      await this.#moveHosts(id, hosts, hostsOf(later.json));
    });
  }

  // The gate knows better than KV, and every isolate asks it.
  async #mend(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log({ event: 'configuration_left_in_kv', merchant: id, error: nameOf(error) });
    }
  }

  /** Whom to alert from now on: nothing is asked where nobody is to be, and nobody was. */
  async #tellAlerts(id: string, watch: Watch | null, before: string | null): Promise<void> {
    const { alerts } = this.#environment;
    if (watch !== null || fieldOf(before, 'alerts') !== undefined) await alerts?.watchNow(id, watch);
  }

  async #takenHost({ id, hosts }: MerchantConfig): Promise<string | null> {
    for (const host of hosts) {
      const owner = await this.#store.merchantOfHost(host);
      if (owner !== null && owner !== id) return host;
    }
    return null;
  }

  async #moveHosts(id: string, from: readonly string[], to: readonly string[]): Promise<void> {
    for (const host of to) await this.#store.claimHost(host, id);
    for (const host of from) {
      if (!to.includes(host) && (await this.#store.merchantOfHost(host)) === id) await this.#store.releaseHost(host);
    }
  }
}

/** What is written: `hosts` are those that it claims. */
interface Write {
  readonly id: string;
  readonly hosts: readonly string[];
  readonly by: Authorship;
  /** The version that was in force when it began. */
  readonly replaced: string | null;
  readonly config: KeptConfig;
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
