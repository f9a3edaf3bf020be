/**
 * What a network is for, by the table that ships and by imported ones, and what that says against an address. Pure.
 */
import type { Whence } from '../attempt/attempt.ts';
import { OPERATORS } from './asn-table.ts';
import type { Intelligence, SignalResponse } from './risk.ts';
import type { NetworkClass, Tables } from './tables.ts';

/** `ignore`: it is not looked at. */
export interface ClassRule {
  readonly response: SignalResponse | 'ignore';
  readonly score: number;
}

export type ClassRules = Readonly<Record<'hosting' | 'vpn', ClassRule>>;

const SHIPPED = new Map(OPERATORS.flatMap(({ asns, kind, name }) => asns.map((asn) => [asn, { kind, name }] as const)));
/** Where other people's Workers fetch from, in the network that relays ordinary traffic (reference: 2a06:98c0:3600::103). */
const WORKERS = '2a06:98c0:3600:';

/** What the network is for. Relays and gateways stay what they are, whatever an imported list calls them. */
export function classOf({ ip, asn }: Whence, tables: Tables): NetworkClass | 'unknown' {
  if (ip.text.startsWith(WORKERS)) return 'hosting';
  if (asn === null) return 'unknown';
  const shipped = SHIPPED.get(asn)?.kind ?? null;
  if (shipped === 'relay' || shipped === 'gateway') return shipped;
  return tables.classOf(asn) ?? shipped ?? 'unknown';
}

/** Whether ordinary people share the address by the thousand, so that what is said of it says little of any of them. */
export function isShared(whence: Whence, tables: Tables): boolean {
  const kind = classOf(whence, tables);
  return kind === 'relay' || kind === 'gateway';
}

/** What a network's class says against it; null where no class is looked at. */
export function classHeard(whence: Whence, rules: ClassRules, tables: Tables): Intelligence | null {
  if (rules.hosting.response === 'ignore' && rules.vpn.response === 'ignore') return null;
  const kind = classOf(whence, tables);
  if (whence.asn === null && kind === 'unknown') return UNHEARD;
  if (kind !== 'hosting' && kind !== 'vpn') return NOTHING_SAID;
  const { response, score } = rules[kind];
  if (response === 'ignore') return NOTHING_SAID;
  return { asked: 1, signals: [{ source: kind, score, message: describe(whence, kind) }], silent: [] };
}

const NOTHING_SAID: Intelligence = { asked: 1, signals: [], silent: [] };
const UNHEARD: Intelligence = { asked: 1, signals: [], silent: [{ source: 'hosting', reason: 'missing' }] };

function describe({ asn }: Whence, kind: NetworkClass): string {
  const shipped = asn === null ? undefined : SHIPPED.get(asn);
  const what = kind === 'vpn' ? 'a VPN' : 'a hosting';
  const name = shipped?.kind === kind ? ` (${shipped.name})` : '';
  return asn === null ? `the address is of ${what} network` : `AS${asn}${name} is ${what} network`;
}
