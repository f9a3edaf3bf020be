/**
 * A merchant who has providers asked: a valid baseline, changed where a test needs it.
 */
import { env } from 'cloudflare:workers';
import { deriveDigestKey } from '../../src/attempt/card-fingerprint.ts';
import { parseIp } from '../../src/attempt/ip-address.ts';
import { compileProvider, type ProviderPolicy, providerSchema } from '../../src/config/provider-schema.ts';
import { Deadlines } from '../../src/gate/deadline.ts';
import type { GateCalls, Gates } from '../../src/gate/gate-client.ts';
import type { Intelligence } from '../../src/network/risk.ts';
import { type Asker, Providers } from '../../src/reputation/providers.ts';

export const KEYS: Readonly<Record<string, string>> = {
  CORDON_REPUTATION_ABUSEIPDB: 'abuse_key',
  CORDON_REPUTATION_IPQUALITYSCORE: 'ipqs_key',
};
/** Somebody's, and nobody's in particular. */
export const IP = '185.220.101.7';
export const GATES = { namespace: env.GATE, haveJurisdictions: false } as unknown as Gates;

let made = 0;

/** Not any other test's merchant, gate or cache. */
export async function newAsker(...providers: readonly Partial<Record<string, unknown>>[]): Promise<Asker> {
  const merchant = `m${made++}-${crypto.randomUUID().slice(0, 8)}`;
  const bytes = Uint8Array.fromBase64(env.CORDON_MASTER_KEY);
  const masterKey = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const digestKey = await deriveDigestKey(masterKey, merchant);
  // A gate that is new takes its time.
  const gate = env.GATE.getByName(merchant) as unknown as GateCalls;
  await gate.takeBudget({ provider: '', limit: 0, want: 0 });
  const policies = (providers.length === 0 ? [{}] : providers).map(policyOf);
  return { merchant, gate: {}, digestKey, providers: policies };
}

export function policyOf(change: Partial<Record<string, unknown>>): ProviderPolicy {
  const { name = 'abuseipdb' } = change;
  const key_name = `CORDON_REPUTATION_${String(name).toUpperCase()}`;
  return compileProvider(providerSchema.parse({ name, key_name, timeout_ms: 1_000, ...change }));
}

/** One isolate. */
export function newIsolate(gates: Gates = GATES): Isolate {
  return new Isolate(gates);
}

export class Isolate {
  readonly providers: Providers;
  readonly #after: Promise<unknown>[] = [];

  constructor(gates: Gates) {
    this.providers = new Providers({ gates, sharedSecret: (name) => KEYS[name] ?? null });
  }

  /** Asks as one request would, and concludes at once. */
  async ask(asker: Asker, address = IP): Promise<Intelligence | null> {
    const ip = parseIp(address);
    if (ip === null) throw new Error(address);
    const afterwards = (work: Promise<unknown>) => void this.#after.push(work);
    const inquiry = this.providers.ask(asker, ip, { now: Date.now(), afterwards });
    return inquiry === null ? null : inquiry.conclude(new Deadlines());
  }

  /** Waits for what goes on after the answers. */
  async rest(): Promise<void> {
    for (let seen = -1; seen !== this.#after.length; ) {
      seen = this.#after.length;
      await Promise.all(this.#after);
    }
  }
}

/** Why the first provider was silent; null where it was not. */
export function silenceOf(intelligence: Intelligence | null): string | null {
  return intelligence?.silent[0]?.reason ?? null;
}
