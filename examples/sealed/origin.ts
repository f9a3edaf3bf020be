/**
 * A shop whose page seals its cards and whose server opens them: `node examples/sealed/origin.ts` runs it behind Cordon,
 * and prints what its merchant's configuration needs. The card is where it is typed and where it is charged.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
// In your own code: import { openSealed, SealedError } from 'cordon/sealed';
import { openSealed, SealedError } from '../../src/middleware/sealed.ts';

interface Payment {
  readonly card: { readonly number: string; readonly expiry: string; readonly cvc: string };
  readonly amount: number;
  readonly currency: string;
}

export interface Shop {
  readonly url: string;
  /** For `sealed.origin_keys`. */
  readonly publicKey: JWK;
  /** The bodies that came, as they came. */
  readonly bodies: readonly string[];
  /** What was opened: the cards that it would charge. */
  readonly opened: readonly Payment[];
  readonly stop: () => Promise<void>;
}

const DECLINED = '4000000000000002';
const FILES: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['checkout.html', 'text/html; charset=utf-8'],
  '/checkout.js': ['checkout.js', 'text/javascript; charset=utf-8'],
};
/** Nothing but the shop's own host and Cordon's scripts on it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'";

/** `audience`: the host of the shop, as its customers see it. */
export async function startShop(audience: string, port = 0): Promise<Shop> {
  // Yours is made once, and kept where your other secrets are.
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  const named = async (key: CryptoKey) => ({ ...(await exportJWK(key)), kid: 'shop-1' });
  const keys = [await named(privateKey)];
  const bodies: string[] = [];
  const opened: Payment[] = [];
  const pay = async (body: string) => {
    bodies.push(body);
    const { payment } = await openSealed<Payment>(body, { keys, audience });
    opened.push(payment);
    return payment.card.number.replaceAll(' ', '') === DECLINED ? 'failed' : 'succeeded';
  };
  const server = createServer((request, response) => {
    answer(request, response, pay).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, publicKey: await named(publicKey), bodies, opened, stop };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pay: (body: string) => Promise<string>,
): Promise<void> {
  const { method, url = '/' } = request;
  const [file, type] = FILES[url] ?? [];
  if (method === 'GET' && file !== undefined && type !== undefined) {
    const headers = { 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'no-store' };
    response.writeHead(200, headers).end(readFileSync(join(import.meta.dirname, 'public', file)));
    return;
  }
  if (method !== 'POST' || url !== '/api/pay') return void response.writeHead(404).end();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    const status = await pay(Buffer.concat(chunks).toString());
    respond(response, status === 'succeeded' ? 200 : 402, { status });
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    respond(response, 400, { status: 'invalid' });
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What the configuration of the merchant needs for it. */
export function merchantFields({ url, publicKey }: Pick<Shop, 'url' | 'publicKey'>): object {
  const { kty, crv, x, y, kid } = publicKey;
  return {
    origin: { pool: [{ url }] },
    routes: [
      {
        name: 'pay',
        match: { methods: ['POST'], path: '/api/pay' },
        body: 'sealed',
        fields: { card_number: '/card/number', amount: '/amount', currency: '/currency' },
        outcome: {
          succeeded: [{ status: [200], json: { '/status': ['succeeded'] } }],
          failed: [{ status: [402] }],
          unknown: [{ status: [400] }],
        },
      },
    ],
    sealed: { origin_keys: [{ kty, crv, x, y, kid }] },
  };
}

if (process.argv[1] === import.meta.filename) {
  const [host = 'localhost', port = '8790'] = process.argv.slice(2);
  const shop = await startShop(host, Number(port));
  console.log(`The shop is at ${shop.url}. For its merchant's configuration:`);
  console.log(JSON.stringify(merchantFields(shop), null, 2));
}
