/**
 * Beside the protected routes, on the runtime itself: what comes goes on as it comes, in both directions, and is let go
 * of with its client. Nothing of it is held; and what an origin says on the wire beside heads and bodies gets no further.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SHOP_HOST } from '../support/bare-client.ts';
import { payRoute } from '../support/bare-merchant.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';
import { type Connection, RawOrigin } from '../support/raw-origin.ts';

const MIB = 1024 * 1024;
const UPLOAD_BYTES = 200 * MIB;
/** Of a runtime that has 128 MiB for its objects. */
const HELD_BYTES = 64 * MIB;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

let bare: BareWorkerd;
let speak: (connection: Connection) => void | Promise<void>;
const origin = new RawOrigin((connection) => speak(connection));

beforeAll(async () => {
  const url = await origin.listen();
  bare = await BareWorkerd.start();
  bare.kv.putMerchant({ id: 'acme', hosts: [SHOP_HOST], origin: { pool: [{ url }] }, routes: [payRoute] });
});
afterAll(async () => {
  origin.close();
  await bare.dispose();
});

interface Heard {
  readonly socket: TLSSocket;
  readonly leave: () => void;
  readonly text: () => string;
  readonly until: (part: string) => Promise<string>;
}

/** A client whose bytes are a test's own, and who keeps every byte that it gets. */
async function say(text: string): Promise<Heard> {
  const plain = connectPlain(bare.ports.https, '127.0.0.1');
  const socket = connect({ socket: plain, rejectUnauthorized: false });
  plain.on('error', () => {});
  let heard = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    heard += data.toString('latin1');
  });
  await once(socket, 'secureConnect');
  socket.write(text);
  const until = async (part: string) => {
    await vi.waitFor(() => expect(heard).toContain(part), { timeout: 10_000, interval: 5 });
    return heard;
  };
  // As a killed client does: a runtime hears of an orderly end only when it next writes.
  const leave = () => void plain.resetAndDestroy();
  return { socket, leave, text: () => heard, until };
}

const asking = (method: string, path: string, more = '') =>
  `${method} ${path} HTTP/1.1\r\nhost: ${SHOP_HOST}\r\ncf-connecting-ip: 203.0.113.9\r\n${more}\r\n`;
const lastConnection = () => origin.connections.at(-1) as Connection;

it.each([
  ['GET', ''],
  ['POST', 'content-length: 0\r\n'],
])(
  'an event is there before the next was sent, and a client who leaves takes the origin along (%s)',
  async (method, more) => {
    speak = ({ socket }) => void socket.write(HEAD + chunk('data: first\n\n'));
    const client = await say(asking(method, '/events', more));
    await client.until('data: first');
    expect(client.text()).not.toContain('data: second');
    lastConnection().socket.write(chunk('data: second\n\n'));
    await client.until('data: second');
    client.leave();
    expect(await Promise.race([lastConnection().closed, pause(10_000, 'still there')])).toBeUndefined();
  },
);

it('a client who leaves before the head takes the origin along', async () => {
  speak = () => {};
  const before = origin.connections.length;
  const client = await say(asking('GET', '/slow'));
  await vi.waitFor(() => expect(origin.connections).toHaveLength(before + 1), { timeout: 10_000 });
  client.leave();
  expect(await Promise.race([lastConnection().closed, pause(10_000, 'still there')])).toBeUndefined();
});

it('an upload of 200 MiB arrives whole, with flat memory', async () => {
  let answered = false;
  speak = async (connection) => {
    // Slower than the client: whoever buffers would have to hold the difference.
    while (connection.received() < UPLOAD_BYTES) {
      connection.socket.pause();
      await pause(5);
      connection.socket.resume();
      await pause(20);
    }
    answered = true;
    connection.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndone');
  };
  const before = bare.residentBytes();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, bare.residentBytes());
  }, 20);
  const status = await new Promise<number>((resolve, reject) => {
    const headers = {
      host: SHOP_HOST,
      'cf-connecting-ip': '203.0.113.9',
      'content-type': 'application/octet-stream',
      'content-length': String(UPLOAD_BYTES),
    };
    const options = { host: '127.0.0.1', port: bare.ports.https, path: '/files', rejectUnauthorized: false, headers };
    const outgoing = request({ ...options, method: 'PUT' }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    const piece = randomBytes(MIB);
    let sent = 0;
    const more = () => {
      while (sent < UPLOAD_BYTES) {
        sent += piece.byteLength;
        if (!outgoing.write(piece)) return void outgoing.once('drain', more);
      }
      outgoing.end();
    };
    more();
  });
  clearInterval(watch);
  expect([status, answered, lastConnection().received() >= UPLOAD_BYTES]).toEqual([200, true, true]);
  expect(most - before).toBeLessThan(HELD_BYTES);
  expect(lastConnection().arrived().toLowerCase()).toContain(`content-length: ${UPLOAD_BYTES}`);
});

it('a WebSocket goes through in both directions, and its handshake tells nothing of the origin', async () => {
  speak = ({ socket, arrived }) => {
    const key = /sec-websocket-key: (\S+)/i.exec(arrived())?.[1] ?? '';
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\nsec-websocket-protocol: chat\r\nserver: nginx\r\nx-backend: 10.0.0.7\r\nset-cookie: a=1; Domain=127.0.0.1\r\nx-shop: kept\r\n\r\n`,
    );
    // Unmasked text frames, as a server writes them: what it got, and a word of its own.
    socket.on('data', (frame) => {
      if ((frame[0] ?? 0) !== 0x81) return;
      const mask = frame.subarray(2, 6);
      const said = frame.subarray(6, 6 + ((frame[1] ?? 0) & 0x7f)).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
      socket.write(Buffer.concat([Buffer.from([0x81, said.length]), said]));
    });
  };
  const upgrade = `connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-protocol: chat\r\n`;
  const client = await say(asking('GET', '/live', upgrade));
  const head = (await client.until('\r\n\r\n')).toLowerCase();
  expect(head).toMatch(/^http\/1\.1 101 /);
  expect(head).toContain('x-shop: kept');
  expect(head).toContain('sec-websocket-protocol: chat');
  expect(head).not.toMatch(/nginx|10\.0\.0\.7|domain=/);
  client.socket.write(Buffer.from([0x81, 0x85, 0, 0, 0, 0, ...Buffer.from('hello')]));
  await client.until('hello');
  client.leave();
  expect(await Promise.race([lastConnection().closed, pause(10_000, 'still there')])).toBeUndefined();
});

// With its header the runtime would send a GET without a body, whatever was asked: another request than was judged.
it.each(['/api/pay', '/cart'])(
  'a WebSocket is opened by GET alone: what is sent to %s goes as it came',
  async (path) => {
    speak = ({ socket }) =>
      void socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n{"status":"succeeded"}',
      );
    const body = '{"card":{"number":"4242424242424242"}}';
    const upgrade = `connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n`;
    const json = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
    const client = await say(`${asking('POST', path, upgrade + json)}${body}`);
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    const arrived = lastConnection().arrived();
    expect([arrived.slice(0, 4), arrived.toLowerCase().includes('upgrade'), arrived.endsWith(body)]).toEqual([
      'POST',
      false,
      true,
    ]);
    client.leave();
  },
);

it.each(['a, b', 'shop acme', 'shop.acme.example:port', '%'])(
  'the host %j is nobody’s: 503, and no error',
  async (host) => {
    const from = bare.output.length;
    const client = await say(`GET / HTTP/1.1\r\nhost: ${host}\r\ncf-connecting-ip: 203.0.113.9\r\n\r\n`);
    expect(await client.until('not_guarded')).toMatch(/^HTTP\/1.1 503 /);
    expect(bare.output.slice(from)).not.toContain('unexpected_error');
    client.leave();
  },
);

it('early hints, a reason phrase and trailers of the origin get no further', async () => {
  speak = ({ socket }) => {
    const secret = 'nl.hidden.example';
    socket.write(
      `HTTP/1.1 103 Early Hints\r\nlink: <https://${secret}/a.css>; rel=preload\r\nx-early: ${secret}\r\n\r\n`,
    );
    socket.write(`HTTP/1.1 200 OK by ${secret}\r\ntrailer: x-late, x-checksum\r\ntransfer-encoding: chunked\r\n\r\n`);
    socket.end(`${chunk('body')}0\r\nx-late: ${secret}\r\nx-checksum: 1\r\n\r\n`);
  };
  const client = await say(asking('GET', '/'));
  await client.until('body');
  await pause(200);
  expect(client.text()).toContain('HTTP/1.1 200');
  expect(client.text()).not.toMatch(/hidden|103|x-late: |x-early/);
  client.leave();
});

it('a compressed answer arrives compressed as it was, byte for byte', async () => {
  const gzip = Buffer.from('H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==', 'base64');
  speak = ({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${gzip.length}\r\n\r\n`);
    socket.write(gzip);
  };
  const client = await say(asking('GET', '/page', 'accept-encoding: gzip\r\n'));
  await client.until(gzip.toString('latin1'));
  expect(client.text().toLowerCase()).toContain(`content-length: ${gzip.length}`);
  client.leave();
});
