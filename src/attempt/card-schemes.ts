/**
 * Which lengths a card number has that begins with given digits: the table of `credit-card-type`, and its rule for the
 * best match, without the copies that its own look-up makes of every match (20 µs each).
 */
import creditCardType from 'credit-card-type';

interface Scheme {
  /** As the library names it, such as `visa` or `american-express`. */
  readonly name: string;
  readonly lengths: readonly number[];
  /** In the table's order: the first that fits is how closely the scheme fits, not the longest. */
  readonly starts: readonly Start[];
}

interface Start {
  readonly digits: number;
  readonly least: number;
  readonly most: number;
}

// Of nothing, every scheme is a possible one: this is the whole table, in the order of precedence.
const SCHEMES: readonly Scheme[] = creditCardType('').map(({ type, lengths, patterns }) => ({
  name: type,
  lengths,
  starts: patterns.map((pattern) => startOf(typeof pattern === 'object' ? pattern : [pattern, pattern])),
}));
const LONGEST_START = Math.max(...SCHEMES.flatMap(({ starts }) => starts.map(({ digits }) => digits)));

function startOf([least = 0, most = 0]: readonly (number | string)[]): Start {
  return { digits: String(least).length, least: Number(least), most: Number(most) };
}

/** The lengths of the scheme that fits best; none where no scheme does. For 12 digits and more. */
export function lengthsOfScheme(digits: string): readonly number[] {
  return bestScheme(digits)?.lengths ?? [];
}

/** The name of the scheme that fits best; null where none does. For the first six digits and more. */
export function schemeOf(digits: string): string | null {
  return bestScheme(digits)?.name ?? null;
}

function bestScheme(digits: string): Scheme | null {
  const starting = Array.from({ length: LONGEST_START + 1 }, (_, count) => Number(digits.slice(0, count)));
  let best: { readonly scheme: Scheme; readonly strength: number } | null = null;
  for (const scheme of SCHEMES) {
    const strength = scheme.starts.find((start) => fits(start, starting))?.digits ?? 0;
    if (strength > (best?.strength ?? 0)) best = { scheme, strength };
  }
  return best?.scheme ?? null;
}

function fits({ digits, least, most }: Start, starting: readonly number[]): boolean {
  const number = starting[digits] ?? 0;
  return number >= least && number <= most;
}
