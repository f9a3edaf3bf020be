/**
 * Puts a way around on the wire byte by byte, as no client library would, and takes down what the server answers.
 */
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Asked, Packing } from './hyperswitch-asked.ts';
import { type Answer, askedOf } from './hyperswitch-record.ts';

export async function askServer(port: number, one: Asked): Promise<Answer> {
  const body = pack(one.body, one.as);
  const told = await exchange(port, Buffer.concat([Buffer.from(headOf(one, body)), framed(body, one.as)]));
  const [head = '', text = ''] = told.split('\r\n\r\n', 2);
  const status = Number(head.split(' ')[1]);
  const isPlain = body.equals(Buffer.from(one.body));
  return {
    asked: askedOf(one),
    ...(isPlain ? {} : { sent: body.toString('base64') }),
    status,
    ...(status === 200 ? (JSON.parse(text) as object) : {}),
  };
}

function headOf({ method = 'POST', path, type, headers = {}, as }: Asked, body: Buffer): string {
  const framing = as === 'chunks' ? 'transfer-encoding: chunked' : `content-length: ${body.length}`;
  const typed = type === null ? [] : [`content-type: ${type}`];
  const others = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const lines = [`${method} ${path} HTTP/1.1`, 'host: localhost', 'connection: close', ...typed, ...others, framing];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function pack(text: string, as: Packing | undefined): Buffer {
  const bytes = Buffer.from(text);
  switch (as) {
    case 'gzip':
      return gzipSync(bytes);
    case 'deflate':
      return deflateSync(bytes);
    case 'br':
      return brotliCompressSync(bytes);
    case 'zstd':
      return zstdStored(bytes);
    case 'latin1':
      return Buffer.from(text, 'latin1');
    case 'utf16':
      return Buffer.from(text, 'utf16le');
    default:
      return bytes;
  }
}

/** One frame of one block that is stored as it is (RFC 8878, 3.1.1): node 20 has no Zstandard. At most 255 bytes. */
function zstdStored(bytes: Buffer): Buffer {
  const SINGLE_SEGMENT = 0x20;
  const LAST_RAW_BLOCK = 1;
  const block = Buffer.alloc(3);
  block.writeUIntLE((bytes.length << 3) | LAST_RAW_BLOCK, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, SINGLE_SEGMENT, bytes.length]), block, bytes]);
}

function framed(body: Buffer, as: Packing | undefined): Buffer {
  if (as !== 'chunks') return body;
  const halves = [body.subarray(0, 20), body.subarray(20)];
  const chunks = halves.flatMap((half) => [`${half.length.toString(16)};x=y\r\n`, half, '\r\n']);
  return Buffer.concat([...chunks, '0\r\n\r\n'].map((part) => Buffer.from(part as string)));
}

function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part) => parts.push(part)).on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(parts).toString()));
  });
}
