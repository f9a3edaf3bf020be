/**
 * A route's path, and the two questions about a request's path: is it this path, and would a lenient server take it
 * for this path? The second finds the spellings by which a payment could slip past a guard that compares text.
 */
export interface PathPattern {
  /** One a segment: its text, or null for a `{name}`. */
  readonly segments: readonly (string | null)[];
}

const PLAIN_SEGMENT = /^[A-Za-z0-9._~-]+$/;
const DECODING_ROUNDS = 3;
const FRONT_CONTROLLERS = ['index.php', 'app.php'];
/** What a server adds by itself to the path of a folder. */
const INDEX = /^(?:index|default)(?:\.[a-z0-9]{1,5})?$/;

export function compilePath(path: string): PathPattern {
  return { segments: segmentsOf(path).map((segment) => (segment.startsWith('{') ? null : segment)) };
}

/** Whether the path, as it stands in the request line, is exactly this path. */
export function isExactly(rawPath: string, { segments }: PathPattern): boolean {
  const given = segmentsOf(rawPath);
  return given.length === segments.length && segments.every((segment, i) => fits(given[i] ?? '', segment));
}

/** Whether some server would take the path for this one, after decoding, folding and cleaning it. */
export function isLoosely(rawPath: string, { segments }: PathPattern): boolean {
  const pattern = withoutIndex(segments.map((segment) => segment?.toLowerCase() ?? null));
  return looseReadings(rawPath).some((given) => fitsLoosely(withoutIndex(given), pattern));
}

function segmentsOf(path: string): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}

function fits(given: string, segment: string | null): boolean {
  return segment === null ? PLAIN_SEGMENT.test(given) : given === segment;
}

function fitsLoosely(given: readonly (string | null)[], pattern: readonly (string | null)[]): boolean {
  // A script takes what follows its name as path info: /pay.php/anything runs /pay.php.
  const isScript = pattern.at(-1)?.includes('.') ?? false;
  if (given.length < pattern.length || (given.length > pattern.length && !isScript)) return false;
  return pattern.every((segment, i) => {
    const other = given[i] ?? null;
    return segment === null || other === segment || withoutFormat(other) === withoutFormat(segment);
  });
}

// Rails and others: /api/pay.json is /api/pay. Apache's MultiViews: /pay is /pay.php.
function withoutFormat(segment: string | null): string | undefined {
  return segment?.replace(/\.[a-z0-9]{1,5}$/, '');
}

function withoutIndex(segments: readonly (string | null)[]): readonly (string | null)[] {
  return INDEX.test(segments.at(-1) ?? '') ? segments.slice(0, -1) : segments;
}

/**
 * The segments as different servers come by them: parameters dropped before decoding (Tomcat) or after, segments
 * split before decoding (RFC 3986, 2.4) or after, cut at an encoded NUL, `?` or `#` or not, front controllers gone.
 */
function looseReadings(rawPath: string): readonly (readonly string[])[] {
  const texts = [...new Set([rawPath, rawPath.replaceAll(/;[^/]*/g, '')])].flatMap((text) => {
    const decoded = decodeAll(text);
    return [decoded, decoded.replace(/[\0?#].*$/s, '')];
  });
  const readings = [...new Set(texts)].map((text) => cleanSegments(text.replaceAll('\\', '/').split('/')));
  if (rawPath.includes('%')) readings.push(cleanSegments(rawPath.split('/').map(decodeAll)));
  return readings.flatMap((segments) => {
    const direct = segments.filter((segment) => !FRONT_CONTROLLERS.includes(segment));
    return direct.length === segments.length ? [segments] : [segments, direct];
  });
}

function decodeAll(path: string): string {
  let text = path;
  for (let round = 0; round < DECODING_ROUNDS && text.includes('%'); round++) text = decodeOnce(text);
  return text.normalize('NFKC').toLowerCase();
}

/** Bytes first, then UTF-8, leniently: overlong forms of ASCII (`%c0%af` is `/`) and `%uXXXX` are known tricks. */
function decodeOnce(text: string): string {
  return text
    .replace(/%u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/%c([01])%([89ab][0-9a-f])/gi, overlong)
    .replace(/%e0%8([01])%([89ab][0-9a-f])/gi, overlong)
    .replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
}

function overlong(_: string, high: string, low: string): string {
  return String.fromCharCode((Number(high) << 6) | (Number.parseInt(low, 16) & 0x3f));
}

function decodeRun(run: string): string {
  const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
  return new TextDecoder().decode(bytes);
}

function cleanSegments(raws: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const raw of raws) {
    const segment = raw.replace(/;.*$/s, '');
    if (segment.trim() === '..') kept.pop();
    // Windows drops trailing dots and spaces, others drop control and invisible characters.
    const clean = withoutTrailingDots(segment.replaceAll(/[\p{Cc}\p{Cf}\s\uFFFD]/gu, ''));
    if (clean !== '') kept.push(clean);
  }
  return kept;
}

// A loop, for /\.+$/ takes quadratic time over dots that are followed by something else.
function withoutTrailingDots(segment: string): string {
  let end = segment.length;
  while (segment[end - 1] === '.') end--;
  return segment.slice(0, end);
}
