/**
 * The shops' own HTTP servers, asked byte by byte: a body whole, in pieces or compressed, a path as it is written. And
 * what Cordon's readers make of the same body.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BODY_FORMATS, BODY_LIMIT_BYTES, parseBody, readDeclaration, wholeBytes } from '../../../src/attempt/body.ts';
import type { Fields } from '../../../src/attempt/fields.ts';
import { holdBody } from '../../../src/attempt/held-stream.ts';

export interface OnWire {
  readonly path: string;
  readonly method?: string;
  readonly type: string | null;
  readonly body: string | Uint8Array;
  /** Absent: whole. */
  readonly as?: 'whole' | 'pieces' | 'gzip';
}

export interface RunningServer {
  readonly port: number;
  readonly stop: () => void;
}

/** `command` with the port in its arguments, once somebody listens there. */
export async function startServer(command: string, argsFor: (port: number) => string[]): Promise<RunningServer> {
  const port = await freePort();
  const server: ChildProcess = spawn(command, argsFor(port), { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries++) {
    if (await isListening(port)) return { port, stop: () => server.kill('SIGKILL') };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  server.kill('SIGKILL');
  throw new Error(`${command} does not listen`);
}

/** The JSON that the server answers. */
export async function askOnWire<Told>({ port }: RunningServer, one: OnWire): Promise<Told> {
  const told = await exchange(port, Buffer.concat([Buffer.from(headOf(one)), ...framed(one)]));
  const json = /\{.*\}/s.exec(told)?.[0];
  if (json === undefined) throw new Error(`no answer: ${told.slice(0, 200)}`);
  return JSON.parse(json) as Told;
}

/** The body's fields as Cordon reads them, or why it does not. */
export async function readAsCordon(one: OnWire): Promise<Fields | string> {
  const headers = new Headers(headersOf(one));
  const declared = readDeclaration(headers, BODY_FORMATS);
  if (!declared.ok) return declared.why.because;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of splitBody(one)) controller.enqueue(piece);
      controller.close();
    },
  });
  const message = { body, headers, arrayBuffer: () => new Response(body).arrayBuffer() };
  const bytes = wholeBytes(await holdBody(message, BODY_LIMIT_BYTES));
  if (!bytes.ok) return bytes.why.because;
  const read = parseBody(bytes.value, declared.value);
  return read.ok ? read.value : read.why.because;
}

function headersOf(one: OnWire): [string, string][] {
  return [
    ...(one.type === null ? [] : [['content-type', one.type] as [string, string]]),
    ...(one.as === 'gzip' ? [['content-encoding', 'gzip'] as [string, string]] : []),
    one.as === 'pieces' ? ['transfer-encoding', 'chunked'] : ['content-length', String(packed(one).length)],
  ];
}

function headOf(one: OnWire): string {
  const headers = headersOf(one).map(([name, value]) => `${name}: ${value}`);
  const first = `${one.method ?? 'POST'} ${one.path} HTTP/1.1`;
  return `${[first, 'host: shop.example', 'connection: close', ...headers].join('\r\n')}\r\n\r\n`;
}

function packed({ body, as }: OnWire): Buffer {
  return as === 'gzip' ? gzipSync(body) : Buffer.from(body);
}

/** In pieces: within a name, so that either half alone is another request. */
function splitBody(one: OnWire): Buffer[] {
  const bytes = packed(one);
  return one.as === 'pieces' ? [bytes.subarray(0, 5), bytes.subarray(5)] : [bytes];
}

function framed(one: OnWire): Buffer[] {
  if (one.as !== 'pieces') return splitBody(one);
  const chunks = splitBody(one).flatMap((piece) => [`${piece.length.toString(16)}\r\n`, piece, '\r\n']);
  return [...chunks, '0\r\n\r\n'].map((part) => Buffer.from(part as string));
}

function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part) => parts.push(part)).on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(parts).toString()));
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
