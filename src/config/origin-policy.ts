/**
 * The merchant's own servers, compiled: what whoever sends a request to one of them needs to know.
 */
import { compileHiding, type Hiding } from './origin-hiding.ts';
import type { OriginConfig } from './origin-schema.ts';

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
  readonly hiding: Hiding;
}

/** Null for a merchant that uses the API alone. `hosts`: the shop's. */
export function compileOrigin(origin: OriginConfig | undefined, hosts: readonly string[]): OriginPolicy | null {
  if (origin === undefined) return null;
  const [first, ...others] = origin.pool.map(compilePlace);
  if (first === undefined) return null;
  const pool: OriginPolicy['pool'] = [first, ...others];
  return Object.freeze({ pool, hiding: compileHiding(origin, hosts) });
}

function compilePlace({ url, country, priority, weight }: OriginConfig['pool'][number]): Place {
  const { origin, host } = new URL(url);
  return Object.freeze({ url: origin, host, country: country ?? null, priority, weight });
}
