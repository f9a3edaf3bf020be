// What can be seen of a shop's host from outside: whether all of it goes through Cordon, encrypted, and tells nothing.

import { isHiddenByDefault } from '../../src/config/hidden-headers.ts';
import { bearsAddress } from '../../src/origin/naming.ts';
import { isLoopback } from '../cordon/loopback-fetch.ts';
import { type Answered, codeOf, type Exchange, exchange, headerOf } from './exchange.ts';
import { bad, type Finding, good, unsure } from './finding.ts';

export interface Shop {
  /** `https://HOST`, with its port. */
  url: URL;
  /** A path where payments come in. */
  path: string;
  httpPort: number;
}

const halfAYearSeconds = 15_552_000;

/** Cordon answers a request with this mark itself, on every path, and sends none of them on. */
const mark = { 'cordon-loop': '1' };
const form = { 'content-type': 'application/json' };

/** Spellings that a route's pattern may miss, and that a lenient server takes for the path itself. */
export function spellingsOf(path: string): readonly string[] {
  const inner = path.slice(1);
  const first = inner.slice(0, 1);
  const escaped = `/%${first.charCodeAt(0).toString(16)}${inner.slice(1)}`;
  const swapped = path === path.toUpperCase() ? path.toLowerCase() : path.toUpperCase();
  return [
    '/',
    path,
    swapped,
    `/${path}`,
    `${path}/`,
    `${path};a=1`,
    `${path}?a=1`,
    escaped,
    `/.${path}`,
    '/index.php',
    '/a.b',
  ];
}

export async function checkWholeHost({ url, path }: Shop): Promise<Finding> {
  const check = 'whole host';
  const ways = spellingsOf(path).flatMap((spelled) => ['GET', 'POST'].map((method) => ({ spelled, method })));
  const answers = await inTurn(ways, ({ spelled, method }) => exchange({ url, method, path: spelled, headers: mark }));
  const missed = ways.filter((_, i) => codeOf(answers[i] as Exchange) !== 'loop_detected');
  if (missed.length === 0)
    return good(check, `${ways.length} requests, spelled in ${ways.length / 2} ways, all went through Cordon`);
  const shown = missed.slice(0, 3).map(({ method, spelled }) => `${method} ${spelled}`);
  const advice = `Route the whole host to the Worker: the pattern ${url.hostname}/* and no other for this host.`;
  return bad(check, `${missed.length} of ${ways.length} did not go through Cordon: ${shown.join(', ')}`, advice);
}

export async function checkHealth({ url }: Shop): Promise<Finding> {
  const check = 'Cordon is ready';
  const answer = await exchange({ url, path: '/.cordon/health' });
  if (answer.kind === 'answered' && answer.status === 200 && answer.body.includes('"ok"'))
    return good(check, 'health says ok');
  const found =
    answer.kind === 'silent'
      ? `no answer (${answer.reason})`
      : `${answer.status}, ${codeOf(answer) ?? 'not Cordon’s words'}`;
  const isCordon = codeOf(answer) === 'unhealthy';
  const advice = isCordon
    ? 'Ask /.cordon/health with the admin key: it names what is missing.'
    : `Route ${url.hostname}/* to the Worker.`;
  return bad(check, found, advice);
}

export async function checkHttpsOnly({ url, path, httpPort }: Shop): Promise<readonly Finding[]> {
  const plain = new URL(`http://${url.hostname}:${httpPort}`);
  const seen = await exchange({ url: plain, path: '/' });
  const sent = await exchange({ url: plain, path, method: 'POST', headers: form, body: '{}' });
  return [judgePage(seen), judgePayment(sent)];
}

function judgePage(seen: Exchange): Finding {
  const check = 'pages by https alone';
  const advice = 'Switch on "Always Use HTTPS" for the zone, or let the Worker answer port 80 too.';
  if (seen.kind === 'silent') return good(check, `nothing answers plain http (${seen.reason})`);
  const leadsToHttps = headerOf(seen, 'location')?.toLowerCase().startsWith('https://') === true;
  if (seen.status >= 300 && seen.status < 400 && leadsToHttps) return good(check, `${seen.status} to https`);
  return seen.status === 403
    ? good(check, 'refused over plain http')
    : bad(check, `plain http is answered with ${seen.status}`, advice);
}

function judgePayment(sent: Exchange): Finding {
  const check = 'payments by https alone';
  if (sent.kind === 'silent') return good(check, `nothing answers plain http (${sent.reason})`);
  if (codeOf(sent) === 'https_required') return good(check, 'refused over plain http');
  const advice = 'Let Cordon answer plain http: a redirect invites a card to travel twice.';
  if (sent.status >= 300 && sent.status < 400)
    return unsure(check, `a payment in plain text gets ${sent.status}`, advice);
  return bad(check, `a payment in plain text gets ${sent.status}`, advice);
}

export function checkHsts(page: Answered, cordons: Answered): Finding {
  const check = 'HSTS';
  const missing = [page, cordons].filter(
    (answer) => secondsOf(headerOf(answer, 'strict-transport-security')) < halfAYearSeconds,
  );
  if (missing.length === 0) return good(check, 'on pages and on Cordon’s own answers');
  const where =
    missing.length === 2 ? 'nowhere' : missing[0] === page ? 'not on the shop’s pages' : 'not on Cordon’s answers';
  const advice = 'Let the shop send Strict-Transport-Security: max-age=31536000, or switch HSTS on for the zone.';
  return unsure(check, `${where}, or for less than half a year`, advice);
}

function secondsOf(value: string | null): number {
  return Number(/max-age="?(\d+)/i.exec(value ?? '')?.[1] ?? 0);
}

export async function checkTls({ url }: Shop, page: Answered): Promise<readonly Finding[]> {
  const { version = null, isTrusted = false, fault = null } = page.tls ?? {};
  const certificate = judgeCertificate(url, isTrusted, fault);
  const old = await exchange({ url, path: '/.cordon/health', atMost: 'TLSv1.1' });
  const advice = 'Set the zone’s Minimum TLS Version to 1.2.';
  const versions =
    old.kind === 'silent'
      ? good('TLS version', `${version ?? 'unknown'}; TLS 1.1 is refused`)
      : bad('TLS version', 'TLS 1.1 is accepted', advice);
  return [certificate, versions];
}

function judgeCertificate(url: URL, isTrusted: boolean, fault: string | null): Finding {
  if (isTrusted) return good('certificate', 'trusted');
  const found = `not trusted (${fault ?? 'unknown'})`;
  if (isLoopback(url))
    return unsure('certificate', found, 'On this machine that is as it should be; elsewhere it is not.');
  return bad('certificate', found, 'Clients must be able to check it: get one from a public authority.');
}

/** What the edge itself puts on answers, and what says nothing of an origin. */
function isOfTheEdge(name: string, value: string): boolean {
  if (name === 'server') return value === 'cloudflare';
  if (name === 'alt-svc') return /^(?:h3(?:-\d+)?=":443"[^,]*,? ?)+$/.test(value) || value === 'clear';
  return name.startsWith('cf-') || name.startsWith('cordon-') || (name === 'server-timing' && value.startsWith('cf'));
}

export function checkHeaders(answers: readonly Answered[]): Finding {
  const check = 'headers';
  const telling = answers.flatMap(({ headers }) =>
    headers.filter(([name, value]) => tells(name, value)).map(([name]) => name),
  );
  const names = [...new Set(telling)];
  if (names.length === 0) return good(check, `nothing on ${answers.length} answers tells of a server`);
  const advice =
    'If they come from the origin, they came past Cordon, or keep_headers names them. Others come from the zone’s own rules.';
  return bad(check, `seen: ${names.join(', ')}`, advice);
}

const mayHoldAddress = /^(?:nel|report-to|reporting-endpoints|etag|date|expires|last-modified|set-cookie|content-.*)$/;

function tells(name: string, value: string): boolean {
  if (isOfTheEdge(name, value)) return false;
  return isHiddenByDefault(name) || (!mayHoldAddress.test(name) && bearsAddress(value));
}

export async function checkKeys({ url }: Shop): Promise<Finding> {
  const check = 'signing keys';
  const answer = await exchange({ url, path: '/.cordon/jwks.json' });
  const advice = 'The origin checks signatures by these keys: see docs/signed-requests.md.';
  if (answer.kind === 'silent') return bad(check, `no answer (${answer.reason})`, advice);
  const keys = keysIn(answer.body);
  if (answer.status !== 200 || keys === null) return bad(check, `${answer.status} at /.cordon/jwks.json`, advice);
  const signing = keys.filter(({ use }) => use === 'sig').length;
  return signing > 0
    ? good(check, `${signing} published`)
    : unsure(check, 'none to sign by', `Leave origin.sign on. ${advice}`);
}

function keysIn(body: string): readonly { use?: unknown }[] | null {
  try {
    const { keys } = JSON.parse(body) as { keys?: unknown };
    return Array.isArray(keys) ? keys : null;
  } catch {
    return null;
  }
}

/** On a shop's host in production nobody manages anything. */
export async function checkManagement({ url }: Shop): Promise<Finding> {
  const check = 'management';
  const answer = await exchange({ url, path: '/.cordon/v1/merchants' });
  if (answer.kind === 'answered' && answer.status === 404) return good(check, 'not on this host');
  const found = answer.kind === 'silent' ? `no answer (${answer.reason})` : `answers with ${answer.status}`;
  return bad(check, found, 'Set CORDON_ENV to production and CORDON_ADMIN_HOST to a host of its own.');
}

/** One after the other: a doctor is no load test. */
export async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const one of all) done.push(await work(one));
  return done;
}
