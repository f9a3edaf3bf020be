/**
 * The merchant's own servers, compiled: what whoever sends a request to one of them needs to know.
 */
import type { Environment } from './environment.ts';
import { compileHiding, type Hiding } from './origin-hiding.ts';
import type { OriginConfig } from './origin-schema.ts';
import { deriveSigningKey, type KeyOwner, type SigningKey } from './signing-key.ts';

/** One of the merchant's servers. */
export interface Place {
  /** Scheme, host and port: what the request's path is put behind. */
  readonly url: string;
  /** With the port where it is not the scheme's own: what the place is called in logs, switches and the gate. */
  readonly host: string;
  /** Where it stands; null where the merchant does not say. */
  readonly country: string | null;
  /** The lower is asked first. */
  readonly priority: number;
  /** Its share among those of one priority. */
  readonly weight: number;
}

export interface OriginPolicy {
  /** At least one, in the order of the configuration. */
  readonly pool: readonly [Place, ...Place[]];
  /** By which each request is signed; null: none is. */
  readonly signingKey: SigningKey | null;
  readonly certificate: Certificate;
  readonly hiding: Hiding;
  /** Null: nobody looks but where something failed. */
  readonly health: HealthPolicy | null;
  /** In lower case: requests that carry it may be sent again to another place. Null: none. */
  readonly sharedIdempotency: string | null;
  /** To the beginning of an answer, where nothing is paid. */
  readonly timeoutMs: number;
}

export interface HealthPolicy {
  readonly path: string;
  readonly intervalMs: number;
}

/** What the pool is shown of who comes. `missing`: it should be, and cannot: then nothing is sent. */
export type Certificate =
  | { readonly kind: 'none' }
  | { readonly kind: 'bound'; readonly binding: Fetcher }
  | { readonly kind: 'missing'; readonly name: string };

/** Of the deployment, what an origin needs. */
export type OriginMeans = Pick<Environment, 'masterKey' | 'certificate'>;

/** Null for a merchant that uses the API alone. `hosts`: the shop's. */
export async function compileOrigin(
  origin: OriginConfig | undefined,
  { hosts, ...owner }: KeyOwner & { readonly hosts: readonly string[] },
  { masterKey, certificate }: OriginMeans,
): Promise<OriginPolicy | null> {
  if (origin === undefined) return null;
  const [first, ...others] = origin.pool.map(compilePlace);
  if (first === undefined) return null;
  const pool: OriginPolicy['pool'] = [first, ...others];
  const { health, shared_idempotency: sharedIdempotency = null, timeout_seconds } = origin;
  const signingKey = origin.sign ? await deriveSigningKey(masterKey, owner) : null;
  const hiding = compileHiding(origin, hosts);
  return Object.freeze({
    pool,
    signingKey,
    certificate: certificateNamed(origin.mtls, certificate),
    hiding,
    health: health === undefined ? null : { path: health.path, intervalMs: health.interval_seconds * 1000 },
    sharedIdempotency,
    timeoutMs: timeout_seconds * 1000,
  });
}

function certificateNamed(name: string | undefined, certificate: OriginMeans['certificate']): Certificate {
  if (name === undefined) return { kind: 'none' };
  const binding = certificate(name);
  return binding === null ? { kind: 'missing', name } : { kind: 'bound', binding };
}

function compilePlace({ url, country, priority, weight }: OriginConfig['pool'][number]): Place {
  const { origin, host } = new URL(url);
  return Object.freeze({ url: origin, host, country: country ?? null, priority, weight });
}
