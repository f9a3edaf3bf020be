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
  const pattern = segments.map((segment) => segment?.toLowerCase() ?? null);
  return looseReadings(rawPath).some((given) => fitsLoosely(given, pattern));
}

function segmentsOf(path: string): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}

function fits(given: string, segment: string | null): boolean {
  return segment === null ? PLAIN_SEGMENT.test(given) : given === segment;
}

function fitsLoosely(given: readonly string[], pattern: readonly (string | null)[]): boolean {
  // A script takes what follows its name as path info: /pay.php/anything runs /pay.php.
  const isScript = pattern.at(-1)?.includes('.') ?? false;
  if (given.length < pattern.length || (given.length > pattern.length && !isScript)) return false;
  return pattern.every((segment, i) => segment === null || given[i] === segment || withoutFormat(given[i]) === segment);
}

// Rails and others: /api/pay.json is /api/pay.
function withoutFormat(segment: string | undefined): string | undefined {
  return segment?.replace(/\.[a-z0-9]{1,5}$/, '');
}

function looseReadings(rawPath: string): readonly (readonly string[])[] {
  const decoded = decodeAll(rawPath);
  // A server that cuts at NUL, a fragment or a query that came encoded, beside one that does not.
  const cut = decoded.replace(/[\0?#].*$/s, '');
  return [...new Set([decoded, cut])].flatMap((text) => {
    const segments = cleanSegments(text);
    return FRONT_CONTROLLERS.includes(segments[0] ?? '') ? [segments, segments.slice(1)] : [segments];
  });
}

function decodeAll(path: string): string {
  let text = path;
  for (let round = 0; round < DECODING_ROUNDS && text.includes('%'); round++) text = decodeOnce(text);
  return text.normalize('NFKC').toLowerCase();
}

/** Bytes first, then UTF-8, leniently: overlong forms of `/`, `.` and `\` and `%uXXXX` are known tricks. */
function decodeOnce(text: string): string {
  return text
    .replace(/%u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/%c0%af|%e0%80%af/gi, '/')
    .replace(/%c0%ae|%e0%80%ae/gi, '.')
    .replace(/%c1%9c/gi, '\\')
    .replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
}

function decodeRun(run: string): string {
  const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
  return new TextDecoder().decode(bytes);
}

function cleanSegments(path: string): readonly string[] {
  const kept: string[] = [];
  for (const raw of path.replaceAll('\\', '/').split('/')) {
    const segment = raw.replace(/;.*$/s, '');
    if (segment.trim() === '..') kept.pop();
    // Windows drops trailing dots and spaces, others drop control and invisible characters.
    const clean = segment.replaceAll(/[\p{Cc}\p{Cf}\s\uFFFD]/gu, '').replace(/\.+$/, '');
    if (clean !== '') kept.push(clean);
  }
  return kept;
}
