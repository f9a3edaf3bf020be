/**
 * A GraphQL endpoint behind the whole Worker: each payment in a request is an attempt of its own, and everything else
 * passes untouched.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { counts, gateOf } from '../gate/asking.ts';
import { answered, checkout, graphqlRoute, mutation, payment, post, RESULT, result } from '../support/graphql-shop.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { CARD, cards, codeOf, pay } from '../support/shopper.ts';

const PACK = cards(60);
let used = 0;
let card = CARD;
let origin: StandInOrigin;

beforeEach(async () => {
  card = PACK[used++] ?? '';
  origin = new StandInOrigin();
  origin.answer(() => answered({ addPaymentToOrder: result.order }));
  await putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 3) });
});
afterEach(() => vi.unstubAllGlobals());

const aliases = (count: number) => Array.from({ length: count }, (_, i) => `p${i}`);
const many = (count: number) => mutation(...aliases(count).map((alias) => payment(alias, card)));
const all = (count: number, it: object) => Object.fromEntries(aliases(count).map((alias) => [alias, it]));

async function countedDuring(work: () => Promise<unknown>): Promise<number> {
  const total = async () => Object.values(await counts(gateOf('acme'))).reduce((sum, count) => sum + count, 0);
  const before = await total();
  await work();
  return (await total()) - before;
}

describe('one payment', () => {
  it('goes on as it came, and is answered with what the server said', async () => {
    const answer = await post(checkout(card), { headers: { 'content-type': 'application/json', accept: '*/*' } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ data: { addPaymentToOrder: result.order } });
    expect(answer.headers.get('cordon-evaluation')).toMatch(/^ev_/);
    expect(origin.arrived.map(({ body }) => body)).toEqual([JSON.stringify(checkout(card))]);
    expect(origin.arrived[0]?.headers.get('accept')).toBe('application/json');
  });

  it('that is declined three times is refused from then on, with the problem of any other route', async () => {
    origin.answer(() => answered({ addPaymentToOrder: result.declined }));
    for (let n = 0; n < 3; n++) expect((await post(checkout(card))).status).toBe(200);
    const refused = await post(checkout(card));
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await codeOf(refused)).toBe('payment_refused');
    expect(origin.arrived).toHaveLength(3);
  });

  it.each([
    ['an order', { addPaymentToOrder: result.order }, 0],
    ['a decline', { addPaymentToOrder: result.declined }, 1],
    ['no active order', { addPaymentToOrder: result.noOrder }, 0],
    ['a type that nobody knows', { addPaymentToOrder: { __typename: 'Moon' } }, 1],
    ['null', { addPaymentToOrder: null }, 1],
    ['nothing', {}, 1],
    ['the decline of another field', { other: result.declined, addPaymentToOrder: result.order }, 0],
    ['the order of another field', { other: result.order, addPaymentToOrder: result.declined }, 1],
  ])('is told by its own result: %s', async (_, data, expected) => {
    origin.answer(() => answered(data));
    expect(await countedDuring(() => post(checkout(card)))).toBe(expected);
  });

  it.each<[string, () => Response, number]>([
    [
      'an error beside its result',
      () => Response.json({ data: { addPaymentToOrder: result.order }, errors: [{ path: ['addPaymentToOrder'] }] }),
      1,
    ],
    ['an error of everything', () => Response.json({ errors: [{ message: 'no' }] }), 1],
    ['an outage', () => Response.json({ errors: [{ message: 'no' }] }, { status: 500 }), 0],
    ['a page', () => new Response('<html>'), 1],
    ['more than is held', () => answered({ addPaymentToOrder: { ...result.order, code: 'x'.repeat(300_000) } }), 1],
  ])('is told by nothing else: %s', async (_, answer, expected) => {
    origin.answer(answer);
    expect(await countedDuring(() => post(checkout(card)))).toBe(expected);
  });

  it.each<[string, () => Promise<Response>]>([
    ['cannot be reached', () => Promise.reject(new Error('down'))],
    ['breaks its answer off', async () => new Response(broken(), { headers: { 'content-type': 'application/json' } })],
  ])('counts nowhere when the server %s', async (_, answer) => {
    origin.answer(answer);
    expect(await countedDuring(async () => expect((await post(checkout(card))).status).toBe(502))).toBe(0);
    await allPlacesAreFree();
  });

  it('that waits for its payer holds its place', async () => {
    await putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 1) });
    origin.answer(() => answered({ addPaymentToOrder: result.waiting }));
    expect((await post(checkout(card))).status).toBe(200);
    expect((await post(checkout(card))).status).toBe(429);
  });

  it('that does not ask for its outcome is refused', async () => {
    const blind = { ...checkout(card), query: checkout(card).query.replace(RESULT, '{ ... on Order { code } }') };
    const refused = await post(blind);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'unreadable', detail: expect.stringContaining('/__typename') });
    expect(origin.arrived).toEqual([]);
  });
});

describe('several payments in one request', () => {
  it('of one card are refused whole where one of them is too many, and leave nothing in flight', async () => {
    const refused = await post(many(5));
    expect(refused.status).toBe(429);
    expect(origin.arrived).toEqual([]);
    await allPlacesAreFree();
  });

  it('take a place each', async () => {
    const release = origin.hold(() => answered(all(3, result.order)));
    const sent = post(many(3));
    await vi.waitFor(() => expect(origin.arrived).toHaveLength(1));
    expect((await post(checkout(card))).status).toBe(429);
    release();
    expect((await sent).status).toBe(200);
    origin.answer(() => answered({ addPaymentToOrder: result.order }));
    expect((await post(checkout(card))).status).toBe(200);
  });

  it('are counted each by its own result', async () => {
    origin.answer(() => answered({ p0: result.declined, p1: result.order, p2: result.declined }));
    expect(await countedDuring(() => post(many(3)))).toBe(2);
    // Two failures are on record: one more place, not two.
    expect((await post(many(2))).status).toBe(429);
    origin.answer(() => answered({ addPaymentToOrder: result.declined }));
    expect((await post(checkout(card))).status).toBe(200);
    expect((await post(checkout(card))).status).toBe(403);
  });

  it('are counted for their own cards', async () => {
    await putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 1) });
    const other = PACK[used++] ?? '';
    origin.answer(() => answered({ a: result.declined, b: result.order }));
    await post(mutation(payment('a', card), payment('b', other)));
    origin.answer(() => answered({ addPaymentToOrder: result.order }));
    expect((await post(checkout(card))).status).toBe(403);
    expect((await post(checkout(other))).status).toBe(200);
  });

  it('are refused together where one card is shut', async () => {
    await putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 1) });
    const other = PACK[used++] ?? '';
    origin.answer(() => answered({ addPaymentToOrder: result.declined }));
    await post(checkout(card));
    expect((await post(mutation(payment('b', other), payment('a', card)))).status).toBe(403);
    expect(origin.arrived).toHaveLength(1);
    expect((await post(checkout(other))).status).toBe(200);
  });

  it('in a batch with ordinary requests are told from their places in its answer', async () => {
    const batch = [{ query: '{ me { id } }' }, checkout(card), { query: '{ cart { id } }' }, many(2)];
    origin.answer(() =>
      Response.json([
        { data: { me: null } },
        { data: { addPaymentToOrder: result.declined } },
        { data: { cart: null } },
        { data: { p0: result.order, p1: result.declined } },
      ]),
    );
    expect(await countedDuring(async () => expect((await post(batch)).status).toBe(200))).toBe(2);
  });

  it('are of different kinds where their operations are', async () => {
    const query = `mutation { checkout { saveCard(token: "tok_${used}") { __typename } } ${payment('p0', card)} }`;
    origin.answer(() => answered({ checkout: { saveCard: result.declined }, p0: result.order }));
    expect(await countedDuring(() => post({ query }))).toBe(1);
  });

  it('are more than a request may hold beyond ten', async () => {
    await putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 1_000) });
    expect((await post(many(10))).status).toBe(200);
    expect((await post(many(11))).status).toBe(400);
  });

  it('all go on in shadow mode, and are recorded', async () => {
    await putAcme({ mode: 'shadow', routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 3) });
    origin.answer(() => answered(all(5, result.declined)));
    expect((await post(many(5))).status).toBe(200);
  });
});

describe('a request without a payment', () => {
  it.each([
    ['a query', { query: '{ products { id } }' }],
    ['another mutation', { query: 'mutation ($id: ID!) { addItem(id: $id) { id } }', variables: { id: 1 } }],
    ['a batch', [{ query: '{ a }' }, { query: 'query B { b }', operationName: 'B' }]],
    ['introspection', { query: '{ __schema { types { name } } }' }],
  ])('passes untouched: %s', async (_, body) => {
    const answer = await post(body, { headers: { 'content-type': 'application/json', accept: 'text/event-stream' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.has('cordon-evaluation')).toBe(false);
    expect(origin.arrived.map((it) => it.body)).toEqual([JSON.stringify(body)]);
    expect(origin.arrived[0]?.headers.get('accept')).toBe('text/event-stream');
  });

  it('passes however many there are', async () => {
    const ip = freshAddress();
    for (let n = 0; n < 12; n++) expect((await post({ query: '{ a }' }, { ip })).status).toBe(200);
  });
});

describe('a hash without its text', () => {
  const persistedQuery = { version: 1, sha256Hash: '0'.repeat(64) };
  const notFound = {
    errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  };

  it('is answered as Apollo’s clients expect, who then send the text', async () => {
    const answer = await post({ extensions: { persistedQuery } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual(notFound);
    expect(origin.arrived).toEqual([]);
  });

  it('in a batch is answered for each of its requests', async () => {
    const answer = await post([{ query: '{ a }' }, { extensions: { persistedQuery } }]);
    expect(await answer.json()).toEqual([notFound, notFound]);
  });

  it('in a URL is answered too', async () => {
    const search = new URLSearchParams({ extensions: JSON.stringify({ persistedQuery }) });
    const answer = await pay({ path: `/shop-api?${search}`, method: 'GET', body: null });
    expect(await answer.json()).toEqual(notFound);
    expect(origin.arrived).toEqual([]);
  });

  it('that the merchant has named is read as its text', async () => {
    const { query, ...rest } = checkout(card);
    const sha256Hash = await sha256(query);
    await putAcme({ routes: [{ ...graphqlRoute, persisted: { [sha256Hash]: query } }] });
    const answer = await post({ ...rest, extensions: { persistedQuery: { version: 1, sha256Hash } } });
    expect(answer.headers.has('cordon-evaluation')).toBe(true);
    expect(origin.arrived).toHaveLength(1);
  });
});

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toHex();
}

function broken(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"data":')),
    pull: (controller) => controller.error(new Error('gone')),
  });
}

/** With a limit of three, three at once go through where none is held and none is counted. */
async function allPlacesAreFree(): Promise<void> {
  origin.answer(() => answered(all(3, result.order)));
  expect((await post(many(3))).status).toBe(200);
}

it('a payment in a URL is seen, whatever else is taken on its path', async () => {
  await putAcme({
    preset: 'woocommerce',
    routes: [{ ...graphqlRoute, match: { methods: ['POST'], path: '/graphql' } }],
  });
  const query = mutation(payment('a', card)).query.replace(card, 'x');
  for (const more of ['', '&wc_ajax=checkout', '&rest_route=/wc/store/v1/checkout', '&wc-ajax=checkout']) {
    for (const path of ['/graphql', '/GraphQL/']) {
      const answer = await pay({
        path: `${path}?query=${encodeURIComponent(query)}${more}`,
        method: 'GET',
        body: null,
      });
      expect([path, more, answer.status]).toEqual([path, more, 400]);
    }
  }
  expect(origin.arrived).toEqual([]);
});

it('a WebSocket is opened in shadow mode, and recorded', async () => {
  await putAcme({ mode: 'shadow', routes: [graphqlRoute] });
  const log = vi.spyOn(console, 'log');
  origin.answer(() => {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  });
  const headers = { upgrade: 'websocket' };
  const answer = await pay({ path: '/shop-api', method: 'GET', body: null, headers, ip: freshAddress() });
  expect(answer.status).toBe(101);
  expect(log.mock.calls.flat().join()).toContain('unreadable/enforce');
});
