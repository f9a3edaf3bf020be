/**
 * `3ds` as a step-up: the payment goes on, and whoever processes it is asked for 3-D Secure.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOSTING, LIGHT, RISKY } from '../support/challenges.ts';
import { manage, payRoute, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { codeOf, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
const risky = { cf: HOSTING };
const HEADER = 'cordon-request-3ds';
const asking = (step_up: object, change: object = {}) => putAcme({ ...RISKY, step_up, ...change });
const arrived = () => origin.arrived.map(({ headers }) => headers.get(HEADER));

beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it('is asked of the origin, and said in the evaluation', async () => {
  const guard = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 9 };
  await asking({ methods: ['3ds'] }, { card_testing_guard_config: guard });
  const paid = await pay(risky);
  expect(paid.status).toBe(200);
  expect(arrived()).toEqual(['true']);
  const told = await manage('GET', `/evaluations/${paid.headers.get('cordon-evaluation')}`);
  expect(await told.json()).toMatchObject({
    decision: 'allow',
    request_3ds: true,
    challenge: null,
    reasons: [{ code: 'hosting', message: expect.stringContaining('3-D Secure is asked for') }],
  });
});

it('is asked for nobody else, whatever he sends', async () => {
  await asking({ methods: ['3ds'] });
  expect((await pay({ headers: { [HEADER]: 'true' } })).status).toBe(200);
  expect(arrived()).toEqual([null]);
});

it.each<[string, object, 'page' | 'origin']>([
  ['first', { methods: ['3ds', 'proof_of_work'] }, 'origin'],
  ['behind a page', { methods: ['proof_of_work', '3ds'], proof_of_work: LIGHT }, 'page'],
  [
    'first above a score that is not reached',
    { methods: ['proof_of_work'], by_risk: [{ above: 99, methods: ['3ds'] }] },
    'page',
  ],
  ['first behind what only customers have', { methods: ['3ds'], by_risk: [] }, 'origin'],
])('%s: %j', async (_, step_up, where) => {
  await asking(step_up);
  const paid = await pay(risky);
  expect(arrived()).toEqual(where === 'origin' ? ['true'] : []);
  if (where === 'page') {
    const { challenge } = (await paid.json()) as { challenge: { methods: unknown } };
    expect(challenge.methods).toEqual(['proof_of_work']);
  }
});

it('a route may leave it to others, or do with it alone', async () => {
  const methods = ['proof_of_work', '3ds'];
  await asking({ methods }, { routes: [{ ...payRoute, step_up: { methods: ['3ds'] } }] });
  expect((await pay(risky)).status).toBe(200);
  expect(arrived()).toEqual(['true']);
});

it('the attempt counts as any other', async () => {
  const guard = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 1 };
  await asking({ methods: ['3ds'] }, { card_testing_guard_config: guard });
  origin.answer(() => Response.json({ status: 'failed' }, { status: 402 }));
  expect((await pay(risky)).status).toBe(402);
  expect([(await pay(risky)).status]).toEqual([403]);
  expect(arrived()).toEqual(['true']);
});

it('is not asked for where something else refuses', async () => {
  await asking({ methods: ['3ds'] }, { network: { asn: { hosting: 'challenge' }, deny_countries: ['NL'] } });
  const refused = await pay(risky);
  expect([refused.status, await codeOf(refused)]).toEqual([403, 'payment_refused']);
});

describe('through a preset', () => {
  it.each([
    [
      'hyperswitch',
      '/payments',
      { payment_method: 'card', payment_method_data: { card: { card_number: '4242424242424242' } } },
    ],
    ['stripe', '/v1/payment_intents', null],
  ])('%s: the header reaches the origin', async (preset, path, body) => {
    const { routes: _, ...rest } = { routes: [] as unknown[] };
    await asking({ methods: ['3ds'] }, { ...rest, routes: [], preset });
    const form = new URLSearchParams({ 'payment_method_data[type]': 'card', confirm: 'true' });
    form.set('payment_method_data[card][number]', '4242424242424242');
    const headers = { 'content-type': body === null ? 'application/x-www-form-urlencoded' : 'application/json' };
    const paid = await pay({ ...risky, path, headers, body: body === null ? form.toString() : JSON.stringify(body) });
    expect(paid.status, await paid.clone().text()).toBe(200);
    expect(arrived()).toEqual(['true']);
  });
});
