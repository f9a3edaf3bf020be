/**
 * Where a merchant's server may be: at a public name, under https, and never at Cordon itself. Names are looked at, not
 * resolved: a Worker cannot (docs/threat-model.md says what that leaves open).
 */
import type { Environment } from './environment.ts';
import type { Fault } from './faults.ts';
import { checkOutboundUrl, isLoopback } from './outbound-url.ts';

export type Deployment = Pick<Environment, 'kind' | 'adminHost'>;

/** Whose host this is, or null. */
export type OwnerOf = (hostname: string) => Promise<string | null>;

interface Written {
  readonly origin?: { readonly pool: readonly { readonly url: string }[] } | undefined;
}

/** Others are no names of hosts, though URLs may hold them; and nobody would find one in a header. */
const HOST_NAME = /^[a-z0-9.-]+$/;
const LOOP = 'is a host of Cordon itself: a request would go round for ever';

/** What is wrong with the URL of a server, or null. `hosts`: the merchant's. */
export function checkOriginUrl(text: string, hosts: readonly string[], { kind, adminHost }: Deployment): string | null {
  const fault = checkOutboundUrl(text, kind) ?? checkBare(text);
  if (fault !== null) return fault;
  const { hostname } = new URL(text);
  if (isLoopback(hostname)) return null;
  if (!HOST_NAME.test(hostname)) return 'must be a name of letters, digits, hyphens and dots';
  return [...hosts, adminHost].includes(plain(hostname)) ? LOOP : null;
}

/** Servers that are hosts of some merchant of this deployment. An owner that cannot be asked for is none: see CORDON_LOOP. */
export async function checkLoops({ origin }: Written, ownerOf: OwnerOf): Promise<readonly Fault[]> {
  const hostnames = (origin?.pool ?? []).map(({ url }) => plain(new URL(url).hostname));
  const owners = await Promise.all(
    hostnames.map((name) => (isLoopback(name) ? null : ownerOf(name).catch(() => null))),
  );
  return owners.flatMap((owner, index) =>
    owner === null ? [] : [{ path: `/origin/pool/${index}/url`, message: LOOP }],
  );
}

// What URL would tidy up is a fault too: whoever reads the configuration must see what is meant.
function checkBare(text: string): string | null {
  const { pathname } = new URL(text);
  if (text.includes('\\')) return 'must hold no backslashes';
  return pathname === '/' && !/[?#]/.test(text) ? null : 'must have no path, query or fragment';
}

function plain(hostname: string): string {
  return hostname.replace(/\.$/, '');
}
