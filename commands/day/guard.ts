// Cordon as it is deployed, on this machine, for the length of a day: the real Worker with storage of its own, and a
// shop behind it that takes every payment and counts what arrived.

import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createTestHarness } from 'wrangler';

const root = fileURLToPath(new URL('../../', import.meta.url).href);
const adminKey = randomBytes(24).toString('base64url');
const adminHost = 'cordon.day.example';

export interface GuardRequest {
  scheme: 'https' | 'http';
  host: string;
  path: string;
  address: string;
  cf: Record<string, unknown>;
  headers: Record<string, string>;
  body: string;
}

export interface Guard {
  shopUrl: string;
  /** A call of the management API; throws on any answer but a success. Returns its JSON, or null. */
  manage(method: string, path: string, body: unknown): Promise<unknown>;
  /** The status of the answer. */
  send(request: GuardRequest): Promise<number>;
  close(): Promise<void>;
}

export async function startGuard(): Promise<Guard> {
  const shop = await startShop();
  const harness = createTestHarness({
    root,
    workers: [
      {
        configPath: 'wrangler.toml',
        vars: { CORDON_ENV: 'development' },
        secrets: { CORDON_ADMIN_KEY: adminKey, CORDON_MASTER_KEY: randomBytes(32).toString('base64') },
      },
    ],
  });
  // There is nothing to fetch it from.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
  await harness.listen();
  const cordon = harness.getWorker();
  return {
    shopUrl: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
    async manage(method, path, body) {
      const isText = typeof body === 'string';
      const answer = await cordon.fetch(`https://${adminHost}/.cordon/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${adminKey}`,
          'content-type': isText ? 'text/plain' : 'application/json',
          'cf-connecting-ip': '192.0.2.1',
        },
        body: isText ? body : JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    async send({ scheme, host, path, address, cf, headers, body }) {
      const answer = await cordon.fetch(`${scheme}://${host}${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'cf-connecting-ip': address },
        body,
        cf,
        redirect: 'manual',
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    async close() {
      await harness.close();
      shop.close();
      shop.closeAllConnections();
    },
  };
}

function startShop(): Promise<Server> {
  const shop = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"succeeded"}');
    });
  });
  return new Promise((resolve) => shop.listen(0, '127.0.0.1', () => resolve(shop)));
}
