// `fetch` for a Cordon on this machine, whose certificate is self-signed. Dials loopback addresses and nothing else,
// which is why the certificate may be taken unchecked.

import { request } from 'node:https';
import { Readable } from 'node:stream';
import type { Fetch } from '../../src/client/client.ts';

/** The addresses that are dialled for the names that are taken. */
const loopbackAddresses: Readonly<Record<string, string>> = {
  localhost: '127.0.0.1',
  '127.0.0.1': '127.0.0.1',
  '[::1]': '::1',
};

export function isLoopback({ hostname }: URL): boolean {
  return hostname in loopbackAddresses;
}

export const fetchOnLoopback: Fetch = (target, { method = 'GET', headers, body, signal }) => {
  const url = new URL(target);
  const host = loopbackAddresses[url.hostname];
  if (host === undefined) return Promise.reject(new TypeError('this is not a loopback address'));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host,
        port: url.port || 443,
        path: url.pathname + url.search,
        method,
        headers: { ...(headers as Record<string, string>), host: url.host },
        rejectUnauthorized: false,
        ...(signal && { signal }),
      },
      (incoming) => {
        const { statusCode: status = 0, headers: said } = incoming;
        const isEmpty = status === 204;
        if (isEmpty) incoming.resume();
        // As it comes: a file may be large, and one that breaks off must fail.
        const stream = isEmpty ? null : (Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>);
        resolve(new Response(stream, { status, headers: said.link === undefined ? {} : { link: String(said.link) } }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
  });
};
