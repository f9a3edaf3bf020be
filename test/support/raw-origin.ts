/**
 * A server that says on the wire exactly what a test tells it to: heads that no library would write, bodies as they come.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface Connection {
  readonly socket: Socket;
  /** Everything that arrived, in Latin-1: one character a byte. */
  readonly arrived: () => string;
  readonly received: () => number;
  readonly closed: Promise<void>;
}

type Speak = (connection: Connection) => void | Promise<void>;

/** `keep`: of what arrives, so many bytes are kept; the rest is counted. */
export class RawOrigin {
  readonly connections: Connection[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(speak: Speak, keep = 64 * 1024) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      let text = '';
      let received = 0;
      let spoken = false;
      const connection = { socket, arrived: () => text, received: () => received, closed };
      this.connections.push(connection);
      socket.on('data', (chunk) => {
        received += chunk.byteLength;
        if (text.length < keep) text += chunk.toString('latin1').slice(0, keep - text.length);
        if (spoken || !text.includes('\r\n\r\n')) return;
        spoken = true;
        void speak(connection);
      });
    });
  }

  /** Starts to listen; the origin's URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
