/**
 * What of the merchant's servers no client may see: their names, and the headers by which they tell of themselves.
 */
import type { Fault } from './faults.ts';
import { faultOfHiding, faultOfKeeping } from './hidden-headers.ts';
import { isLoopback } from './outbound-url.ts';

/** What of an origin's configuration is asked here. */
interface Written {
  readonly pool: readonly { readonly url: string }[];
  readonly hide_headers: readonly string[];
  readonly keep_headers: readonly string[];
}

/** What a server is called in a URL. */
export interface HiddenName {
  /** As URL spells it, without a trailing dot. */
  readonly hostname: string;
  /** Of a server on this machine, where others have the same name; null: whatever the port. */
  readonly port: string | null;
}

export interface Hiding {
  readonly names: readonly HiddenName[];
  /** The names under which the shop itself is known. */
  readonly shops: ReadonlySet<string>;
  /** A text in which this finds nothing names no server and no address, in no spelling, and no plain http. */
  readonly suspect: RegExp;
  /** What the merchant says of single headers, in lower case; null: nothing. */
  readonly own: ReadonlyMap<string, 'hidden' | 'kept'> | null;
}

/** Plain http; escapes, backslashes, tabs and what is no ASCII, behind which a name may hide; what looks like an address. */
const SUSPICIOUS = ['http:', 'ws:', '[%\\\\\\t]', '[^\\x20-\\x7e]', '\\d\\.\\d+\\.\\d', '::', '(?:[0-9a-f]{1,4}:){4}'];

/** Compiles it. `hosts`: the shop's. */
export function compileHiding(origin: Written, hosts: readonly string[]): Hiding {
  const { pool, hide_headers: hide, keep_headers: keep } = origin;
  const names = pool.map(({ url }) => nameOf(new URL(url)));
  const spelled = names.map(({ hostname }) => hostname.replaceAll(/[.[\]]/g, '\\$&'));
  const own = [...hide.map((name) => [name, 'hidden'] as const), ...keep.map((name) => [name, 'kept'] as const)];
  return Object.freeze({
    names,
    shops: new Set(hosts),
    suspect: new RegExp([...spelled, ...SUSPICIOUS].join('|'), 'i'),
    own: own.length === 0 ? null : new Map(own.map(([name, fate]) => [name.toLowerCase(), fate])),
  });
}

/** What is wrong with the lists of headers, by path. */
export function checkHeaderLists({ hide_headers: hide, keep_headers: keep }: Written): readonly Fault[] {
  const hidden = new Set(hide.map((name) => name.toLowerCase()));
  const twofold = (name: string) => (hidden.has(name) ? 'is in hide_headers too' : null);
  return [
    ...faultsIn(hide, '/origin/hide_headers', faultOfHiding),
    ...faultsIn(keep, '/origin/keep_headers', (name) => faultOfKeeping(name) ?? twofold(name)),
  ];
}

function faultsIn(names: readonly string[], at: string, faultOf: (name: string) => string | null): readonly Fault[] {
  return names.flatMap((name, index) => {
    const message = faultOf(name.toLowerCase());
    return message === null ? [] : [{ path: `${at}/${index}`, message }];
  });
}

function nameOf({ hostname, port, protocol }: URL): HiddenName {
  const standard = protocol === 'https:' ? '443' : '80';
  return { hostname: hostname.replace(/\.$/, ''), port: isLoopback(hostname) ? port || standard : null };
}
