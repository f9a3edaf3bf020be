/**
 * One kept-alive connection over TLS that sends whole requests one at a time. Reads no more of an answer than its
 * beginning: the generator must cost less than what it measures.
 */
import { connect, type TLSSocket } from 'node:tls';

export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Of a film nobody reads more. */
const KEPT_LIMIT = 65_536;
const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

export class Connection {
  readonly #socket: TLSSocket;
  /** The beginning of it. */
  #received = '';
  /** Bytes that came. */
  #length = 0;
  #expected = -1;
  #waiting: { resolve: (answered: Answered) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
      socket.once('error', reject);
      socket.once('secureConnect', () => resolve(new Connection(socket)));
    });
  }

  /** `body`: what follows, where it is no part of the text. */
  send(request: string, body?: Buffer): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request, 'latin1');
      if (body !== undefined) this.#socket.write(body);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#length += chunk.length;
    // One character a byte: lengths are in bytes.
    if (this.#received.length < KEPT_LIMIT) this.#received += chunk.toString('latin1');
    if (this.#expected < 0) this.#expected = lengthOf(this.#received);
    if (this.#expected < 0 || this.#length < this.#expected) return;
    const text = this.#received;
    this.#received = '';
    this.#length = 0;
    this.#expected = -1;
    this.#waiting?.resolve({ status: Number(text.slice(9, 12)), text });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}

/** The length of the whole answer in bytes, or -1 while its head is not whole. */
function lengthOf(received: string): number {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return -1;
  const head = received.slice(0, end + 2);
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${head}`);
  return end + HEAD_END.length + Number(length);
}
