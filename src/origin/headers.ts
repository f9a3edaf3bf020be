/**
 * Header hygiene on the way to the origin: what a client says about addresses, paths and methods never reaches it.
 */
import { FamiliarNames } from '../attempt/familiar-names.ts';

// Names a client could use to speak as the edge, or to make the origin see another method or path.
const FORGEABLE =
  /^(?:cordon-.*|cf-.*|x-forwarded-.*|forwarded|x-real-ip|true-client-ip|x-client-ip|x-cluster-client-ip|client-ip|fastly-client-ip|forwarded-for|x-forwarded|x-forward|x-azure-.*|http-client-ip|(?:.*-)?(?:originating|remote|proxy-client|sucuri-client|incap-client|client|real|cluster|connecting)-?(?:ip|addr|address)|x-original-.*|x-rewrite-.*|x-envoy-.*|x-accel-.*|x-sendfile.*)$/;
const OVERRIDES = /^x-(?:http-method|http-method-override|method-override)$/;
// The answer must come whole, plain and fresh, or its outcome cannot be read (RFC 9110 sections 13 and 14, RFC 7240).
const HINDERS_READING = /^(?:range|if-.*|prefer|expect)$/;
const CODINGS = 'accept-encoding';
/** What the runtime undoes. In any other coding a client could have a server's own page past whoever looks for it. */
const READABLE_CODING = /^\s*(?:gzip|br|identity)\s*(?:;|$)/i;

/** What Cordon tells the origin about a request. */
export interface Provenance {
  /** Null only for a request that is forwarded without having been read. */
  readonly ip: string | null;
  readonly host: string;
  /** The evaluation's id, on protected routes. */
  readonly evaluation: string | null;
  /** What was decided, for an origin that can tell that it was Cordon. */
  readonly judged?: Judged | null;
  /** The answer is read, on a protected route and beside it. */
  readonly isRead?: boolean;
  /** The outcome is told in JSON, so JSON must be asked for. */
  readonly needsJson?: boolean;
  /** The processor is to be asked for 3-D Secure. */
  readonly request3ds?: boolean;
  /** No path of a route: whatever method a server makes of it, it is none. WordPress' own pages delete in this way. */
  readonly mayOverride?: boolean;
  /** A WebSocket is opened by GET alone (RFC 6455, 4.1): whatever bears `Upgrade: websocket` workerd sends as a GET without a body. */
  readonly mayUpgrade?: boolean;
}

/**
 * On every request that goes through Cordon: one that comes with it has been here, and would go round for ever. As
 * CDN-Loop (RFC 8586), which the platform keeps for itself.
 */
export const CORDON_LOOP = 'cordon-loop';

export interface Judged {
  /** `shadow`: nothing was decided in earnest, and everything goes on. `off`: nobody looked. */
  readonly decision: 'allow' | 'review' | 'shadow' | 'off';
  /** 0 to 100; null where nobody looked. */
  readonly riskScore: number | null;
}

/** Where the merchant, or somebody in need, switched the guard off. */
export const UNJUDGED: Judged = { decision: 'off', riskScore: null };

// The same every time: a copy costs less than to set each.
const TOLD = new Headers({ 'x-forwarded-proto': 'https', [CORDON_LOOP]: '1' });
const TOLD_WHERE_READ = new Headers({ ...Object.fromEntries(TOLD), 'accept-encoding': 'identity' });

/** The headers of the request to the origin. */
export function requestHeaders(client: Headers, provenance: Provenance): Headers {
  const { ip, host, evaluation, isRead = evaluation !== null, needsJson = false, request3ds = false } = provenance;
  const { judged = null, mayOverride = false, mayUpgrade = false } = provenance;
  const headers = new Headers(isRead ? TOLD_WHERE_READ : TOLD);
  let accept = '';
  for (const [name, value] of client) {
    const fate = fateOf(name);
    const isKept =
      fate === 'kept' ||
      (fate === 'hinders' && !isRead) ||
      (fate === 'odd' && !client.has(plainOf(name))) ||
      (fate === 'overrides' && mayOverride) ||
      (fate === 'upgrades' && mayUpgrade);
    if (isKept) headers.append(name, value);
    else if (fate === 'codings' && !isRead) headers.append(name, readableCodings(value));
    if (name === 'accept') accept = value;
  }
  if (ip !== null) headers.set('x-forwarded-for', ip);
  headers.set('x-forwarded-host', host);
  if (evaluation !== null) headers.set('cordon-evaluation', evaluation);
  if (judged !== null) {
    headers.set('cordon-decision', judged.decision);
    if (judged.riskScore !== null) headers.set('cordon-risk-score', String(judged.riskScore));
  }
  if (request3ds) headers.set('cordon-request-3ds', 'true');
  if (needsJson && !asksForJson(accept)) headers.set('accept', 'application/json');
  return headers;
}

/** `odd`: spelled so that servers may take it for another, and kept where that other is not there. */
type Fate = 'kept' | 'dropped' | 'hinders' | 'odd' | 'codings' | 'overrides' | 'upgrades';

/** Header names repeat from request to request, and the expressions above are long: each is asked once. */
const fates = new FamiliarNames<Fate>(500);

function fateOf(name: string): Fate {
  const known = fates.get(name);
  if (known !== undefined) return known;
  const fate = drawFate(name, plainOf(name));
  fates.keep(name, fate);
  return fate;
}

function drawFate(name: string, plain: string): Fate {
  if (FORGEABLE.test(plain) || name === 'host') return 'dropped';
  if (OVERRIDES.test(plain)) return name === plain ? 'overrides' : 'dropped';
  if (plain === 'upgrade') return 'upgrades';
  if (plain === CODINGS) return name === plain ? 'codings' : 'dropped';
  if (HINDERS_READING.test(plain)) return 'hinders';
  return plain === name ? 'kept' : 'odd';
}

// Some servers take X_Forwarded_For for X-Forwarded-For (CGI, WSGI), PHP-FPM behind Caddy X.Forwarded.For too.
function plainOf(name: string): string {
  return name.replaceAll(/[^a-z0-9]/g, '-');
}

// Every range must be JSON, in full: `application/json;q=0, text/html` asks for a page.
function asksForJson(accept: string): boolean {
  return accept.split(',').every((range) => /^\s*application\/(?:[\w.-]+\+)?json\s*$/i.test(range));
}

function readableCodings(written: string): string {
  const codings = written.split(',').filter((coding) => READABLE_CODING.test(coding));
  return codings.length === 0 ? 'identity' : codings.join(',').trim();
}
