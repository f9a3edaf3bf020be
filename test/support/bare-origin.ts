/**
 * The merchant's server as a bare workerd reaches it: plain http on loopback, answering as told, and remembering
 * what arrived.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ArrivedAtOrigin {
  readonly evaluation: string;
  readonly ip: string;
  /** What the client asked this stand-in for, in the header `X-Test`. */
  readonly test: string;
  readonly body: string;
}

export interface OriginReply {
  readonly status: number;
  readonly body: unknown;
  readonly delayMs: number;
}

const DECLINE = { id: 'pay_1', status: 'failed', error: { decline_code: 'do_not_honor' } };

export class BareOrigin {
  readonly arrived: ArrivedAtOrigin[] = [];
  /** When each exchange was let go of before its answer, in ms since the epoch. */
  readonly droppedAt: number[] = [];
  #reply: (arrived: ArrivedAtOrigin) => OriginReply = () => declined(0);
  readonly #server = createServer(async (request, response) => {
    const arrived = await arrivedOf(request).catch(() => null);
    if (arrived === null) return;
    this.arrived.push(arrived);
    response.once('close', () => {
      if (!response.writableEnded) this.droppedAt.push(Date.now());
    });
    const { status, body, delayMs } = this.#reply(arrived);
    if (delayMs > 0) await pause(delayMs);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  /** Starts to listen; the origin's URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  reply(reply: (arrived: ArrivedAtOrigin) => OriginReply): void {
    this.#reply = reply;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export function declined(delayMs: number): OriginReply {
  return { status: 402, body: DECLINE, delayMs };
}

export function paid(delayMs: number): OriginReply {
  return { status: 200, body: { id: 'pay_1', status: 'succeeded' }, delayMs };
}

export function needsAction(delayMs: number): OriginReply {
  return { status: 200, body: { id: 'pay_1', status: 'requires_action' }, delayMs };
}

async function arrivedOf(request: IncomingMessage): Promise<ArrivedAtOrigin> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const header = (name: string) => request.headers[name]?.toString() ?? '';
  return {
    evaluation: header('cordon-evaluation'),
    ip: header('x-forwarded-for'),
    test: header('x-test'),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
