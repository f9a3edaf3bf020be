/**
 * The other half of the ways around: what Vendure's stack executes of these requests. Apollo Server 4 needs another
 * graphql-js than this project has: `APOLLO_SERVER` names a folder with @apollo/server@4, graphql@16, graphql-upload@17.
 */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clothes, clothes } from './vendure-clothes.ts';
import { serveShop } from './vendure-stack.ts';

const folder = process.env.APOLLO_SERVER ?? null;
const stacks = [
  { name: 'Express and graphql-js, asked as Apollo Server asks', from: null },
  ...(folder === null ? [] : [{ name: 'Apollo Server itself', from: folder }]),
];

describe.runIf(folder === null)('Apollo Server itself', () => {
  it.skip('is not installed: APOLLO_SERVER names no folder', () => {});
});

describe.each(stacks)('$name', ({ from }) => {
  let server: Server;
  let paid = 0;
  beforeAll(async () => {
    server = createServer(await serveShop(() => paid++, from)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  function ask({ path, method, type, body }: Clothes): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
    const headers = { ...(type === '' ? {} : { 'content-type': type }), ...length };
    return new Promise((resolve, reject) => {
      const sent = request({ port, method, path, headers }, async (answer) => {
        resolve(`${answer.statusCode}: ${(await answer.toArray()).join('')}`);
      });
      sent.on('error', reject).end(body ?? undefined);
    });
  }

  it.each(clothes.filter(({ pays }) => pays !== null || from !== null))('pays $pays times: $what', async (one) => {
    paid = 0;
    const answer = await ask(one);
    expect(paid, answer.slice(0, 500)).toBe(one.pays ?? 1);
  });
});
