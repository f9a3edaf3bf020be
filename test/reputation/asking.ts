/**
 * A merchant who has providers asked: a valid baseline, changed where a test needs it.
 */
import { env } from 'cloudflare:workers';
import { deriveDigestKey } from '../../src/attempt/card-fingerprint.ts';
import { parseIp } from '../../src/attempt/ip-address.ts';
import { compileProvider, providerSchema } from '../../src/config/provider-schema.ts';
import type { GateCalls, Gates } from '../../src/gate/gate-client.ts';
import { PROVIDER_NAMES } from '../../src/network/provider-api.ts';
import { PROVIDER_APIS } from '../../src/network/providers/provider-apis.ts';
import { type Asker, gather, type ProviderRule, type Sources } from '../../src/network/reputation.ts';
import type { Intelligence } from '../../src/network/risk.ts';
import { NO_TABLES } from '../../src/network/tables.ts';
import { Lookups } from '../../src/reputation/lookups.ts';
import { rules } from '../network/reputation-baseline.ts';

export const KEYS: Readonly<Record<string, string>> = {
  CORDON_REPUTATION_ABUSEIPDB: 'abuse_key',
  CORDON_REPUTATION_IPQUALITYSCORE: 'ipqs_key',
};
/** Somebody's, and nobody's in particular. */
export const IP = '185.220.101.7';
export const GATES = { namespace: env.GATE, haveJurisdictions: false } as unknown as Gates;

let made = 0;

/** A merchant, and whom he has asked. */
export interface Client {
  readonly asker: Asker;
  readonly merchant: string;
  readonly providers: readonly ProviderRule[];
}

/** Not any other test's merchant, gate or cache. */
export async function newAsker(...providers: readonly Partial<Record<string, unknown>>[]): Promise<Client> {
  const merchant = `m${made++}-${crypto.randomUUID().slice(0, 8)}`;
  const bytes = Uint8Array.fromBase64(env.CORDON_MASTER_KEY);
  const masterKey = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const digestKey = await deriveDigestKey(masterKey, merchant);
  // A gate that is new takes its time.
  const gate = env.GATE.getByName(merchant) as unknown as GateCalls;
  await gate.takeBudget({ provider: '', limit: 0, want: 0 });
  const all = (providers.length === 0 ? [{}] : providers).map(ruleOf);
  return { merchant, asker: { merchant, gate: {}, digestKey }, providers: all };
}

function ruleOf(change: Partial<Record<string, unknown>>): ProviderRule {
  const { name = 'abuseipdb' } = change;
  const key_name = `CORDON_REPUTATION_${String(name).toUpperCase()}`;
  return compileProvider(providerSchema.parse({ name, key_name, timeout_ms: 1_000, ...change }));
}

/** One isolate. */
export function newIsolate(gates: Gates = GATES): Isolate {
  return new Isolate(gates);
}

export class Isolate {
  readonly #sources: Sources;
  readonly #after: Promise<unknown>[] = [];

  constructor(gates: Gates) {
    const deployment = { gates, sharedSecret: (name: string) => KEYS[name] ?? null };
    const lookups = PROVIDER_NAMES.map((name) => [name, new Lookups(PROVIDER_APIS[name], deployment)] as const);
    this.#sources = { tables: NO_TABLES, providers: new Map(lookups) };
  }

  /** Asks as one request would. Null where nobody was to be asked. */
  ask({ asker, providers }: Client, address = IP): Intelligence | null | Promise<Intelligence | null> {
    const ip = parseIp(address);
    if (ip === null) throw new Error(address);
    const afterwards = (work: Promise<unknown>) => void this.#after.push(work);
    const asking = { sources: this.#sources, asker, now: Date.now(), afterwards };
    const gathered = gather({ ip, country: null, asn: null }, { ...rules, providers }, asking);
    return gathered instanceof Promise
      ? gathered.then(([layer]) => told(layer?.intelligence))
      : told(gathered[0]?.intelligence);
  }

  /** Waits for what goes on after the answers. */
  async rest(): Promise<void> {
    for (let seen = -1; seen !== this.#after.length; ) {
      seen = this.#after.length;
      await Promise.all(this.#after);
    }
  }
}

function told(intelligence: Intelligence | undefined): Intelligence | null {
  return intelligence === undefined || intelligence.asked === 0 ? null : intelligence;
}

/** Why the first provider was silent; null where it was not. */
export function silenceOf(intelligence: Intelligence | null): string | null {
  return intelligence?.silent[0]?.reason ?? null;
}
