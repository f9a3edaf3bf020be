/**
 * When a provider is asked about a payer: before his body is there, and on a GraphQL route once it is known that he pays.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInProviders, scored } from '../reputation/stand-in.ts';
import { answered, checkout, graphqlRoute, post, result } from '../support/graphql-shop.ts';
import { ORIGIN, putAcme } from '../support/merchant.ts';
import { CARD, pay } from '../support/shopper.ts';

const provider = { name: 'ipqualityscore', key_name: 'CORDON_REPUTATION_IPQUALITYSCORE', timeout_ms: 1_000 };
const reputation = { providers: [provider] };

let world: StandInProviders;
beforeEach(() => {
  world = new StandInProviders();
  world.answer((arrived) => {
    if (arrived.url.origin === ORIGIN) return answered({ addPaymentToOrder: result.order });
    return scored(0)(arrived);
  });
});
afterEach(() => vi.unstubAllGlobals());

const questions = () => world.arrived.filter(({ url }) => url.origin !== ORIGIN).length;

it('is while the body still comes: the rest of it waits for the question here', async () => {
  await putAcme({ reputation });
  const text = new TextEncoder().encode(JSON.stringify({ card: { number: CARD } }));
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(text.slice(0, 5));
      await vi.waitFor(() => expect(questions()).toBe(1), { timeout: 5_000 });
      controller.enqueue(text.slice(5));
      controller.close();
    },
  });
  expect((await pay({ ip: '185.231.0.1', body })).status).toBe(200);
  expect(questions()).toBe(1);
});

describe('on a GraphQL route', () => {
  beforeEach(() => putAcme({ reputation, routes: [graphqlRoute] }));

  it('nobody is asked about who only looks around', async () => {
    expect((await post({ query: '{ products { id } }' }, { ip: '185.231.0.2' })).status).toBe(200);
    // A question takes its time to go out.
    await scheduler.wait(200);
    expect(questions()).toBe(0);
  });

  it('somebody is about who pays, once for all that he pays', async () => {
    expect((await post(checkout(CARD), { ip: '185.231.0.3' })).status).toBe(200);
    expect(questions()).toBe(1);
  });
});
