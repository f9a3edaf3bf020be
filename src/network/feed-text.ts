/**
 * Feeds as text: an address, a prefix, a range or a network (`AS64500`) a line, and perhaps a score from 0 to 100 behind
 * it. As strict as addresses are everywhere: what could be read in two ways is a bad line. Pure.
 */
import { parseWords } from '../attempt/ip-address.ts';
import { type IpPrefix, parsePrefix } from '../attempt/ip-prefix.ts';
import { prefixesOfRange } from './prefix-ranges.ts';

/** What one line says. */
export type TableLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'bad'; readonly why: string }
  /** `value` null: the line names none. */
  | { readonly kind: 'prefixes'; readonly prefixes: readonly IpPrefix[]; readonly value: number | string | null }
  | { readonly kind: 'network'; readonly asn: number; readonly value: number | string | null };

/** An entry as wide as this is a mistake, or an attack on those who believe the feed. */
const NARROWEST = { ipv4: 8, ipv6: 16 } as const;
/** The subject, or two of them with a hyphen between; then what stands behind. */
const LINE = /^([^\s,;#-]+)(?:\s*-\s*([^\s,;#-]+))?(.*)$/;
/** A separator and a number, before the end or a further column. */
const SCORE = /^\s*[,;\s]\s*(\d{1,3}(?:\.\d+)?)\s*(?:$|[,;#\s]|\/\/)/;
const NO_SCORE = /^\s*(?:$|[,;]?\s*$|;|#|\/\/)/;
const ASN = /^AS(\d{1,10})$/i;
const BIGGEST_ASN = 4_294_967_295;
const BIGGEST_SCORE = 100;

export function readFeedLine(line: string): TableLine {
  const text = line.trim();
  if (text === '' || /^(?:[#;]|\/\/)/.test(text)) return { kind: 'blank' };
  const [, subject = '', end, rest = ''] = LINE.exec(text) ?? [];
  const value = scoreOf(rest);
  if (value === 'bad') return bad('a score is a number from 0 to 100');
  const asn = end === undefined ? asnOf(subject) : null;
  if (asn !== null) return { kind: 'network', asn, value };
  const prefixes = end === undefined ? prefixesOf(subject) : rangeOf(subject, end);
  if (typeof prefixes === 'string') return bad(prefixes);
  return prefixes.every(isNarrow) ? { kind: 'prefixes', prefixes, value } : bad('wider than /8, or /16 of IPv6');
}

/** The number of a network as feeds write it; null for anything else. */
export function asnOf(text: string): number | null {
  const asn = Number(ASN.exec(text)?.[1] ?? 0);
  return asn >= 1 && asn <= BIGGEST_ASN ? asn : null;
}

export function bad(why: string): TableLine {
  return { kind: 'bad', why };
}

// What is no address is mostly words, and looked at no further.
function prefixesOf(text: string): readonly IpPrefix[] | string {
  if (!text.includes('/')) {
    const words = parseWords(text);
    return words === null ? 'no address, prefix or network' : [{ words, length: words.length * 32 }];
  }
  const reading = parsePrefix(text);
  switch (reading.kind) {
    case 'prefix':
      return [reading.prefix];
    case 'host_bits':
      return `bits are set beyond the prefix: ${reading.network} may be meant`;
    case 'bare_address':
    case 'malformed':
      return 'no address, prefix or network';
  }
}

function rangeOf(from: string, to: string): readonly IpPrefix[] | string {
  const first = parseWords(from);
  const last = parseWords(to);
  return (first && last && prefixesOfRange(first, last)) ?? 'no range of addresses';
}

function isNarrow({ words, length }: IpPrefix): boolean {
  return length >= (words.length === 1 ? NARROWEST.ipv4 : NARROWEST.ipv6);
}

function scoreOf(rest: string): number | null | 'bad' {
  const [, written] = SCORE.exec(rest) ?? [];
  if (written === undefined) return NO_SCORE.test(rest) ? null : 'bad';
  const score = Math.round(Number(written));
  return score <= BIGGEST_SCORE ? score : 'bad';
}
