/**
 * An origin behind the production bundle on a bare runtime, which shows URLs as they travel: what Cordon sends is taken by
 * every example, and by Express in front of a shop; what comes past Cordon is not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cordonOnly, judgedOnly } from '../../examples/origin/typescript/express.ts';
import type { BareClient, Sending } from '../support/bare-client.ts';
import { openShop } from '../support/bare-merchant.ts';
import { KeyServer } from '../support/verifiers/signing-cordon.ts';
import { type Seen, VERIFIERS, type Verifier } from '../support/verifiers/verifiers.ts';

const BODY = JSON.stringify({ card: { number: '4242424242424242', cvc: '123' }, amount: 1999 });
const FROM = { 'cf-connecting-ip': '203.0.113.9', 'content-type': 'application/json' };
const PAID = { id: 'pay_1', status: 'succeeded' };
const pays = (path: string) => ({
  name: path.replaceAll('/', '-').slice(1),
  match: { methods: ['POST'], path },
  fields: { card_number: '/card/number' },
  outcome: { succeeded: [{ status: [200] }] },
});

const ends: (() => unknown)[] = [];
const verifiers = new Map<string, Verifier>();
let seen: Seen[] = [];
let client: BareClient;
let origin: string;

beforeAll(async () => {
  const keys = new KeyServer();
  ends.push(() => keys.close());
  const keysUrl = await keys.listen();
  const app = express();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/express') === true) app(request, response);
    else void record(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  origin = `http://${authority}`;
  app.use(express.raw({ type: () => true, inflate: false, limit: '1mb' }));
  app.use(cordonOnly({ keysUrl, authorities: [authority] }));
  app.post('/express/pay', judgedOnly, (request, response) => {
    const { amount } = JSON.parse(request.body) as { amount: number };
    response.json({ ...PAID, amount });
  });
  app.use((_, response) => void response.json(response.locals.cordon));

  const routes = [pays('/api/pay'), pays('/express/pay')];
  const atTheEnd = (end: () => unknown) => void ends.push(end);
  client = (await openShop({ origin: { pool: [{ url: origin }] }, routes }, { atTheEnd })).client();
  const set = await client.send({ method: 'GET', path: '/.cordon/jwks.json', headers: FROM });
  keys.keys = (JSON.parse(set.body) as { keys: object[] }).keys;
  for (const [language, make] of Object.entries(VERIFIERS)) {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-verified-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    if (make !== null) verifiers.set(language, make({ keysUrl, authority, folder }));
  }
  ends.push(() => {
    for (const { end } of verifiers.values()) end();
  });
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});
beforeEach(() => {
  seen = [];
});

async function record(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  seen.push({ method: request.method ?? '', target: request.url ?? '', headers, body: Buffer.concat(chunks) });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(PAID));
}

const pay = (change: Sending = {}) => client.send({ path: '/api/pay', headers: FROM, body: BODY, ...change });

describe.each(Object.keys(VERIFIERS))('in %s', (language) => {
  const take = async () => {
    expect(seen).toHaveLength(1);
    return verifiers.get(language)?.verify(seen[0] as Seen, Date.now());
  };
  const test = it.skipIf(VERIFIERS[language] === null);

  test('a payment is taken, once, with what was decided', async () => {
    expect((await pay()).status).toBe(200);
    const told = { ok: true, decision: 'allow', riskScore: 0, ip: '203.0.113.9', isBodySigned: true };
    expect(await take()).toMatchObject(told);
    expect(await take()).toEqual({ ok: false, why: 'seen before' });
  });

  test.each([
    '/catalogue',
    '/',
    '/?',
    '/a/',
    '/a?b=c?d=//',
    '/%7Ea%7e/%C3%A4',
    '/a%20b+c?x=%20+',
    "/a'!*()?x='!*()",
    '/a|b',
    '/a^b',
    '/a{b}',
    '/a[b]',
    '/a?x=[1]&y=|^`{}',
    '/a%22b%3Cc%3E?d=%22%3Ce%3E',
    '/a\\b?c\\d',
    '/a;b=c,d:e@f&g=$',
    '/a//b///c',
    '/a/../b/./c',
    '/%2e%2e/a',
    '/a?',
    '/%zz?%',
    '/.well-known/x',
  ])('the page %s is taken', async (path) => {
    const { status, body } = await pay({ method: 'GET', path, body: '' });
    expect([status, body]).toEqual([200, expect.anything()]);
    expect(await take()).toMatchObject({ ok: true, decision: null });
  });

  test('a payment with a query is taken', async () => {
    await pay({ path: '/api/pay?_method=DELETE&a=%7E~' });
    expect(await take()).toMatchObject({ ok: true, decision: 'allow' });
  });

  test('an upload is taken, and known to be nobody’s word', async () => {
    await pay({ path: '/upload', body: 'x'.repeat(300_000) });
    expect(seen[0]?.body).toHaveLength(300_000);
    expect(await take()).toMatchObject({ ok: true, isBodySigned: false });
  });

  test('what a client sends in Cordon’s name changes nothing', async () => {
    const forged = {
      'cordon-decision': 'x',
      Signature: 'cordon=:AAAA:',
      'Signature-Input': 'cordon=()',
      'x-forwarded-for': '1.2.3.4',
    };
    await pay({ headers: { ...FROM, ...forged, 'Content-Digest': 'sha-256=:AAAA:' } });
    expect(await take()).toMatchObject({ ok: true, decision: 'allow', ip: '203.0.113.9' });
  });
});

describe('Express', () => {
  const direct = (path: string, init: RequestInit = {}) => fetch(`${origin}${path}`, init);

  it('takes what comes from Cordon', async () => {
    const paid = await pay({ path: '/express/pay' });
    expect([paid.status, JSON.parse(paid.body)]).toEqual([200, { ...PAID, amount: 1999 }]);
    const page = await pay({ method: 'GET', path: '/express/page', body: '' });
    expect(JSON.parse(page.body)).toMatchObject({ ok: true, decision: null });
  });

  it('takes nothing that comes past it', async () => {
    const forged = { 'cordon-evaluation': 'ev_1', 'cordon-decision': 'allow', 'x-forwarded-for': '203.0.113.9' };
    const json = { 'content-type': 'application/json' };
    const paid = await direct('/express/pay', { method: 'POST', headers: { ...json, ...forged }, body: BODY });
    const page = await direct('/express/page');
    expect([paid.status, page.status]).toEqual([403, 403]);
  });

  it('pays nothing that Cordon did not judge, though it comes from Cordon', async () => {
    const answer = await pay({ path: '/express/pay/', headers: { ...FROM, 'content-type': 'text/plain' } });
    expect(answer.status).toBe(400);
    const other = await pay({ method: 'PUT', path: '/express/pay' });
    expect(other.status).toBe(405);
  });
});
