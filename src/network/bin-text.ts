/**
 * Lists of issuers' countries: `45717360,DK` a line, or CSV whose header names the columns. The digits of a BIN are kept
 * as half-bytes of one word, so that a BIN is a prefix and looked up like an address. Pure.
 */
import type { IpPrefix } from '../attempt/ip-prefix.ts';
import { bad, type TableLine } from './feed-text.ts';
import { isCountry } from './regions.ts';

const DIGITS = 8;
const BIN = /^\d{6,8}$/;
const HEADERS = {
  from: ['bin', 'iin', 'iin_start', 'bin_start'],
  to: ['iin_end', 'bin_end'],
  country: ['country', 'alpha_2', 'country_code', 'isocode2', 'iso_code_2'],
} as const;
const WITHOUT_HEADER: Columns = { from: 0, to: null, country: 1 };

interface Columns {
  readonly from: number;
  readonly to: number | null;
  readonly country: number;
}

/** A reader of one list: the first line may tell what the columns are. */
export function createBinReader(): (line: string) => TableLine {
  let columns: Columns | null = null;
  return (line) => {
    const text = line.trim();
    if (text === '' || /^(?:[#;]|\/\/)/.test(text)) return { kind: 'blank' };
    const fields = fieldsOf(text);
    if (columns !== null) return readFields(fields, columns);
    const told = columnsOf(fields);
    columns = told ?? WITHOUT_HEADER;
    return told === null ? readFields(fields, columns) : { kind: 'blank' };
  };
}

/** The prefix that a BIN is, of as many digits as are known; null for anything but 6 to 8 digits. */
export function prefixOfBin(bin: string): IpPrefix | null {
  return BIN.test(bin) ? prefixOfDigits(bin) : null;
}

function prefixOfDigits(digits: string): IpPrefix {
  return { words: [Number.parseInt(digits.padEnd(DIGITS, '0'), 16)], length: digits.length * 4 };
}

function readFields(fields: readonly string[], columns: Columns): TableLine {
  const from = fields[columns.from] ?? '';
  const to = (columns.to === null ? '' : fields[columns.to]) || from;
  const value = (fields[columns.country] ?? '').toUpperCase();
  if (!BIN.test(from) || !BIN.test(to)) return bad('a BIN has 6 to 8 digits');
  if (!isCountry(value)) return bad('no country (ISO 3166-1 alpha-2)');
  const first = from.padEnd(DIGITS, '0');
  const last = to.padEnd(DIGITS, '9');
  if (first > last) return bad('the range ends before it begins');
  return { kind: 'prefixes', prefixes: blocksOf(Number(first), Number(last)), value };
}

/** The fewest blocks of numbers with common first digits that make up a range of eight digits. */
function blocksOf(first: number, last: number): readonly IpPrefix[] {
  const blocks: IpPrefix[] = [];
  for (let at = first; at <= last; ) {
    let size = 1;
    while (at % (size * 10) === 0 && at + size * 10 - 1 <= last && size < 10 ** (DIGITS - 1)) size *= 10;
    blocks.push(
      prefixOfDigits(
        String(at)
          .padStart(DIGITS, '0')
          .slice(0, DIGITS - Math.log10(size)),
      ),
    );
    at += size;
  }
  return blocks;
}

function columnsOf(fields: readonly string[]): Columns | null {
  const names = fields.map((field) => field.toLowerCase());
  const find = (known: readonly string[]) => names.findIndex((name) => known.includes(name));
  const [from, to, country] = [find(HEADERS.from), find(HEADERS.to), find(HEADERS.country)];
  return from < 0 || country < 0 ? null : { from, to: to < 0 ? null : to, country };
}

/** The fields of a line of CSV (RFC 4180), or of one with tabs or semicolons. */
function fieldsOf(text: string): readonly string[] {
  const separator = [',', '\t', ';'].find((one) => text.includes(one)) ?? ' ';
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      fields.push(field.trim());
      field = '';
    } else field += character;
  }
  return [...fields, field.replace(/\s+(?:#|\/\/).*$/, '').trim()];
}
