/**
 * Whether a text names one of the merchant's servers, however it is spelled, and the same text with the shop's name in
 * its place. Asked only about what looks suspicious; the work grows with the text, which is bounded.
 */
import type { Hiding } from '../config/origin-hiding.ts';

/** Who is hidden, and whom clients know instead. */
export interface Naming {
  readonly hiding: Hiding;
  /** The shop's host, with its port where it has one, as the client wrote them. */
  readonly authority: string;
  readonly hostname: string;
}

/** Longer than any honest header; what is longer and suspicious is no header that can be made safe. */
const TEXT_LIMIT = 16_384;
/** How far before a name its scheme and its user are looked for. */
const BEFORE_LIMIT = 256;
/** How often a text may be percent-encoded. */
const ENCODINGS = 8;
const HOST = /\[[0-9a-f:.]+\]|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?/g;
const PORT = /^:(\d{1,5})(?!\d)/;
const USER = /(?:[\\/]{2}|(?:http|ws)s?:)([^\\/?#\s"'<>]*@)$/;
const PLAIN_SCHEME = /(?:^|[^a-z])(?:http|ws)(:[\\/]*)$/;
/** RFC 1918, 6598 and 3927, loopback, and their like of IPv6: what no client can reach, and what tells of a network. */
const INNER =
  /^(?:10\.\d+|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.\d+\.\d+$|^\[(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/;
/** IPv4 within IPv6 (RFC 4291, 2.5.5; RFC 6052, 2.1), as URL spells it: what a server that listens on both calls itself. */
const MAPPED = /^\[(?:::(?:ffff:)?|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;
const LOOPBACK = /^127\.\d+\.\d+\.\d+$|^\[::1\]$/;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = new RegExp(
  `(?<![\\w.])${OCTET}(?:\\.${OCTET}){3}(?!\\w|\\.\\w)|(?<![\\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\\w:])|(?<![\\w:])(?=[0-9a-f:]*[0-9a-f])[0-9a-f:]{0,45}::[0-9a-f:]{0,45}(?![\\w:])`,
  'i',
);
/** What IDNA takes for a dot, and what it drops (UTS 46). */
const DOTS = /[\u3002\uff0e\uff61]/;
const DROPPED = /[\t\r\n\u00ad\u200b\u2060\u2064\ufeff]|\u034f|[\u200c\u200d]|[\ufe00-\ufe0f]/;

/** Whether an address stands in the text. */
export function bearsAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** The text with the shop's name for each server's; null where a server is named in a way that nobody can rewrite. */
export function veiledText(text: string, naming: Naming): string | null {
  if (text.length > TEXT_LIMIT) return null;
  const view = viewOf(text);
  const finds = findsIn(view.text, naming);
  if (finds.some(({ kind }) => kind === 'beside')) return null;
  const pieces = finds.flatMap((find) => piecesOf(find, view.text, naming));
  return pieces.length === 0 ? text : replaced(text, view, pieces);
}

/** Whether this is the name of a server, as URL spells names. */
export function isServer({ hostname, port }: Pick<URL, 'hostname' | 'port'>, naming: Naming): boolean {
  return isNamed(hostname.replace(/\.$/, ''), port === '' ? null : port, naming);
}

/** Whether the servers are a developer's: then names of this machine mean others too, by their ports. */
export function isOnThisMachine({ hiding }: Pick<Naming, 'hiding'>): boolean {
  return hiding.names.some(({ port }) => port !== null);
}

interface Find {
  /** `plain`: another name of the shop, under plain http. `beside`: a name in which a server's stands, and no shop's. */
  readonly kind: 'server' | 'plain' | 'beside';
  readonly start: number;
  readonly end: number;
}

function findsIn(text: string, naming: Naming): readonly Find[] {
  return [...text.matchAll(HOST)].flatMap((match): readonly Find[] => {
    const start = match.index;
    const nameEnd = start + match[0].length;
    const port = PORT.exec(text.slice(nameEnd, nameEnd + 8));
    const end = nameEnd + (port?.[0].length ?? 0);
    const bare = match[0].replace(/\.$/, '');
    if (isNamed(bare, port?.[1] ?? null, naming)) return [{ kind: 'server', start, end }];
    const isOwn = bare === naming.hostname;
    if (isOwn || naming.hiding.shops.has(bare)) {
      return schemeBefore(text, start) === null || isOnThisMachine(naming)
        ? []
        : [{ kind: isOwn ? 'server' : 'plain', start, end }];
    }
    return holdsName(bare, naming) ? [{ kind: 'beside', start, end }] : [];
  });
}

function isNamed(written: string, port: string | null, { hiding, hostname }: Naming): boolean {
  const bare = written.startsWith('[') ? plainAddress(written) : written;
  const isIt = hiding.names.some((name) => name.hostname === bare && (name.port === null || name.port === port));
  if (isIt || bare === hostname) return isIt;
  return INNER.test(bare) || (!isOnThisMachine({ hiding }) && LOOPBACK.test(bare));
}

/** An address of IPv6 in its one spelling, and IPv4 in there as IPv4. */
function plainAddress(bare: string): string {
  const { hostname = bare } = URL.parse(`http://${bare}`) ?? {};
  const [, ...words] = MAPPED.exec(hostname) ?? [];
  const bytes = words.map((word) => Number.parseInt(word, 16)).flatMap((word) => [word >> 8, word & 255]);
  return bytes.length === 0 ? hostname : bytes.join('.');
}

/** Where the shop itself has a name below a server's, names below it tell nothing that the shop's own does not. */
function holdsName(bare: string, { hiding, hostname: shop }: Naming): boolean {
  return hiding.names.some(({ hostname, port }) => {
    if (port !== null || !bare.includes(hostname)) return false;
    const below = `.${hostname}`;
    return !(shop.endsWith(below) && bare.endsWith(below));
  });
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

function piecesOf({ kind, start, end }: Find, text: string, { authority }: Naming): readonly Piece[] {
  const user = kind === 'server' ? (USER.exec(before(text, start))?.[1] ?? '') : '';
  const from = start - user.length;
  const separator = schemeBefore(text, from);
  const secure = separator === null ? [] : [{ start: from - separator.length, end: from - separator.length, by: 's' }];
  return kind === 'server' ? [...secure, { start: from, end, by: authority }] : secure;
}

/** What stands between a scheme without encryption and what it is for; null where there is none. */
function schemeBefore(text: string, start: number): string | null {
  return PLAIN_SCHEME.exec(before(text, start))?.[1] ?? null;
}

function before(text: string, start: number): string {
  return text.slice(Math.max(0, start - BEFORE_LIMIT), start);
}

/** A text as it is read in the end, and where in the written one each character of it begins and ends. */
interface View {
  readonly text: string;
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

function replaced(written: string, { begins, ends }: View, pieces: readonly Piece[]): string {
  return pieces.reduceRight((text, { start, end, by }) => {
    const from = begins[start] ?? written.length;
    const to = start === end ? from : (ends[end - 1] ?? written.length);
    return text.slice(0, from) + by + text.slice(to);
  }, written);
}

interface Unit {
  readonly char: string;
  readonly begin: number;
  readonly end: number;
}

function viewOf(written: string): View {
  let units: readonly Unit[] = Array.from(written, (char) => char).reduce<Unit[]>((all, char) => {
    const begin = all.at(-1)?.end ?? 0;
    all.push({ char, begin, end: begin + char.length });
    return all;
  }, []);
  for (let i = 0; i < ENCODINGS && units.some(({ char }) => char === '%'); i += 1) units = decodedOnce(units);
  const [chars, begins, ends]: [string[], number[], number[]] = [[], [], []];
  for (const { char, begin, end } of units) {
    for (const plain of plainOf(char)) {
      chars.push(plain);
      begins.push(begin);
      ends.push(end);
    }
  }
  return { text: chars.join(''), begins, ends };
}

function decodedOnce(units: readonly Unit[]): readonly Unit[] {
  const decoded: Unit[] = [];
  for (let i = 0; i < units.length; i += 1) {
    const unit = units[i] as Unit;
    const [high, low] = [units[i + 1], units[i + 2]];
    const hex = unit.char === '%' && high !== undefined && low !== undefined ? high.char + low.char : '';
    if (low !== undefined && /^[0-9a-f]{2}$/i.test(hex)) {
      decoded.push({ char: String.fromCharCode(Number.parseInt(hex, 16)), begin: unit.begin, end: low.end });
      i += 2;
    } else decoded.push(unit);
  }
  return decoded;
}

/** One UTF-16 unit a time, in lower case, as IDNA would read it. */
function plainOf(char: string): readonly string[] {
  if (DROPPED.test(char)) return [];
  return DOTS.test(char) ? ['.'] : char.normalize('NFKC').toLowerCase().split('');
}
