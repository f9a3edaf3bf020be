/**
 * Where an answer sends the payer next, and patterns for it: `/checkout/order-received/*`, `https://*`, `#*`,
 * `/checkout?payment=failed`. A pattern takes time in proportion to the text; there are no regular expressions here.
 */

/** The page that an answer leads to. */
export interface Landing {
  /** A path on the shop's own host, `https://elsewhere/path` for another, or the fragment alone where it stays. */
  readonly place: string;
  readonly query: URLSearchParams;
}

export interface LandingPattern {
  /** The texts between the stars, in their order. */
  readonly pieces: readonly string[];
  /** Parameters that must be there just once; null: with whatever value. */
  readonly wanted: readonly (readonly [name: string, value: string | null])[];
}

/** Longer than any page that a shop leads to, and what browsers and servers agree on. */
const LANDING_LIMIT = 8_192;

export function compileLanding(written: string): LandingPattern {
  const at = written.indexOf('?');
  const place = at < 0 ? written : written.slice(0, at);
  const wanted = at < 0 ? [] : [...new URLSearchParams(written.slice(at))];
  return {
    pieces: place.split('*'),
    wanted: wanted.map(([name, value]) => [name, value === '*' ? null : value] as const),
  };
}

/** `base`: the URL that was asked for. Null for what leads nowhere. */
export function readLanding(reference: string | null, base: Pick<URL, 'href'>): Landing | null {
  if (reference === null || reference.length > LANDING_LIMIT) return null;
  if (reference.startsWith('#')) return { place: reference, query: new URLSearchParams() };
  const url = URL.parse(reference, base.href);
  if (url === null) return null;
  const { host, origin, pathname, searchParams: query } = url;
  return { place: host === URL.parse(base.href)?.host ? pathname : `${origin}${pathname}`, query };
}

export function fitsLanding({ place, query }: Landing, { pieces, wanted }: LandingPattern): boolean {
  return fitsPieces(place, pieces) && wanted.every(([name, value]) => hasOnce(query, name, value));
}

/** The one value of a parameter; null where it is missing or there twice, for then nobody knows who wrote which. */
export function onlyValue(query: URLSearchParams, name: string): string | null {
  const [value = null, ...more] = query.getAll(name);
  return more.length === 0 ? value : null;
}

function hasOnce(query: URLSearchParams, name: string, value: string | null): boolean {
  const only = onlyValue(query, name);
  return only !== null && (value === null || only === value);
}

/** The first piece begins the text and the last one ends it; each other is looked for behind the one before. */
function fitsPieces(text: string, [first = '', ...rest]: readonly string[]): boolean {
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
