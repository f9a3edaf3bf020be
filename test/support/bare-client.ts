/**
 * A client of a bare workerd: whole exchanges over https, and one that leaves in the middle of its request or before
 * the answer.
 */
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';

export const SHOP_HOST = 'shop.acme.example';

export interface BareAttempt {
  readonly card: string;
  readonly ip: string;
  readonly cvc?: string;
}

export interface BareAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Keeps its connections open, as an edge does. */
export class BareClient {
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  pay(attempt: BareAttempt): Promise<BareAnswer> {
    return this.send({ headers: headersOf(attempt), body: bodyOf(attempt) });
  }

  /** One exchange; rejects unless the whole answer arrives. */
  send({ method = 'POST', path = '/api/pay', headers = {}, body = '' }: Sending): Promise<BareAnswer> {
    const options: RequestOptions = {
      host: '127.0.0.1',
      port: this.#port,
      agent: this.#agent,
      method,
      path,
      headers: { host: SHOP_HOST, 'content-length': String(Buffer.byteLength(body)), ...headers },
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(options, (incoming) => wholeAnswer(incoming).then(resolve, reject));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** `reset` sends a TCP RST, as a killed client does; `end` closes in order. */
export type Leaving = 'reset' | 'end';

export interface Departure {
  readonly how: Leaving;
  readonly until: () => Promise<unknown>;
  readonly bytes?: number;
  /** Replaces the attempt's own, in ASCII. */
  readonly body?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends an attempt, or the first `bytes` of its body, waits for `until`, and leaves without an answer. */
export async function leave(
  port: number,
  attempt: BareAttempt,
  { how, until, bytes, body = bodyOf(attempt), path = '/api/pay', headers: further = {} }: Departure,
): Promise<void> {
  const plain = connectPlain(port, '127.0.0.1');
  const socket = connect({ socket: plain, rejectUnauthorized: false });
  socket.on('error', () => {}); // the reset is ours
  await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
  const length = String(body.length);
  const headers = { host: SHOP_HOST, 'content-length': length, ...headersOf(attempt), ...further };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n${body.slice(0, bytes)}`);
  await until();
  if (how === 'reset') plain.resetAndDestroy();
  else socket.destroy();
}

export function headersOf({ ip }: BareAttempt): Record<string, string> {
  return { 'content-type': 'application/json', 'cf-connecting-ip': ip };
}

function bodyOf({ card, cvc = '123' }: BareAttempt): string {
  return JSON.stringify({ card: { number: card, cvc }, amount: 1999 });
}

function wholeAnswer(incoming: IncomingMessage): Promise<BareAnswer> {
  return new Promise((resolve, reject) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => {
      body += chunk;
    });
    incoming.on('error', reject);
    incoming.on('aborted', () => reject(new Error('the answer broke off')));
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
  });
}
