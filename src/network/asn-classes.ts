/**
 * What well-known networks are for, by their number. Pure.
 */
import type { Whence } from '../attempt/attempt.ts';
import type { Intelligence, SignalResponse } from './risk.ts';
import type { NetworkClass, Tables } from './tables.ts';

/** `ignore`: it is not looked at. */
export interface ClassRule {
  readonly response: SignalResponse | 'ignore';
  readonly score: number;
}

const SHIPPED: ReadonlyMap<number, NetworkClass> = new Map([
  [16509, 'hosting'],
  [14061, 'hosting'],
  [24940, 'hosting'],
  [9009, 'vpn'],
  [36183, 'relay'],
  [22616, 'gateway'],
]);

/** What the network is for. Relays and gateways stay what they are, whatever an imported list calls them. */
export function classOf({ asn }: Whence, tables: Tables): NetworkClass | 'unknown' {
  if (asn === null) return 'unknown';
  const shipped = SHIPPED.get(asn) ?? null;
  if (shipped === 'relay' || shipped === 'gateway') return shipped;
  return tables.classOf(asn) ?? shipped ?? 'unknown';
}

/** The signal of a network's class; null where no class is looked at. */
export function classHeard(
  whence: Whence,
  rules: Readonly<Record<'hosting' | 'vpn', ClassRule>>,
  tables: Tables,
): Intelligence | null {
  if (rules.hosting.response === 'ignore' && rules.vpn.response === 'ignore') return null;
  if (whence.asn === null) return { asked: 1, signals: [], silent: [{ source: 'hosting', reason: 'missing' }] };
  const kind = classOf(whence, tables);
  const rule = kind === 'hosting' || kind === 'vpn' ? rules[kind] : null;
  if (rule === null || rule.response === 'ignore') return { asked: 1, signals: [], silent: [] };
  const message = `AS${whence.asn} is a ${kind === 'vpn' ? 'VPN' : 'hosting'} network`;
  return { asked: 1, signals: [{ source: kind, score: rule.score, message }], silent: [] };
}
