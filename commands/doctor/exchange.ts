// One request from outside, and everything that its answer shows. Nothing secret is sent, so that whoever answers may
// be anybody: the certificate is looked at, and never a reason not to ask.

import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';

export interface Asked {
  url: URL;
  method?: string;
  /** As it goes over the wire, where a URL would tidy it up. */
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The highest TLS version that is offered. */
  atMost?: 'TLSv1.1';
}

export type Exchange =
  | { kind: 'silent'; asked: Asked; reason: string }
  | {
      kind: 'answered';
      asked: Asked;
      status: number;
      phrase: string;
      /** In their order, names in lower case. */
      headers: readonly (readonly [name: string, value: string])[];
      body: string;
      tls: { version: string | null; isTrusted: boolean; fault: string | null } | null;
    };

export type Answered = Extract<Exchange, { kind: 'answered' }>;

const timeoutMs = 10_000;
const bodyLimit = 256 * 1024;

export function exchange(asked: Asked): Promise<Exchange> {
  const { url, method = 'GET', path = url.pathname + url.search, body } = asked;
  const headers = { 'user-agent': 'cordon-doctor', ...asked.headers };
  // An old version is refused by this machine's own library otherwise, and nothing would be found out.
  const old = asked.atMost && { minVersion: 'TLSv1', maxVersion: asked.atMost, ciphers: 'DEFAULT@SECLEVEL=0' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const settings = {
    host,
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    method,
    path,
    headers: { host: url.host, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }), ...headers },
    agent: false as const,
    // Node would ask for the name in the host header: whoever knocks knows the server's own.
    ...(isIP(host) === 0 && { servername: host }),
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'silent', asked, reason: error.code ?? error.name ?? 'unknown' });
    const outgoing =
      url.protocol === 'https:'
        ? https.request({ ...settings, ...old, rejectUnauthorized: false } as https.RequestOptions)
        : http.request(settings);
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const tls = tlsOf(incoming.socket);
      readBody(incoming).then((text) => resolve(answerOf(asked, incoming, text, tls)), fail);
    });
    outgoing.end(body);
  });
}

function answerOf(asked: Asked, incoming: http.IncomingMessage, body: string, tls: Answered['tls']): Answered {
  const { statusCode: status = 0, statusMessage: phrase = '', rawHeaders } = incoming;
  const headers = rawHeaders.flatMap((name, i) =>
    i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? ''] as const] : [],
  );
  return { kind: 'answered', asked, status, phrase, headers, body, tls };
}

function tlsOf(socket: object): Answered['tls'] {
  if (!('getProtocol' in socket)) return null;
  const { authorized, authorizationError: fault } = socket as TLSSocket;
  return { version: (socket as TLSSocket).getProtocol(), isTrusted: authorized, fault: fault ? String(fault) : null };
}

async function readBody(incoming: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).byteLength;
    if (length > bodyLimit) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function headerOf({ headers }: Answered, wanted: string): string | null {
  return headers.find(([name]) => name === wanted)?.[1] ?? null;
}

/** The code of one of Cordon's own answers; null for anybody else's. */
export function codeOf(answer: Exchange): string | null {
  if (answer.kind === 'silent' || !headerOf(answer, 'content-type')?.startsWith('application/problem+json'))
    return null;
  try {
    const { code } = JSON.parse(answer.body) as { code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
}
