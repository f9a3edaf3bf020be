/**
 * A Cordon of the test's own: signs as Cordon does, or wrongly, by Node's crypto, and publishes its keys.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Seen } from './verifiers.ts';

export const AUTHORITY = 'nl.origin.acme.example';

export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

export function makeKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(`${x}`).digest('base64url');
  return { kid, privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' } };
}

/** Publishes keys, as many times as it is asked. */
export class KeyServer {
  asked = 0;
  keys: readonly object[] = [];
  /** Answers 500 while it is true. */
  isDown = false;
  /** Before which nothing is answered. */
  until: Promise<void> | null = null;
  readonly #server = createServer(async (_, response) => {
    this.asked++;
    await this.until;
    if (this.isDown) response.writeHead(500).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: this.keys }));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/.cordon/jwks.json`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export interface Signing {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly body?: string;
  /** On top of the usual ones; null: left out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Replaces what is covered. */
  readonly covered?: (usual: readonly string[]) => readonly string[];
  /** On top of the usual ones; null: left out. As they are written. */
  readonly parameters?: Readonly<Record<string, string | null>>;
  readonly label?: string;
  /** Signs the base of another request than is sent. */
  readonly tamper?: (base: string) => string;
}

export const BODY = '{"card":{"number":"4242424242424242"},"amount":1999}';

/** A request as it reaches the origin. `now` in ms since the epoch. */
export function signedRequest({ kid, privateKey }: TestKey, now: number, signing: Signing = {}): Seen {
  const { method = 'POST', target = '/api/pay?step=1', host = AUTHORITY, body = BODY, label = 'cordon' } = signing;
  const told = {
    'content-type': 'application/json',
    'content-digest': `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'shop.acme.example',
    'x-forwarded-proto': 'https',
    'cordon-evaluation': 'ev_1',
    'cordon-decision': 'allow',
    'cordon-risk-score': '12',
  };
  const headers = present({ ...told, ...signing.headers });
  const usual = ['@method', '@authority', '@path', '@query', ...Object.keys(headers)];
  const covered = signing.covered?.(usual) ?? usual;
  const created = Math.floor(now / 1000);
  const parameters = present({
    created: `${created}`,
    expires: `${created + 60}`,
    nonce: `"${randomUUID()}"`,
    keyid: `"${kid}"`,
    alg: '"ed25519"',
    tag: '"cordon"',
    ...signing.parameters,
  });
  const list = covered.map((name) => `"${name}"`).join(' ');
  const params = `(${list})${Object.entries(parameters)
    .map(([name, value]) => `;${name}=${value}`)
    .join('')}`;
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const derived = { '@method': method, '@authority': host, '@path': path, '@query': `?${query}` };
  const values: Readonly<Record<string, string>> = { ...derived, ...headers };
  const lines = covered.map((name) => `"${name}": ${values[name] ?? ''}`);
  const base = [...lines, `"@signature-params": ${params}`].join('\n');
  const signature = sign(null, Buffer.from(signing.tamper?.(base) ?? base), privateKey).toString('base64');
  const signed = { 'signature-input': `${label}=${params}`, signature: `${label}=:${signature}:` };
  return { method, target, headers: { host, ...headers, ...signed }, body: Buffer.from(body) };
}

function present(given: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null));
}
