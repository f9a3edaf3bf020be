/**
 * Which decisions are asked for. Every field that is there must hold; times are ms since the epoch, `to` is left out.
 */
import { parseIp } from '../attempt/ip-address.ts';
import { hostMask, type IpPrefix, parsePrefix, textOfPrefix } from '../attempt/ip-prefix.ts';
import type { Decision } from '../decision/evaluation.ts';
import type { OutcomeStatus } from '../outcome/outcome.ts';

export interface DecisionFilter {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly evaluation?: string | undefined;
  readonly decision?: Decision | undefined;
  readonly would_be?: Decision | undefined;
  /** A reason's code, or `code:name`; in whatever mode it spoke. */
  readonly rule?: string | undefined;
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
  /** Six digits, or what they begin with. */
  readonly bin?: string | undefined;
  readonly ip?: AddressFilter | undefined;
  readonly customer?: string | undefined;
  readonly card?: string | undefined;
  readonly session?: string | undefined;
  /** Of the attempt itself, or of a further try of its payment; `none`: nobody said. */
  readonly outcome?: OutcomeStatus | 'none' | undefined;
  readonly route?: string | undefined;
}

/** One address; one recorded prefix (/24, /48); or several of those, of which a wider one is made. */
export type AddressFilter =
  | { readonly kind: 'address'; readonly ip: string; readonly prefix: string }
  | { readonly kind: 'prefixes'; readonly prefixes: readonly string[] };

/** The prefix that is on record with every address. */
const RECORDED = { ipv4: 24, ipv6: 48 } as const;
/** A wider one is so many of those at most: /16 and /40. */
const WIDEST_BITS = 8;

/** Reads an address or a prefix; null for what is neither, too wide or too narrow. */
export function readAddressFilter(text: string): AddressFilter | null {
  if (text.includes('/')) return readPrefix(text);
  const address = parseIp(text);
  return address === null ? null : { kind: 'address', ip: address.text, prefix: recordedPrefixOf(address.text) };
}

function readPrefix(text: string): AddressFilter | null {
  const reading = parsePrefix(text);
  if (reading.kind !== 'prefix') return null;
  const { prefix } = reading;
  const open = recordedLength(prefix) - prefix.length;
  if (open < 0 || open > WIDEST_BITS) return null;
  return { kind: 'prefixes', prefixes: Array.from({ length: 2 ** open }, (_, at) => nthWithin(prefix, at)) };
}

function recordedPrefixOf(ip: string): string {
  const reading = parsePrefix(`${ip}/${ip.includes(':') ? RECORDED.ipv6 : RECORDED.ipv4}`);
  if (reading.kind === 'prefix') return textOfPrefix(reading.prefix);
  return reading.kind === 'host_bits' ? reading.network : '';
}

function recordedLength({ words }: IpPrefix): number {
  return words.length === 1 ? RECORDED.ipv4 : RECORDED.ipv6;
}

/** The prefix of the recorded length at place `at` within a wider one. */
function nthWithin(prefix: IpPrefix, at: number): string {
  const length = recordedLength(prefix);
  // Both lengths end in the middle of a word: the number stands just before the bits that stay open there.
  const word = Math.floor(length / 32);
  const step = hostMask(length, word) + 1;
  const words = prefix.words.map((value, index) => (index === word ? value + at * step : value));
  return textOfPrefix({ words, length });
}
