/**
 * Lets a server take requests from Cordon alone: RFC 9421 with Ed25519. Needs fetch and Web Crypto and nothing else: Node
 * 20, Deno, Bun and Workers have both. docs/signed-requests.md tells how it is used.
 */
export interface Rules {
  /** https://<the shop's host>/.cordon/jwks.json */
  readonly keysUrl: string;
  /** What this server is called in `origin.pool`: host, with the port where it is not 443. */
  readonly authorities: readonly string[];
  /** Whether nobody showed this nonce before. Several processes need one store: Redis's `SET nonce 1 NX EXAT expires`. */
  readonly isFirst?: (nonce: string, expires: number) => boolean | Promise<boolean>;
}

export interface Arrived {
  readonly method: string;
  /** Path and query, letter by letter as in the request line. */
  readonly target: string;
  readonly headers: Headers;
  /** As it came: no charset, no compression undone. */
  readonly body: Uint8Array;
}

/** `evaluation`, `decision` and `riskScore` are null where Cordon judged nothing: a paying path must not take that. */
export type Verdict =
  | {
      readonly ok: true;
      readonly evaluation: string | null;
      readonly decision: string | null;
      readonly riskScore: number | null;
      readonly ip: string | null;
      /** False for a body that Cordon passed on as a stream: nothing is known of it. */
      readonly isBodySigned: boolean;
    }
  | { readonly ok: false; readonly why: string };

const ALWAYS = ['@method', '@authority', '@path', '@query', 'x-forwarded-host', 'x-forwarded-proto'];
const NEVER_UNSIGNED = /^(?:cordon-.*|x-forwarded-for)$/;
const LONGEST_SECONDS = 120;
const SKEW_SECONDS = 5;
const KEYS_GOOD_FOR_MS = 300_000;
const KEYS_ASKED_EVERY_MS = 10_000;
// Cordon's signature is the first of each field, in this form. A client's own may follow.
const INPUT = /^cordon=(\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=(?:\d{1,12}|"[\w+/=.:-]*"))+))(?:, |$)/;
const SIGNATURE = /^cordon=:([A-Za-z0-9+/]{86}==):(?:, |$)/;

export class CordonVerifier {
  readonly #rules: Rules;
  readonly #isFirst: NonNullable<Rules['isFirst']>;
  #keys = new Map<string, CryptoKey>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | null = null;

  constructor(rules: Rules) {
    this.#rules = rules;
    this.#isFirst = rules.isFirst ?? inMemory();
  }

  /** `now` in ms since the epoch. */
  async verify({ method, target, headers, body }: Arrived, now = Date.now()): Promise<Verdict> {
    const [, signed, list = '', written = ''] = INPUT.exec(headers.get('signature-input') ?? '') ?? [];
    const signature = SIGNATURE.exec(headers.get('signature') ?? '')?.[1];
    if (signed === undefined || signature === undefined) return refused('not signed by Cordon');
    const parameters = new Map<string, string>();
    for (const [, name = '', value = ''] of written.matchAll(/;([a-z]+)="?([^";]*)/g)) parameters.set(name, value);
    const { tag, alg, keyid = '', nonce = '', created, expires } = Object.fromEntries(parameters);
    if (tag !== 'cordon' || alg !== 'ed25519' || nonce.length < 16) return refused('tag, alg or nonce');
    const [from, until, seconds] = [Number(created), Number(expires), now / 1000];
    if (!(from <= seconds + SKEW_SECONDS && seconds < until && until - from <= LONGEST_SECONDS)) return refused('time');

    const covered = list.slice(1, -1).split('" "');
    const [path = '', query = ''] = splitTarget(target);
    const authority = (headers.get('host') ?? '').toLowerCase();
    const derived: Record<string, string> = {
      '@method': method,
      '@authority': authority,
      '@path': path,
      '@query': query,
    };
    if (!this.#rules.authorities.includes(authority)) return refused('not this server');
    if (new Set(covered).size !== covered.length) return refused('covered twice');
    if (!ALWAYS.every((name) => covered.includes(name))) return refused('not all is covered');
    const isBodySigned = covered.includes('content-digest');
    if (!isBodySigned && !covered.includes('cordon-body')) return refused('the body is not covered');
    for (const name of headers.keys()) {
      if (NEVER_UNSIGNED.test(name) && !covered.includes(name)) return refused(`${name} is not covered`);
    }
    const lines: string[] = [];
    for (const name of covered) {
      const value = derived[name] ?? headers.get(name);
      if (value === null) return refused(`${name} is missing`);
      lines.push(`"${name}": ${value}`);
    }
    lines.push(`"@signature-params": ${signed}`);

    const key = await this.#keyNamed(keyid, now);
    if (key === undefined) return refused('unknown key');
    if (!(await crypto.subtle.verify('Ed25519', key, bytesOf(signature), new TextEncoder().encode(lines.join('\n'))))) {
      return refused('wrong signature');
    }
    if (isBodySigned && headers.get('content-digest') !== (await digestOf(body))) return refused('another body');
    if (!isBodySigned && headers.get('cordon-body') !== 'streamed') return refused('the body is not covered');
    if (!(await this.#isFirst(nonce, until))) return refused('seen before');
    const told = (name: string) => (covered.includes(name) ? headers.get(name) : null);
    const riskScore = told('cordon-risk-score');
    return {
      ok: true,
      evaluation: told('cordon-evaluation'),
      decision: told('cordon-decision'),
      riskScore: riskScore === null ? null : Number(riskScore),
      ip: told('x-forwarded-for'),
      isBodySigned,
    };
  }

  /** The set holds the keys before and after a rotation too. One that is not in it is looked for, but not for every stranger. */
  async #keyNamed(id: string, now: number): Promise<CryptoKey | undefined> {
    const age = now - this.#askedAt;
    const isOld = age >= KEYS_GOOD_FOR_MS;
    const isUnknown = !this.#keys.has(id);
    if (isOld || (isUnknown && age >= KEYS_ASKED_EVERY_MS)) {
      this.#askedAt = now;
      // What cannot be fetched now leaves the keys as they were.
      this.#asking = this.#fetchKeys().catch(() => {});
    }
    // Whose key is here waits for nobody's: a made-up id would hold every payment up for as long as the set takes to come.
    if (isOld || isUnknown) await this.#asking;
    return this.#keys.get(id);
  }

  async #fetchKeys(): Promise<void> {
    const answer = await fetch(this.#rules.keysUrl, { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`keys: ${answer.status}`);
    const { keys } = (await answer.json()) as { keys: readonly (JsonWebKey & { kid: string; use: string })[] };
    const signing = keys.filter(({ crv, use }) => crv === 'Ed25519' && use === 'sig');
    const imported = signing.map(async ({ kid, kty, crv, x }): Promise<[string, CryptoKey]> => {
      const jwk = { kty, crv, x } as JsonWebKey;
      return [kid, await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify'])];
    });
    this.#keys = new Map(await Promise.all(imported));
  }
}

/** Good for one process. */
function inMemory(): NonNullable<Rules['isFirst']> {
  const seen = new Map<string, number>();
  return (nonce, expires) => {
    const seconds = Date.now() / 1000;
    // They were put in by time, so the oldest come first.
    for (const [old, until] of seen) {
      if (until > seconds) break;
      seen.delete(old);
    }
    if (seen.has(nonce)) return false;
    seen.set(nonce, expires);
    return true;
  };
}

function refused(why: string): Verdict {
  return { ok: false, why };
}

/** RFC 9421, 2.2.6 and 2.2.7: no path is `/`, no query is `?`. */
function splitTarget(target: string): readonly [string, string] {
  const at = target.indexOf('?');
  return at < 0 ? [target, '?'] : [target.slice(0, at) || '/', target.slice(at)];
}

async function digestOf(body: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(body));
  return `sha-256=:${btoa(String.fromCharCode(...new Uint8Array(hash)))}:`;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
