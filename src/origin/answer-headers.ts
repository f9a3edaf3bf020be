/**
 * The headers of the origin's answer as a client may see them: what tells of the origin's software or its place is
 * dropped, and what names the origin names the shop, or is dropped too.
 */
import { FamiliarNames } from '../attempt/familiar-names.ts';
import type { RequestUrl } from '../attempt/request-url.ts';
import { isHiddenByDefault } from '../config/hidden-headers.ts';
import type { Hiding } from '../config/origin-hiding.ts';
import { veiledCookie } from './cookies.ts';
import { bearsAddress, type Naming, veiledText } from './naming.ts';
import { veiledLink, veiledRefresh, veiledUrl } from './redirects.ts';

/** What must not be seen in an answer, and what is seen in its place. */
export interface Veil {
  readonly hiding: Hiding;
  /** The URL that the client asked for. */
  readonly from: Pick<RequestUrl, 'href'>;
}

/** What is done with a header. */
type Fate =
  | 'hidden'
  /** What it says is a number, a time or a word of the protocol. */
  | 'plain'
  | 'cookie'
  | 'url'
  | 'refresh'
  | 'link'
  /** What a page may load, token by token: without one it may load less. */
  | 'policy'
  | 'standard'
  /** Of the shop's own making, or of its servers': an address in it is nobody's business. */
  | 'own';

const PLAIN =
  /^(?:accept-ranges|age|connection|content-encoding|content-length|date|expires|keep-alive|last-modified|transfer-encoding|upgrade|vary)$/;
const URLS = /^(?:location|content-location|sourcemap|x-sourcemap|x-pingback)$/;
const POLICIES = /^content-security-policy(?:-report-only)?$/;
const STANDARD =
  /^(?:access-control-.*|allow|cache-control|cdn-cache-control|clear-site-data|content-.*|cross-origin-.*|etag|nel|origin-agent-cluster|permissions-policy|pragma|referrer-policy|report-to|reporting-endpoints|retry-after|sec-websocket-.*|strict-transport-security|surrogate-control|timing-allow-origin|www-authenticate)$/;
const DOMAIN = /;\s*domain/i;
const TOKENS = /[\s;,]+|[^\s;,]+/g;

/** Header names repeat from answer to answer, and the expressions above are long: each is asked once. */
const fates = new FamiliarNames<Fate>(500);

/** Turns the origin's headers, where they stand, into what a client may see. */
export function tidyAnswer(headers: Headers, evaluation: string | null, veil: Veil): void {
  const { hiding } = veil;
  let strange: Set<string> | null = null;
  for (const [name, value] of headers) {
    const fate = fateOf(name, hiding);
    if (fate === 'plain') continue;
    if (fate !== 'hidden' && !hiding.suspect.test(value) && !(fate === 'cookie' && DOMAIN.test(value))) continue;
    strange ??= new Set();
    strange.add(name);
  }
  if (strange !== null) mendAll(headers, strange, veil);
  if (evaluation !== null) headers.set('cordon-evaluation', evaluation);
}

/** Where a redirect leads, as the client is told; null: nowhere. */
export function veiledLocation(location: string | null, veil: Veil): string | null {
  return location === null ? null : veiledUrl(location, namingOf(veil), veil.from.href);
}

function mendAll(headers: Headers, names: ReadonlySet<string>, veil: Veil): void {
  const naming = namingOf(veil);
  for (const name of names) {
    const fate = fateOf(name, veil.hiding);
    const values = fate === 'cookie' ? headers.getSetCookie() : [headers.get(name) ?? ''];
    const veiled = values.map((value) => veiledValue(value, fate, { naming, base: veil.from.href }));
    if (veiled.every((value, i) => value === values[i])) continue;
    headers.delete(name);
    for (const value of veiled) if (value !== null) headers.append(name, value);
  }
}

interface Surroundings {
  readonly naming: Naming;
  readonly base: string;
}

/** Null: it cannot be made safe, and goes. */
function veiledValue(value: string, fate: Fate, { naming, base }: Surroundings): string | null {
  switch (fate) {
    case 'hidden':
      return null;
    case 'plain':
      return value;
    case 'cookie':
      return veiledCookie(value, naming);
    case 'url':
      return veiledUrl(value, naming, base);
    case 'refresh':
      return veiledRefresh(value, naming, base);
    case 'link':
      return veiledLink(value, naming, base);
    case 'policy':
      return veiledText(
        value.replaceAll(TOKENS, (token) => veiledText(token, naming) ?? ''),
        naming,
      );
    case 'standard':
      return veiledText(value, naming);
    case 'own':
      return bearsAddress(value) ? null : veiledText(value, naming);
  }
}

function namingOf({ hiding, from }: Veil): Naming {
  const { host, hostname } = new URL(from.href);
  return { hiding, authority: host, hostname: hostname.replace(/\.$/, '') };
}

function fateOf(name: string, { own }: Hiding): Fate {
  const word = own?.get(name);
  if (word === 'hidden') return word;
  const known = fates.get(name);
  if (known !== undefined && (known !== 'hidden' || word === undefined)) return known;
  const fate = isHiddenByDefault(name) && word !== 'kept' ? 'hidden' : kindOf(name);
  if (word === undefined) fates.keep(name, fate);
  return fate;
}

function kindOf(name: string): Fate {
  if (PLAIN.test(name)) return 'plain';
  if (name === 'set-cookie') return 'cookie';
  if (name === 'refresh' || name === 'link') return name;
  if (URLS.test(name)) return 'url';
  if (POLICIES.test(name)) return 'policy';
  return STANDARD.test(name) ? 'standard' : 'own';
}
