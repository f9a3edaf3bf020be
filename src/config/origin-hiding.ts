/**
 * What of the merchant's servers no client may see: their names, and the headers by which they tell of themselves.
 */
import type { OriginConfig } from './origin-schema.ts';

/** What a server is called in a URL. */
export interface HiddenName {
  /** As URL spells it, without a trailing dot. */
  readonly hostname: string;
  /** Of a server on this machine, where others have the same name; null: whatever the port. */
  readonly port: string | null;
}

export interface Hiding {
  readonly names: readonly HiddenName[];
}

/** Compiles it. */
export function compileHiding({ pool }: OriginConfig): Hiding {
  return Object.freeze({ names: pool.map(({ url }) => nameOf(new URL(url))) });
}

function nameOf({ hostname, port }: URL): HiddenName {
  return { hostname: hostname.replace(/\.$/, ''), port: port === '' ? null : port };
}
