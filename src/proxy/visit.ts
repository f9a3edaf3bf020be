/**
 * One request to a merchant's host: where it comes from and what it carries, taken from the edge alone.
 */
import type { Whence } from '../attempt/attempt.ts';
import { BODY_LIMIT_BYTES } from '../attempt/body.ts';
import { type HeldStream, holdBody } from '../attempt/held-stream.ts';
import { type IpAddress, parseIp } from '../attempt/ip-address.ts';
import type { RequestUrl } from '../attempt/request-url.ts';
import { Deadlines } from '../gate/deadline.ts';
import type { KeptStub } from '../gate/gate-client.ts';
import type { Transport } from '../network/transport.ts';

/** A checkout's body is one packet or a few; the slowest phone sends it in this time. */
const BODY_TIMEOUT_MS = 15_000;
/** Cloudflare's code for a country that it does not know. */
const UNKNOWN_COUNTRY = 'XX';
const BROKEN_OFF: HeldStream = { bytes: new Uint8Array(), end: 'broken', forward: () => new Uint8Array() };

/** A request whose body is in hand. */
export interface Sent {
  readonly visit: Visit;
  readonly held: HeldStream;
}

export class Visit implements Transport {
  readonly request: Request;
  readonly headers: Headers;
  readonly method: string;
  readonly url: RequestUrl;
  /** Without the dot of a fully qualified name. */
  readonly host: string;
  /** ms since the epoch. */
  readonly arrivedAt = Date.now();
  /** Of all that this request waits for. */
  readonly limits = new Deadlines();
  /** By which it asks its gate. */
  readonly stub: KeptStub = { address: null, stub: null };
  /** The path as it stands in the request line, not yet normalised. */
  readonly rawPath: string;
  readonly secure: boolean;
  /** Null when the edge did not say who is calling. */
  readonly whence: Whence | null;
  #edge: Edge | null = null;
  #held: HeldStream | null = null;

  constructor(request: Request, url: RequestUrl) {
    // What is taken off a request again is made again, or looked for anew: once is enough.
    this.request = request;
    this.headers = request.headers;
    this.method = request.method;
    this.url = url;
    this.host = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname;
    this.rawPath = url instanceof URL ? rawPathOf(request.url) : url.pathname;
    this.secure = url.protocol === 'https:';
    const ip = parseIp(this.headers.get('cf-connecting-ip') ?? '');
    this.whence = ip === null ? null : new SeenWhence(ip, this);
  }

  /** What the edge knows of the connection: made when it is asked for, for that costs as much as reading the body. */
  get edge(): Edge {
    this.#edge ??= this.request.cf ?? NOTHING_SEEN;
    return this.#edge;
  }

  get tlsVersion(): string | null {
    return edgeText(this.edge, 'tlsVersion');
  }

  /** Of the address, by IANA's name, as the edge knows it. */
  get timeZone(): string | null {
    return edgeText(this.edge, 'timezone');
  }

  /** Holds the body, once; asking again gives the same bytes. A body that drips is broken off. */
  async hold(): Promise<HeldStream> {
    this.#held ??= await this.limits.within(BODY_TIMEOUT_MS, holdBody(this.request, BODY_LIMIT_BYTES), BROKEN_OFF);
    return this.#held;
  }

  /** The body as it goes on to the origin, whether or not it was held. */
  bodyToForward(): BodyInit | null {
    if (this.method === 'GET' || this.method === 'HEAD') return null;
    const held = this.#held;
    // What was read in one step was there: the request need not be asked again.
    if (held?.isPlain !== true && this.request.body === null) return null;
    return held?.forward() ?? this.request.body;
  }
}

// Everything between authority and query, for what URL() would tidy up (dots, backslashes) is the point.
function rawPathOf(url: string): string {
  const afterScheme = url.slice(url.indexOf('//') + 2);
  const slash = afterScheme.search(/[/?#\\]/);
  const path = slash < 0 ? '/' : afterScheme.slice(slash).replace(/[?#].*$/s, '');
  return path === '' ? '/' : path;
}

type Edge = Readonly<Record<string, unknown>>;

const NOTHING_SEEN: Edge = {};

/** An address, with country and network as the edge sees them: looked up when somebody asks. */
class SeenWhence implements Whence {
  readonly ip: IpAddress;
  readonly #visit: Pick<Visit, 'edge'>;

  constructor(ip: IpAddress, visit: Pick<Visit, 'edge'>) {
    this.ip = ip;
    this.#visit = visit;
  }

  get country(): string | null {
    const country = edgeText(this.#visit.edge, 'country');
    return country === UNKNOWN_COUNTRY ? null : country;
  }

  get asn(): number | null {
    const { asn } = this.#visit.edge;
    return typeof asn === 'number' && asn > 0 ? asn : null;
  }
}

function edgeText(edge: Edge, name: string): string | null {
  const value = edge[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
