/**
 * One of several servers of a shop, on a real socket, that can fail in every way on the wire, and remembers which
 * payments reached it. A port of its own for all its lives.
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** `killed`: nobody listens. `edge`: what Cloudflare answers for a server that refused; it never saw the request. */
export const FAULTS = ['killed', 'hung', 'reset', 'cut', 'garbage', 'slow', 'late', 'broken', 'edge'] as const;
export type Fault = (typeof FAULTS)[number];

const SLOW_MS = 300;
/** More than half of eight seconds. */
const LATE_MS = 4_500;

export class FaultyOrigin {
  /** The orders whose payment reached it, each as often as it did. */
  readonly paid: string[] = [];
  /** Paths of all that was asked with GET. */
  readonly asked: string[] = [];
  #faultOf: (headers: IncomingHttpHeaders) => Fault | null = () => null;
  #port = 0;
  #server: Server | null = null;

  async start(): Promise<string> {
    await this.#listen();
    return `http://127.0.0.1:${this.#port}`;
  }

  async fail(fault: Fault): Promise<void> {
    this.#faultOf = () => fault;
    if (fault === 'killed') await this.close();
  }

  /** Fails some requests, by their headers. */
  failFor(faultOf: (headers: IncomingHttpHeaders) => Fault | null): void {
    this.#faultOf = faultOf;
  }

  async recover(): Promise<void> {
    this.#faultOf = () => null;
    if (this.#server === null) await this.#listen();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response).catch(() => {}));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fault = this.#faultOf(request.headers);
    if (fault === 'edge') {
      const headers = { 'cf-error-type': '52x', 'content-type': 'text/plain' };
      return void response.writeHead(521, headers).end('error code: 521');
    }
    if (request.method === 'POST') this.paid.push(String(request.headers['x-test']));
    else this.asked.push(request.url ?? '');
    const { socket } = response;
    switch (fault) {
      case 'hung':
        return;
      case 'reset':
        return void socket?.resetAndDestroy();
      case 'garbage':
        return void socket?.end('once upon a time\r\n\r\n');
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('{"id":');
        await pause(20);
        return void socket?.resetAndDestroy();
      case 'broken':
        return void response.writeHead(503, { 'content-type': 'text/plain' }).end('no');
      case 'slow':
        await pause(SLOW_MS);
        break;
      case 'late':
        await pause(LATE_MS);
        break;
      default:
    }
    const body = JSON.stringify({ id: 'pay_1', status: 'succeeded' });
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }
}
