/**
 * A query parameter by which a route is known (WooCommerce's `wc-ajax`), and the two questions about a request's
 * query: does it say so, and would a lenient server take it to say so?
 */
import { looseName, loosened } from './fields.ts';

export interface QueryPattern {
  /** Name → values; each name must be there with one of them. */
  readonly wanted: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export type QueryFit = 'exact' | 'ambiguous' | 'none';

/** Once decoded; anything else may be cleaned away before a server looks (WordPress strips tags, octets and spaces). */
const PLAIN = /^[A-Za-z0-9._~/-]*$/;

export function compileQuery(wanted: Readonly<Record<string, readonly string[]>>): QueryPattern {
  return { wanted: Object.entries(wanted).map(([name, values]) => ({ name, values })) };
}

/** How the query (`?…`, as it was written) says that the request is meant for a route of this pattern. */
export function fitsQuery(search: string, { wanted }: QueryPattern): QueryFit {
  const fits = wanted.map((one) => fitOne(search, one));
  if (fits.includes('none')) return 'none';
  return fits.includes('ambiguous') ? 'ambiguous' : 'exact';
}

function fitOne(search: string, { name, values }: QueryPattern['wanted'][number]): QueryFit {
  const [only, ...more] = pairsNamed(search, name);
  if (only === undefined) return 'none';
  const value = textOf(only);
  if (only.name !== name || more.length > 0 || !PLAIN.test(value)) return 'ambiguous';
  if (values.includes(value)) return 'exact';
  return values.some((it) => looseName(it) === loosened(value)) ? 'ambiguous' : 'none';
}

/** What stands in the query under this name, or another that some server takes for it. */
export function valuesNamed(search: string, name: string): readonly string[] {
  return pairsNamed(search, name).map(textOf);
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

function pairsNamed(search: string, name: string): readonly Pair[] {
  const spelling = looseName(name);
  // Some servers split at `;` too (HTML 4.01, B.2.2).
  const pairs = search.slice(1).split(/[&;]/).map(splitPair);
  return pairs.filter((pair) => looselyNamed(pair.name) === spelling);
}

function textOf({ value }: Pair): string {
  return decodeLeniently(value.replaceAll('+', ' '));
}

function splitPair(pair: string): Pair {
  const equals = pair.indexOf('=');
  return equals < 0 ? { name: pair, value: '' } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
}

// PHP cuts a name at NUL, reads `wc-ajax[]` as wc-ajax, and makes _ of a dot or a space.
function looselyNamed(name: string): string {
  const decoded = decodeLeniently(name.replaceAll('+', ' '));
  return looseName(decoded.replace(/[\0[].*$/s, ''));
}

/** Percent-decoding of whatever can be decoded. */
export function decodeLeniently(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
    new TextDecoder().decode(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))),
  );
}
