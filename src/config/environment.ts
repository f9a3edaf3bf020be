/**
 * What the deployment gives: bindings, secrets and variables, parsed once per isolate.
 * A missing secret is a named fault; with one, nothing is guarded and nothing passes.
 */
import type { AlertBell } from '../alerts/bell.ts';
import type { Gate } from '../gate/gate.ts';
import type { Gates } from '../gate/gate-client.ts';
import { shareCalls } from '../gate/shared-calls.ts';
import type { Observer } from '../network/observations.ts';
import type { Sources } from '../network/reputation.ts';
import { createSources } from './sources.ts';

/** The raw environment. Everything may be missing: whether it is there is what parsing finds out. */
export interface RawEnvironment {
  readonly MERCHANTS?: KVNamespace;
  readonly GATE?: DurableObjectNamespace<Gate>;
  readonly OBSERVATORY?: DurableObjectNamespace;
  /** Absent: nobody can be alerted. */
  readonly ALERTS?: DurableObjectNamespace;
  readonly ADDRESS_LIMIT?: RateLimit;
  /** Attempts of one merchant, all payers together; absent: no such limit. */
  readonly MERCHANT_LIMIT?: RateLimit;
  /** The record's queue, its tables, and its points for charts; absent: that part is off. */
  readonly JOURNAL?: Queue;
  readonly RECORDS?: D1Database;
  readonly POINTS?: AnalyticsEngineDataset;
  readonly CORDON_ENV?: string;
  readonly CORDON_ADMIN_HOST?: string;
  readonly CORDON_MASTER_KEY?: string;
  readonly CORDON_ADMIN_KEY?: string;
  /** Merchants' own secrets: their names begin with `CORDON_JWT_`, `CORDON_WEBHOOK_` and so on (see below). */
  readonly [name: string]: unknown;
}

export interface Environment {
  readonly kind: 'development' | 'production';
  readonly merchants: KVNamespace;
  readonly gates: Gates;
  /** How long KV may still show a configuration that the management API has replaced. */
  readonly staleForMs: number;
  readonly addressLimit: RateLimit;
  readonly merchantLimit: RateLimit | null;
  /** The only host of the management API in production; null in development, where every host serves it. */
  readonly adminHost: string | null;
  readonly adminKey: string;
  /** HKDF input, not extractable. */
  readonly masterKey: CryptoKey;
  /** A shared secret by its name, or null when the deployment has none of that name. */
  readonly sharedSecret: (name: string) => string | null;
  /** A way to origins that shows them a certificate, by the name of its binding; null: there is none of that name. */
  readonly certificate: (name: string) => Fetcher | null;
  /** Who can be asked about an address. */
  readonly sources: Sources;
  /** Where what is seen of addresses is put together; null: nobody can share. */
  readonly observatory: Observer | null;
  /** Where what goes wrong is told; null: nobody can be alerted. */
  readonly alerts: AlertBell | null;
  /** Where entries of the record go; null: nothing is recorded. */
  readonly journalQueue: Queue | null;
  /** Where they lie; null: there is nothing to look at. */
  readonly records: D1Database | null;
  readonly points: AnalyticsEngineDataset | null;
}

export type EnvironmentResult =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly faults: readonly string[] };

/** A secret that is shared with a shop, by which it proves its customers. */
export const SHARED_SECRET_NAME = /^CORDON_JWT_[A-Z0-9_]{1,64}$/;
/** A secret by which a processor signs its webhooks. */
export const WEBHOOK_SECRET_NAME = /^CORDON_WEBHOOK_[A-Z0-9_]{1,64}$/;
/** A key of a processor's own API. */
export const PROCESSOR_KEY_NAME = /^CORDON_PROCESSOR_[A-Z0-9_]{1,64}$/;
/** A key of somebody's who sells the reputation of addresses. */
export const REPUTATION_KEY_NAME = /^CORDON_REPUTATION_[A-Z0-9_]{1,64}$/;
/** A secret by which alerts are signed. */
export const ALERT_SECRET_NAME = /^CORDON_ALERT_[A-Z0-9_]{1,64}$/;
/** A secret of Cloudflare Turnstile. */
export const TURNSTILE_SECRET_NAME = /^CORDON_TURNSTILE_[A-Z0-9_]{1,64}$/;
/** A key of somebody's who looks at documents and faces. */
export const IDENTITY_KEY_NAME = /^CORDON_IDENTITY_[A-Z0-9_]{1,64}$/;
/** A binding of `mtls_certificates`, through which origins are asked. */
export const CERTIFICATE_NAME = /^ORIGIN_[A-Z0-9_]{1,64}$/;
const SECRET_NAMES = [
  SHARED_SECRET_NAME,
  WEBHOOK_SECRET_NAME,
  PROCESSOR_KEY_NAME,
  REPUTATION_KEY_NAME,
  ALERT_SECRET_NAME,
  TURNSTILE_SECRET_NAME,
  IDENTITY_KEY_NAME,
];
/** Whether it is the name of one of the secrets that configurations may name. */
export function isSecretName(text: string): boolean {
  return SECRET_NAMES.some((form) => form.test(text));
}

const MASTER_KEY_BYTES = 32;
// KV: "60 seconds or more". A local KV shows a write at once, so there only the isolate's own copy can be old.
const KV_PROPAGATION_MS = 90_000;
const ISOLATE_COPY_MS = 5_000;
const ADMIN_KEY_MINIMUM_LENGTH = 16;

/**
 * Parses the environment; `faults` names what is missing or wrong, never a value. `alerts`: the way to tell of what goes
 * wrong, for whoever runs where there is one.
 */
export async function parseEnvironment(
  raw: RawEnvironment,
  alerts: AlertBell | null = null,
): Promise<EnvironmentResult> {
  const { MERCHANTS: merchants, GATE: namespace, ADDRESS_LIMIT: addressLimit } = raw;
  const masterKey = await importMasterKey(raw.CORDON_MASTER_KEY);
  const adminKey = parseAdminKey(raw.CORDON_ADMIN_KEY);
  const kind = parseKind(raw.CORDON_ENV);
  if (merchants && namespace && addressLimit && masterKey && adminKey && kind) {
    const adminHost = kind === 'production' ? (raw.CORDON_ADMIN_HOST?.toLowerCase() ?? '') : null;
    const staleForMs = kind === 'production' ? KV_PROPAGATION_MS : ISOLATE_COPY_MS;
    const haveJurisdictions = kind === 'production';
    const gates = { namespace, haveJurisdictions, shared: shareCalls(), ...tellingOf(alerts) };
    const merchantLimit = raw.MERCHANT_LIMIT ?? null;
    const sharedSecret = (name: string) => sharedSecretOf(raw, name);
    return {
      ok: true,
      environment: {
        kind,
        merchants,
        gates,
        staleForMs,
        addressLimit,
        merchantLimit,
        adminHost,
        adminKey,
        masterKey,
        sharedSecret,
        certificate: (name: string) => certificateOf(raw, name),
        sources: createSources({ merchants, gates, sharedSecret }),
        observatory: observatoryOf(raw.OBSERVATORY),
        alerts,
        journalQueue: raw.JOURNAL ?? null,
        records: raw.RECORDS ?? null,
        points: raw.POINTS ?? null,
      },
    };
  }
  const parts = { MERCHANTS: merchants, GATE: namespace, ADDRESS_LIMIT: addressLimit, CORDON_ENV: kind };
  const faults = Object.entries({ ...parts, CORDON_MASTER_KEY: masterKey, CORDON_ADMIN_KEY: adminKey });
  return { ok: false, faults: faults.flatMap(([name, value]) => (value ? [] : [name])) };
}

function tellingOf(alerts: AlertBell | null): Pick<Gates, 'onUnavailable'> {
  return alerts === null ? {} : { onUnavailable: (merchant) => alerts.gateUnavailable(merchant) };
}

function observatoryOf(namespace: DurableObjectNamespace | undefined): Observer | null {
  if (namespace === undefined) return null;
  // A stub that failed once fails for ever: a new one for each call.
  const stub = () => namespace.getByName('observatory') as unknown as Observer;
  return { observe: (merchant, sightings, now) => stub().observe(merchant, sightings, now) };
}

function parseKind(word: string | undefined): Environment['kind'] | null {
  if (word === undefined || word === '') return 'production';
  return word === 'development' || word === 'production' ? word : null;
}

function parseAdminKey(key: string | undefined): string | null {
  return key !== undefined && key.length >= ADMIN_KEY_MINIMUM_LENGTH ? key : null;
}

async function importMasterKey(base64: string | undefined): Promise<CryptoKey | null> {
  const bytes = decodeBase64(base64 ?? '');
  if (bytes?.byteLength !== MASTER_KEY_BYTES) return null;
  return crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    return null;
  }
}

// Any binding that can fetch would do; the name keeps configurations from naming another.
function certificateOf(raw: RawEnvironment, name: string): Fetcher | null {
  const binding = CERTIFICATE_NAME.test(name) ? raw[name] : null;
  const canFetch = typeof binding === 'object' && binding !== null && 'fetch' in binding;
  return canFetch && typeof binding.fetch === 'function' ? (binding as Fetcher) : null;
}

function sharedSecretOf(raw: RawEnvironment, name: string): string | null {
  const secret = isSecretName(name) ? raw[name] : null;
  return typeof secret === 'string' && secret !== '' ? secret : null;
}
