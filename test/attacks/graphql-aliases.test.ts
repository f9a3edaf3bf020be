/**
 * Many payments in one GraphQL request: a hundred aliases of one card, a card for each alias, the same in batches and
 * in fragments. As many reach the origin as would one by one, and no more.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answered, graphqlRoute, mutation, payment, post, result } from '../support/graphql-shop.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards } from '../support/shopper.ts';

const THRESHOLD = 3;
let origin: StandInOrigin;
let next = 0;

beforeEach(() => {
  origin = new StandInOrigin();
  origin.answer(declineAll);
});
afterEach(() => vi.unstubAllGlobals());

/** How many payments the origin was asked for. */
const tried = () =>
  origin.arrived.reduce((sum, { body }) => sum + (body.match(/addPaymentToOrder\(/g)?.length ?? 0), 0);
const guard = (prefix: 'guest_user_card' | 'guest_ip') =>
  putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule(prefix, THRESHOLD) });

/** A decline for everything that could have been asked for. */
function declineAll(): Response {
  const data = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`p${i}`, result.declined]));
  return answered(data);
}

const declineBatch = () => Response.json(Array.from({ length: 10 }, () => ({ data: { p0: result.declined } })));

function freshCards(count: number): readonly string[] {
  next += count;
  return cards(next).slice(-count);
}

const sameCard = (count: number) => Array<string>(count).fill(freshCards(1)[0] ?? '');
const request = (numbers: readonly string[]) => mutation(...numbers.map((card, i) => payment(`p${i}`, card)));

describe.each(['guest_user_card', 'guest_ip'] as const)('under %s', (prefix) => {
  const numbers = (count: number) => (prefix === 'guest_ip' ? freshCards(count) : sameCard(count));
  beforeEach(() => guard(prefix));

  it.each([100, 10, THRESHOLD + 1])('a request of %i payments is refused whole', async (count) => {
    const answer = await post(request(numbers(count)));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(tried()).toBe(0);
  });

  it('requests of as many as are left are counted one for one', async () => {
    const [ip, pack] = [freshAddress(), numbers(100)];
    for (let from = 0; from < 100; from += 2) await post(request(pack.slice(from, from + 2)), { ip });
    // Two fit, the next two do not; one would.
    expect(tried()).toBe(2);
    expect((await post(request(pack.slice(0, 1)), { ip })).status).toBe(200);
    expect((await post(request(pack.slice(1, 2)), { ip })).status).toBe(403);
    expect(tried()).toBe(THRESHOLD);
  });

  it('requests in parallel take no more places than there are', async () => {
    const [ip, pack] = [freshAddress(), numbers(60)];
    const release = origin.hold(declineAll);
    const sent = Array.from({ length: 30 }, (_, i) => post(request(pack.slice(2 * i, 2 * i + 2)), { ip }));
    await vi.waitFor(() => expect(origin.arrived.length).toBeGreaterThan(0));
    release();
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(tried()).toBe(2);
  });

  it('a batch is no way around it', async () => {
    origin.answer(declineBatch);
    const [ip, pack] = [freshAddress(), numbers(20)];
    const batch = (from: number, count: number) => pack.slice(from, from + count).map((card) => request([card]));
    expect((await post(batch(0, 10), { ip })).status).toBe(429);
    expect((await post(batch(10, 2), { ip })).status).toBe(200);
    expect((await post(batch(12, 2), { ip })).status).toBe(429);
    expect(tried()).toBe(2);
  });

  it('fragments and conditions are no way around it', async () => {
    const pack = numbers(5);
    const fragments = pack.map((card, i) => `fragment F${i} on Mutation { ${payment(`p${i}`, card)} }`);
    const spreads = pack.map((_, i) => `... @include(if: $yes) { ...F${i} @skip(if: $no) }`);
    const query = `mutation ($yes: Boolean!, $no: Boolean = false) { ${spreads.join(' ')} } ${fragments.join(' ')}`;
    expect((await post({ query, variables: { yes: true } })).status).toBe(429);
    expect(tried()).toBe(0);
  });
});

it('cards that rotate from request to request are stopped by their address', async () => {
  await guard('guest_ip');
  const ip = freshAddress();
  for (const card of freshCards(40)) await post(request([card]), { ip });
  expect(tried()).toBe(THRESHOLD);
});

it('a card that rotates through addresses is stopped by itself', async () => {
  await guard('guest_user_card');
  for (const card of sameCard(40)) await post(request([card]));
  expect(tried()).toBe(THRESHOLD);
});
