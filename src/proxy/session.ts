/**
 * The first-party session in front of a shop: minted on its pages, read with a payment, and kept from the origin, whose
 * logs and caches have no business with it.
 */
import { withoutCookies } from '../attempt/cookie-header.ts';
import {
  readSession,
  SESSION_COOKIE,
  SESSION_ID_BYTES,
  type Session,
  type SessionReading,
  type SessionRules,
  sessionIdentity,
  writeSession,
} from '../attempt/session-cookie.ts';
import type { Finding } from '../decision/reason.ts';
import { sessionFindings } from '../decision/session-finding.ts';
import type { OriginRequest } from '../origin/origin.ts';
import type { Guarding } from './guarding.ts';
import type { Streamed } from './sending.ts';

/** The visit that an attempt belongs to, and what is wrong with it. */
export interface Visitor {
  readonly session: string | null;
  readonly findings: readonly Finding[];
  /** When the visit began, in ms since the epoch; absent where there is none. */
  readonly bornAt?: number;
}

/** Also where sessions are off. */
export const NOBODY: Visitor = { session: null, findings: [] };
// A 304 has no page to put the cookie on, and a shared cache would keep it with the page that it has.
const CONDITIONAL = ['if-none-match', 'if-modified-since'];
const SHARED_CACHE_CONTROLS = ['cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];
const FOR_SHARED_CACHES = /^(?:public|private|s-maxage|proxy-revalidate)(?![\w-])/i;
const DIRECTIVE = /[^\s,="]+(?:\s*=\s*(?:"[^"]*"|[^,]*))?/g;
const HTML = /^(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i;

/** Reads the visitor of an attempt; nobody where sessions are off, or where no browser sends it. */
export async function readVisitor({ visit, route, inForce, now }: Guarding): Promise<Visitor> {
  const { session: rules, digestKey } = inForce.policy;
  if (rules === null || route.kind === 'renewal' || route.access === 'server') return NOBODY;
  const reading = await readSession(visit.headers.get('cookie'), rules, now);
  const findings = sessionFindings(reading, rules);
  if (!('session' in reading)) return { session: null, findings };
  const { id, bornAt } = reading.session;
  return { session: await sessionIdentity(id.toHex(), digestKey), findings, bornAt };
}

/** Takes Cordon's own cookie out of the headers for the origin, and leaves the others byte for byte. */
export function hideSession(headers: Headers): void {
  const cookies = headers.get('cookie');
  const rest = cookies === null ? null : withoutCookies(cookies, SESSION_COOKIE);
  if (rest === cookies) return;
  if (rest === null) headers.delete('cookie');
  else headers.set('cookie', rest);
}

/** Sends a request that is no attempt; a page that answers a navigation brings a session where one is due. */
export async function sendUnderSession(
  request: OriginRequest,
  rules: SessionRules,
  send: (request: OriginRequest) => Promise<Streamed>,
): Promise<Streamed> {
  const cookies = request.headers.get('cookie');
  hideSession(request.headers);
  if (!isNavigation(request)) return send(request);
  const now = Date.now();
  const due = sessionDue(await readSession(cookies, rules, now), rules, now);
  if (due === null) return send(request);
  for (const name of CONDITIONAL) request.headers.delete(name);
  const answer = await send(request);
  if (answer instanceof Response && isPage(answer))
    addCookie(answer.headers, await writeSession(due, rules.key), rules);
  return answer;
}

/** The session to hand out: a new one, the same with a new life once half of it is over, or none. */
function sessionDue(reading: SessionReading, { maxAgeMs }: SessionRules, now: number): Session | null {
  if (!('session' in reading)) {
    return { id: crypto.getRandomValues(new Uint8Array(SESSION_ID_BYTES)), bornAt: now, issuedAt: now };
  }
  const { session } = reading;
  return now - session.issuedAt > maxAgeMs / 2 ? { ...session, issuedAt: now } : null;
}

// Old browsers send no Sec-Fetch-Mode; scripts that fetch a page, and images, ask for no HTML.
function isNavigation({ method, headers }: OriginRequest): boolean {
  if (method !== 'GET') return false;
  const mode = headers.get('sec-fetch-mode');
  return mode === null ? (headers.get('accept') ?? '').includes('text/html') : mode === 'navigate';
}

function isPage({ ok, headers }: Response): boolean {
  return ok && HTML.test(headers.get('content-type') ?? '');
}

/** Adds the cookie beside the origin's own, and takes the answer out of every shared cache. */
function addCookie(headers: Headers, value: string, { maxAgeMs }: SessionRules): void {
  const life = `Max-Age=${maxAgeMs / 1000}`;
  headers.append('set-cookie', `${SESSION_COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; ${life}`);
  headers.set('cache-control', privately(headers.get('cache-control') ?? ''));
  for (const name of SHARED_CACHE_CONTROLS) headers.delete(name);
}

/** The directives as they apply to the browser alone. */
function privately(directives: string): string {
  const own = (directives.match(DIRECTIVE) ?? []).filter((directive) => !FOR_SHARED_CACHES.test(directive));
  return ['private', ...own.map((directive) => directive.trim())].join(', ');
}
