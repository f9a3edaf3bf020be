/**
 * A provider of reputation as a bare workerd reaches it: plain http on loopback, answering as AbuseIPDB does or failing
 * as told, and remembering what arrived.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ArrivedAtProvider {
  readonly ip: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

type Reply = (arrived: ArrivedAtProvider, response: ServerResponse) => void | Promise<void>;

export class BareProvider {
  readonly arrived: ArrivedAtProvider[] = [];
  #reply: Reply = scoring(0);
  readonly #server = createServer(async (request, response) => {
    const url = request.url ?? '';
    const ip = new URL(url, 'http://localhost').searchParams.get('ipAddress') ?? '';
    const arrived = { ip, url, headers: request.headers };
    this.arrived.push(arrived);
    response.on('error', () => {});
    await this.#reply(arrived, response);
  });

  /** Starts to listen; the API's URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  reply(reply: Reply): void {
    this.#reply = reply;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export function scoring(score: number, delayMs = 0): Reply {
  return async ({ ip }, response) => {
    await pause(delayMs);
    const data = { ipAddress: ip, isPublic: true, abuseConfidenceScore: score, totalReports: 3 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
  };
}

/** Everything that can go wrong on the way, and what Cordon calls it. */
export const FAILING: Readonly<Record<string, { readonly reply: Reply; readonly reason: string }>> = {
  'does not answer': { reply: () => {}, reason: 'timeout' },
  'hangs after its headers': {
    reply: (_, response) => void response.writeHead(200).flushHeaders(),
    reason: 'timeout',
  },
  'drips its answer': {
    reply: async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      while (!response.destroyed && response.write(' ')) await pause(20);
    },
    reason: 'timeout',
  },
  'resets the connection': { reply: (_, response) => void response.socket?.resetAndDestroy(), reason: 'unreachable' },
  'breaks off in its body': {
    reply: async (_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"data":{');
      await pause(20);
      response.socket?.destroy();
    },
    reason: 'unreachable',
  },
  'is broken': { reply: (_, response) => void response.writeHead(500).end('oops'), reason: 'unreachable' },
  'talks HTML': { reply: (_, response) => void response.end('<!doctype html>'), reason: 'nonsense' },
  'is huge': { reply: (_, response) => void response.end(`{"data":"${'x'.repeat(1_000_000)}"}`), reason: 'nonsense' },
};
