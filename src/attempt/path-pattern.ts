/**
 * A route's path, and the two questions about a request's path: is it this path, and would a lenient server take it
 * for this path? The second finds the spellings by which a payment could slip past a guard that compares text.
 */
export interface PathPattern {
  /** As it is configured. */
  readonly text: string;
  /** One a segment: its text, or null for a `{name}`. */
  readonly segments: readonly (string | null)[];
  /** The names of the `{name}`s, in their order. */
  readonly names: readonly string[];
}

export const NO_VARIABLES: ReadonlyMap<string, string> = new Map();
const PLAIN_SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;
const DECODING_ROUNDS = 3;
const FRONT_CONTROLLERS = ['index.php', 'app.php'];
/** ASP.NET's session in the path: /(S(…))/pay is /pay. A value ends at its first bracket, there as here: in one way only. */
const COOKIELESS = /^(?:\((?:[a-z]\([^)]*\))+\))+$/i;
/** Stands for a segment of which nothing is left: no route's word is this one. */
const BLANK = ' ';
/** What a server adds by itself to the path of a folder. */
const INDEX = /^(?:index|default)(?:\.[a-z0-9]{1,5})?$/;

export function compilePath(path: string): PathPattern {
  const segments = segmentsOf(path);
  const isVariable = (segment: string) => segment.startsWith('{');
  return {
    text: path,
    segments: segments.map((segment) => (isVariable(segment) ? null : segment)),
    names: segments.filter(isVariable).map((segment) => segment.slice(1, -1)),
  };
}

/** Whether the path, as it stands in the request line, is exactly this path. */
export function isExactly(rawPath: string, { text, segments, names }: PathPattern): boolean {
  if (names.length === 0) return rawPath === text;
  const given = segmentsOf(rawPath);
  return given.length === segments.length && segments.every((segment, i) => fits(given[i] ?? '', segment));
}

/** What stands for each `{name}` in a path that is exactly this one. */
export function variablesIn(rawPath: string, { segments, names }: PathPattern): ReadonlyMap<string, string> {
  if (names.length === 0) return NO_VARIABLES;
  const given = segmentsOf(rawPath).filter((_, i) => segments[i] === null);
  return new Map(names.map((name, i) => [name, given[i] ?? '']));
}

/** Whether some server that reads the path in one of these ways would take it for this one. */
export function fitsLoosely(readings: readonly PathReading[], { segments }: PathPattern): boolean {
  const pattern = segments.filter((segment) => segment !== '').map((segment) => segment?.toLowerCase() ?? null);
  return readings.some(({ kept, climbs }) =>
    climbs ? passesBy(kept, pattern) : isMeant(kept, pattern) || isMeant(withoutIndex(kept), withoutIndex(pattern)),
  );
}

function segmentsOf(path: string): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}

function fits(given: string, segment: string | null): boolean {
  return segment === null ? PLAIN_SEGMENT.test(given) : given === segment;
}

type Segments = readonly (string | null)[];

function isMeant(given: Segments, pattern: Segments): boolean {
  // A script takes what follows its name as path info: /pay.php/anything runs /pay.php.
  const isScript = pattern.at(-1)?.includes('.') ?? false;
  if (given.length < pattern.length || (given.length > pattern.length && !isScript)) return false;
  const last = pattern.length - 1;
  return pattern.every(
    (segment, i) => means(given[i] ?? null, segment) || (i === last && isVariant(given[i], segment)),
  );
}

/** Which `..` takes which segment away differs from server to server: it is enough that the path's words are there. */
function passesBy(given: Segments, pattern: Segments): boolean {
  let at = 0;
  for (const segment of given)
    if (at < pattern.length && (means(segment, pattern[at]) || isVariant(segment, pattern[at]))) at++;
  return at === pattern.length;
}

function means(given: string | null, segment: string | null | undefined): boolean {
  return segment === null || given === segment;
}

// Rails and others: /api/pay.json is /api/pay. Apache's MultiViews: /pay is /pay.php.
function isVariant(given: string | null | undefined, segment: string | null | undefined): boolean {
  return given != null && segment != null && (withoutFormat(given) === segment || given === withoutFormat(segment));
}

function withoutFormat(segment: string): string {
  return segment.replace(/\.[^.]+$/, '');
}

function withoutIndex(segments: Segments): Segments {
  return INDEX.test(segments.at(-1) ?? '') ? segments.slice(0, -1) : segments;
}

/**
 * The segments as different servers come by them: parameters dropped before decoding (Tomcat) or after, segments
 * split before decoding (RFC 3986, 2.4) or after, cut at an encoded NUL, `?` or `#` or not, front controllers gone.
 */
export function readPath(rawPath: string): readonly PathReading[] {
  const texts = [...new Set([rawPath, rawPath.replaceAll(/;[^/]*/g, '')])].flatMap((text) => {
    const decoded = decodeAll(text);
    return [decoded, decoded.replace(/[\0?#].*$/s, '')];
  });
  const written = [...new Set(texts)].map((text) => text.replaceAll('\\', '/').split('/'));
  if (/[%\\]/.test(rawPath)) written.push(rawPath.split('/').map(decodeAll));
  const readings = written.flatMap(cleanSegments);
  return readings.flatMap((reading) => {
    const direct = reading.kept.filter((segment) => !FRONT_CONTROLLERS.includes(segment));
    return direct.length === reading.kept.length ? [reading] : [reading, { ...reading, kept: direct }];
  });
}

export interface PathReading {
  readonly kept: readonly string[];
  /** Whether `..` is somewhere in it. */
  readonly climbs: boolean;
}

function decodeAll(path: string): string {
  let text = path;
  for (let round = 0; round < DECODING_ROUNDS && text.includes('%'); round++) text = decodeOnce(text);
  return text.normalize('NFKC').toLowerCase().replaceAll(TURKISH_I, 'i');
}

/** İ in lower case, and ı: to `equalsIgnoreCase` of Java and `(?i)` of Python, by which paths are matched, both are an i. */
const TURKISH_I = /i\u0307|\u0131/g;

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

/** One reading, and a second where cleaning leaves nothing of a segment: it may be gone, or stand for a `{name}`. */
function cleanSegments(raws: readonly string[]): readonly PathReading[] {
  const segments = raws.map((raw) => raw.replace(/;.*$/s, '')).map((text) => (COOKIELESS.test(text) ? '' : text));
  // Windows drops trailing dots and spaces, others drop control and invisible characters.
  const visible = segments.map((segment) => segment.replaceAll(/[\p{Cc}\p{Cf}\s\uFFFD]/gu, ''));
  const cleaned = visible.map(withoutTrailingDots);
  const kept = cleaned.filter((segment) => segment !== '');
  const climbs = visible.includes('..');
  const withBlanks = cleaned.map((text, i) => (text === '' && raws[i] !== '' ? BLANK : text)).filter((it) => it !== '');
  return withBlanks.length === kept.length
    ? [{ kept, climbs }]
    : [
        { kept, climbs },
        { kept: withBlanks, climbs },
      ];
}

// A loop, for /\.+$/ takes quadratic time over dots that are followed by something else.
function withoutTrailingDots(segment: string): string {
  let end = segment.length;
  while (segment[end - 1] === '.') end--;
  return segment.slice(0, end);
}
