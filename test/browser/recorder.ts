/**
 * Stands between Cordon and the demo shop and writes down which payments come through.
 */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Payment {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

export interface Recorder {
  readonly url: string;
  readonly payments: readonly Payment[];
  /** Answers every payment by this instead of the shop, until it is reset. */
  readonly redirectTo: (url: string) => void;
  readonly reset: () => void;
  readonly stop: () => Promise<void>;
}

/** `shop`: its URL, without a path. */
export async function recordInFrontOf(shop: string): Promise<Recorder> {
  const payments: Payment[] = [];
  let elsewhere: string | null = null;
  const server = createServer((asked, answer) => {
    const { method, url: path = '/', headers } = asked;
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      if (method === 'POST') payments.push({ path, type: headers['content-type'] ?? '', body: body.toString() });
      if (method === 'POST' && elsewhere !== null) return void answer.writeHead(303, { location: elsewhere }).end();
      const onward = request(shop + path, { method, headers: { ...headers, host: new URL(shop).host } }, (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const redirectTo = (url: string) => {
    elsewhere = url;
  };
  const reset = () => {
    payments.length = 0;
    elsewhere = null;
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, payments, redirectTo, reset, stop };
}
