/**
 * Providers on the runtime of production, over real connections: what hangs, drips or breaks off costs a payment its time
 * limit and no more, no redirect carries a key away, and many requests share one look-up even when the first one is gone.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type BareAnswer, headersOf, leave, SHOP_HOST } from '../support/bare-client.ts';
import { PROVIDER_KEY } from '../support/bare-config.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';
import { paid } from '../support/bare-origin.ts';
import { BareProvider, FAILING, scoring } from '../support/bare-provider.ts';

const TIMEOUT_MS = 700;
/** What a busy machine may add. */
const SLACK_MS = 2_000;
const PATIENCE = { timeout: 5_000, interval: 20 };
const CARD = '4242424242424242';

const provider = new BareProvider();
const elsewhere = new BareProvider();
let shop: Shop;
let elsewhereUrl: string;
let last = 0;
const newIp = () => `185.230.7.${++last}`;

beforeAll(async () => {
  const api_url = await provider.listen();
  const asked = { name: 'abuseipdb', key_name: 'CORDON_REPUTATION_ABUSEIPDB', timeout_ms: TIMEOUT_MS, api_url };
  const reputation = { providers: [asked], step_up_above: 80 };
  const card_testing_guard_config = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 100 };
  shop = await openShop({ reputation, card_testing_guard_config }, { atTheEnd: (end) => endings.push(end) });
  shop.origin.reply(() => paid(0));
  elsewhereUrl = await elsewhere.listen();
  // A first payment brings the gate to life.
  await shop.client().pay({ card: CARD, ip: newIp() });
});
// A hook that is named within another is never called.
const endings: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of endings.toReversed()) await end();
  provider.close();
  elsewhere.close();
});
beforeEach(async () => {
  provider.reply(scoring(0));
  // An answer, so that the failures of several tests are none in a row.
  await shop.client().pay({ card: CARD, ip: newIp() });
  provider.arrived.length = 0;
});

/** What was said of the payment, in the line about it. */
function lineOf({ headers }: BareAnswer): { silent: readonly string[]; signals: readonly string[] } {
  const id = String(headers['cordon-evaluation']);
  const lines = shop.bare.output.split('\n').filter((line) => line.includes(id) && line.startsWith('{'));
  return JSON.parse(lines[0] ?? '{}');
}

it.each(Object.entries(FAILING))('a provider that %s', async (_, { reply, reason }) => {
  provider.reply(reply);
  const client = shop.client();
  const begun = performance.now();
  const answer = await client.pay({ card: CARD, ip: newIp() });
  expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + SLACK_MS);
  expect(answer.status).toBe(200);
  await vi.waitFor(() =>
    expect(lineOf(answer)).toMatchObject({ silent: [`provider:abuseipdb:${reason}`], signals: [] }),
  );
});

it('a redirect is not followed, whoever sends it', async () => {
  provider.reply((_, response) => void response.writeHead(302, { location: `${elsewhereUrl}/steal` }).end());
  const answer = await shop.client().pay({ card: CARD, ip: newIp() });
  await vi.waitFor(() => expect(lineOf(answer).silent).toEqual(['provider:abuseipdb:nonsense']), PATIENCE);
  expect(provider.arrived).toHaveLength(1);
  expect(elsewhere.arrived).toEqual([]);
});

it('fifty payments of a new address at once ask once, and all hear the answer', async () => {
  provider.reply(scoring(60, 100));
  const client = shop.client();
  const ip = newIp();
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.pay({ card: CARD, ip })));
  await vi.waitFor(() => {
    for (const answer of answers) {
      expect([answer.status, lineOf(answer).signals]).toEqual([200, ['provider:abuseipdb:60/enforce']]);
    }
  }, PATIENCE);
  expect(provider.arrived).toHaveLength(1);
});

it.each(['reset', 'end'] as const)('who asked first may leave: the others still hear (%s)', async (how) => {
  const asked = Promise.withResolvers<void>();
  provider.reply(async (arrived, response) => {
    asked.resolve();
    await scoring(60, 200)(arrived, response);
  });
  const ip = newIp();
  const left = leave(shop.bare.ports.https, { card: CARD, ip }, { how, until: () => asked.promise });
  await asked.promise;
  const client = shop.client();
  const answers = await Promise.all(Array.from({ length: 5 }, () => client.pay({ card: CARD, ip })));
  await left;
  await vi.waitFor(() => {
    for (const answer of answers) expect(lineOf(answer).signals).toEqual(['provider:abuseipdb:60/enforce']);
  });
  expect(provider.arrived).toHaveLength(1);
});

it('a late answer is there for the next payment', async () => {
  provider.reply(scoring(60, TIMEOUT_MS + 200));
  const client = shop.client();
  const ip = newIp();
  const first = await client.pay({ card: CARD, ip });
  await vi.waitFor(() => expect(lineOf(first).silent).toEqual(['provider:abuseipdb:timeout']), PATIENCE);
  await vi.waitFor(
    async () => {
      const next = await client.pay({ card: CARD, ip });
      await vi.waitFor(() => expect(lineOf(next).signals).toEqual(['provider:abuseipdb:60/enforce']), { timeout: 300 });
    },
    { timeout: 10_000, interval: 50 },
  );
  expect(provider.arrived).toHaveLength(1);
});

it('is asked while the body still comes', async () => {
  const asked = Promise.withResolvers<void>();
  provider.reply(async (arrived, response) => {
    asked.resolve();
    await scoring(60)(arrived, response);
  });
  const attempt = { card: CARD, ip: newIp() };
  const body = JSON.stringify({ card: { number: CARD } });
  const headers = { host: SHOP_HOST, 'content-length': String(body.length), ...headersOf(attempt) };
  const to = { host: '127.0.0.1', port: shop.bare.ports.https, path: '/api/pay', method: 'POST', headers };
  const outgoing = request({ ...to, rejectUnauthorized: false });
  outgoing.write(body.slice(0, 5));
  await asked.promise;
  outgoing.end(body.slice(5));
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(200);
});

it('only the address goes out, and the key stands nowhere', async () => {
  const ip = newIp();
  await shop.client().pay({ card: CARD, ip });
  const [sent] = provider.arrived;
  expect(sent?.url).toBe(`/api/v2/check?ipAddress=${ip}&maxAgeInDays=30`);
  const { host: _, ...headers } = sent?.headers ?? {};
  expect(headers).toMatchObject({ accept: 'application/json', key: PROVIDER_KEY, 'user-agent': 'Cordon' });
  expect(Object.keys(headers).filter((name) => /cookie|forward|client|real|cordon|^cf-/.test(name))).toEqual([]);
  expect(shop.bare.output).not.toContain(PROVIDER_KEY);
  expect(shop.bare.output).not.toContain(ip);
});
