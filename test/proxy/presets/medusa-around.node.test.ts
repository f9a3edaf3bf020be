/**
 * The other half of the ways around: Express, with Medusa's own body parsers, takes every one of these requests for a
 * session with that token. Source of the parsers: medusajs/medusa, packages/core/framework/src/http/router.ts.
 */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesOf, type Clothes, clothes, completions, SESSION_PATH, TOKEN } from './medusa-clothes.ts';

let server: Server;
beforeAll(async () => {
  const app = express();
  app.use(express.json(), express.text(), express.urlencoded({ extended: true }));
  app.post('/store/payment-collections/:id/payment-sessions', (asked, told) => {
    told.json({ id: asked.params.id, token: String(asked.body?.data?.payment_method) });
  });
  app.post('/store/carts/:id/complete', (asked, told) => {
    told.json({ id: asked.params.id, token: '' });
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

interface Told {
  readonly id: string;
  readonly token: string;
}

function ask(one: Clothes, bytes: Uint8Array, { inPieces = false } = {}): Promise<Told> {
  const { port } = server.address() as AddressInfo;
  const length = inPieces ? { 'transfer-encoding': 'chunked' } : { 'content-length': bytes.byteLength };
  const headers = { 'content-type': one.type, ...length, ...one.headers };
  return new Promise((resolve, reject) => {
    const sent = request({ port, method: 'POST', path: one.path ?? SESSION_PATH, headers }, async (answer) => {
      const text = (await answer.toArray()).join('');
      if (answer.statusCode === 200) resolve(JSON.parse(text) as Told);
      else reject(new Error(`${answer.statusCode}: ${text.slice(0, 200)}`));
    });
    sent.on('error', reject).end(bytes);
  });
}

it.each(clothes)('Express takes it with $what', async (one) => {
  const told = await ask(one, bytesOf(one));
  expect(told.id).toBe('pay_col_1');
  expect(told.token).toContain(TOKEN);
});

it('Express takes it compressed', async () => {
  const [plain] = clothes;
  if (plain === undefined) throw new Error('no clothes');
  const told = await ask({ ...plain, headers: { 'content-encoding': 'gzip' } }, gzipSync(bytesOf(plain)));
  expect(told.token).toBe(TOKEN);
});

it('Express takes it in pieces of unknown length', async () => {
  const [plain] = clothes;
  if (plain === undefined) throw new Error('no clothes');
  expect((await ask(plain, bytesOf(plain), { inPieces: true })).token).toBe(TOKEN);
});

it.each(completions)('Express completes a cart with $what', async (one) => {
  expect((await ask(one, bytesOf(one))).id).toBe('cart_01J');
});
