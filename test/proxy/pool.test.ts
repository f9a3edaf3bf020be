/**
 * A shop with several servers: who is asked, and how a drain is felt at the next payment. (What fails on the wire is in
 * test/faults/origin-pool.node.test.ts.)
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { manage, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

const EDGE = { status: 521, headers: { 'cf-error-type': '52x' } };

let origin: StandInOrigin;
let home = 0;
let test = 0;
let NL: string;
let DE: string;
let pool: readonly object[];
// Servers of each test's own: what one test brings down is down.
beforeEach(async () => {
  test++;
  [NL, DE] = [`https://nl${test}.acme.example`, `https://de${test}.acme.example`];
  pool = [
    { url: NL, country: 'NL' },
    { url: DE, country: 'DE', priority: 2 },
  ];
  origin = new StandInOrigin();
  await putAcme({ origin: { pool }, card_testing_guard_config: rule('guest_ip', 1_000) });
});
afterEach(async () => {
  for (const country of ['NL', 'DE']) await manage('POST', '/merchants/acme/switches', { undrain: { country } });
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const buy = (headers: Record<string, string> = {}) => pay({ ip: `198.51.100.${home++ % 250}`, headers });
const drain = (said: object) => manage('POST', '/merchants/acme/switches', said);
/** Where payments went; not Cordon's own looks. */
const reached = () => origin.arrived.filter(({ method }) => method === 'POST').map(({ url }) => new URL(url).origin);

it('asks the first by priority, and tells it the shop’s host', async () => {
  expect((await buy()).status).toBe(200);
  expect(reached()).toEqual([NL]);
  expect(origin.arrived[0]?.headers.get('x-forwarded-host')).toBe('shop.acme.example');
});

describe('a drain', () => {
  it('is in force at the next payment, and its end is, too', async () => {
    await buy();
    await drain({ drain: { country: 'NL' } });
    await buy();
    await drain({ undrain: { country: 'NL' } });
    await buy();
    expect(reached()).toEqual([NL, DE, NL]);
  });

  it('is in force in mode off and for a page, once the isolate has heard of it', async () => {
    await drain({ drain: { country: 'NL' } });
    await buy();
    await pay({ path: '/', method: 'GET', body: null });
    expect(origin.arrived.map(({ url }) => new URL(url).origin)).toEqual([DE, DE]);
  });

  it('of one half does not meet that of the other: of two at once one at least is refused', async () => {
    const answers = await Promise.all(['NL', 'DE'].map((country) => drain({ drain: { country } })));
    expect(answers.some(({ status }) => status === 422)).toBe(true);
    expect((await buy()).status).toBe(200);
  });

  it('of all that is left answers 502 and sends nothing anywhere', async () => {
    await buy();
    await drain({ drain: { country: 'NL' } });
    await putAcme({ origin: { pool: [pool[0], { url: 'https://other.acme.example', country: 'NL' }] } });
    expect((await buy()).status).toBe(502);
    expect(reached()).toEqual([NL]);
  });
});

describe('what is known not to have left', () => {
  it('goes to the next place: the payer notices nothing, and the answer is the next one’s', async () => {
    origin.answer(({ url }) => (url.startsWith(NL) ? new Response('error code: 521', EDGE) : answers.succeed()));
    const answer = await buy();
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'succeeded' }]);
    expect(reached()).toEqual([NL, DE]);
  });

  it('is sent again whole, with the evaluation that was made of it', async () => {
    origin.answer(({ url }) => (url.startsWith(NL) ? new Response('', EDGE) : answers.succeed()));
    const id = (await buy()).headers.get('cordon-evaluation');
    const [first, second] = origin.arrived.filter(({ method }) => method === 'POST');
    expect(second?.body).toBe(first?.body);
    expect(second?.headers.get('cordon-evaluation')).toBe(id);
  });

  it('is not what a shop behind Cloudflare says itself, after it has charged somebody', async () => {
    const headers = { server: 'cloudflare', 'content-type': 'text/html' };
    origin.answer(({ url }) =>
      url.startsWith(NL) ? new Response('oh no', { status: 521, headers }) : answers.succeed(),
    );
    expect((await buy()).status).toBe(521);
    expect(reached()).toEqual([NL]);
  });

  it('is a page, and no request that WordPress takes for another method', async () => {
    const isPage = (url: string) => url.includes('/wp-json');
    origin.answer(({ url }) =>
      url.startsWith(NL) && isPage(url) ? new Response('', { status: 503 }) : answers.succeed(),
    );
    const look = async (query: string) => {
      origin.arrived.length = 0;
      await pay({ path: `/wp-json/orders${query}`, method: 'GET', body: null });
      return origin.arrived.flatMap(({ url }) => (isPage(url) ? [new URL(url).origin] : []));
    };
    expect(await look('?a=1')).toEqual([NL, DE]);
    expect(await look('?_method=POST')).toEqual([NL]);
  });

  it('is asked at three places at most', async () => {
    const six = Array.from({ length: 6 }, (_, n) => ({ url: `https://o${n}.acme.example`, priority: n + 1 }));
    await putAcme({ origin: { pool: six } });
    origin.answer(() => new Response('', EDGE));
    await buy();
    expect(reached()).toHaveLength(3);
  });
});

it('a server behind the first that answers 500, however often, keeps its traffic', async () => {
  origin.answer(({ method }) => (method === 'POST' ? answers.break() : answers.succeed()));
  for (let n = 0; n < 30; n++) await buy();
  expect(new Set(reached())).toEqual(new Set([NL]));
});

it('one client who has 503 from every payment shuts nobody out while the server answers Cordon', async () => {
  origin.answer(({ method }) => (method === 'POST' ? new Response('', { status: 503 }) : answers.succeed()));
  for (let n = 0; n < 40; n++) await pay({ ip: '203.0.113.66' });
  expect(new Set(reached())).toEqual(new Set([NL]));
  origin.answer(answers.succeed);
  await buy();
  expect(reached().at(-1)).toBe(NL);
});

describe('nobody votes', () => {
  const broken = () => new Response('', { status: 503 });
  const payFrom = (ip: string) => pay({ ip });

  it('ten times with the addresses of one /48', async () => {
    origin.answer(({ method }) => (method === 'POST' ? broken() : answers.succeed()));
    for (let n = 0; n < 14; n++) await payFrom(`2001:db8:7:${n}::1`);
    expect(new Set(reached())).toEqual(new Set([NL]));
  });

  it('by an upload that breaks off: that may be his own doing', async () => {
    origin.answer(({ method }) => {
      if (method === 'POST') throw new Error('Network connection lost.');
      return answers.succeed();
    });
    for (let n = 0; n < 14; n++) await pay({ ip: `198.51.100.${n}`, path: '/upload', body: 'x' });
    origin.answer(answers.succeed);
    await buy();
    expect(reached().at(-1)).toBe(NL);
  });

  it('else, and so ten strangers do', async () => {
    origin.answer(({ method, url }) => (method === 'POST' && url.startsWith(NL) ? broken() : answers.succeed()));
    for (let n = 0; n < 14; n++) await payFrom(`2001:db8:${n}::1`);
    expect(reached().at(-1)).toBe(DE);
  });
});

describe('where more fails than may be asked again', () => {
  const own = 'the first’s own words';
  const isCheck = ({ headers }: { readonly headers: Headers }) => headers.get('user-agent') === 'Cordon-Check/1';
  const look = () => pay({ path: '/page', method: 'GET', body: null });
  const spent = (lines: readonly unknown[][]) =>
    lines.filter(([line]) => String(line).includes('origin_retries_spent'));

  async function lookUntilSpent() {
    const bodies: string[] = [];
    for (let n = 0; n < 150; n++) bodies.push(await (await look()).text());
    return bodies;
  }

  it('a page has the first server’s answer, and one line of the log says so', async () => {
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    origin.answer((request) => {
      if (isCheck(request) || !request.url.startsWith(NL)) return new Response('the second’s');
      return new Response(own, { status: 503 });
    });
    const bodies = await lookUntilSpent();
    expect(bodies[0]).toBe('the second’s');
    expect(bodies.filter((body) => body === own).length).toBeGreaterThan(20);
    expect(spent(logged.mock.calls).length).toBe(1);
    expect(JSON.parse(String(spent(logged.mock.calls)[0]?.[0]))).toMatchObject({ merchant: 'acme', denied: 1 });
  });

  it('a payment that has not left goes on', async () => {
    origin.answer((request) => {
      if (isCheck(request)) return new Response('well');
      return request.url.startsWith(NL) ? new Response('', EDGE) : answers.succeed();
    });
    const pages = await lookUntilSpent();
    expect(pages.filter((page) => page.includes('origin_error')).length).toBeGreaterThan(20);
    expect((await buy()).status).toBe(200);
  });
});
