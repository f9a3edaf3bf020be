/**
 * What the origin answered, what the client hears of it, and what was counted.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
let next = 0;
const fresh = () => ({ ip: `198.18.0.${++next}`, card: cards(200)[next] ?? '' });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });

describe('an answer of the origin', () => {
  it.each([
    ['a declared decline', json({ status: 'failed' }), 200, 'counts'],
    ['a status that means decline', json({}, 402), 402, 'counts'],
    ['one that fits no pattern', json({ status: 'new' }), 200, 'counts'],
    ['one that is no JSON', () => new Response('<p>ok'), 200, 'counts'],
    ['one without a body', () => new Response(null, { status: 204 }), 204, 'counts'],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: '/thanks' } }), 302, 'counts'],
    ['a success', json({ status: 'succeeded' }), 200, 'counts nothing'],
    ['an outage', json({ status: 'failed?' }, 503), 503, 'counts nothing'],
    [
      'a big number in a success',
      () => new Response('{"id":90071992547409931,"status":"succeeded"}'),
      200,
      'counts nothing',
    ],
  ] as const)('%s', async (_, answer, status, effect) => {
    const payer = fresh();
    origin.answer(answer);
    expect((await pay(payer)).status).toBe(status);
    origin.answer(answers.succeed);
    expect((await pay(payer)).status).toBe(effect === 'counts' ? 403 : 200);
  });

  it('counts what fits no pattern as the route says', async () => {
    const routes = [{ ...payRoute, outcome: { ...payRoute.outcome, unmatched: 'unknown' } }];
    await putAcme({ routes, card_testing_guard_config: rule('card_ip', 1) });
    const payer = fresh();
    origin.answer(json({ status: 'new' }));
    expect((await pay(payer)).status).toBe(200);
    expect((await pay(payer)).status).toBe(200);
  });

  it('reaches the client untouched, with the evaluation’s id', async () => {
    origin.answer(
      () => new Response('{"status":"succeeded", "x": "é"}', { status: 200, headers: { 'x-shop': 'yes' } }),
    );
    const answer = await pay(fresh());
    expect(await answer.text()).toBe('{"status":"succeeded", "x": "é"}');
    expect(answer.headers.get('x-shop')).toBe('yes');
    expect(answer.headers.get('cordon-evaluation')).toMatch(/^ev_[0-9a-f]{32}acme$/);
  });

  it('passes on whole when it is larger than what is held, and then counts as unmatched', async () => {
    const payer = fresh();
    const large = JSON.stringify({ status: 'succeeded', padding: 'x'.repeat(600_000) });
    origin.answer(() => new Response(large));
    expect(await (await pay(payer)).text()).toBe(large);
    expect((await pay(payer)).status).toBe(403);
  });
});

describe('no answer', () => {
  it('is 502 and counts nothing when the origin cannot be reached', async () => {
    const payer = fresh();
    origin.answer(() => Promise.reject(new TypeError('connection refused by 10.0.0.7')));
    const answer = await pay(payer);
    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toContain('10.0.0.7');
    origin.answer(answers.succeed);
    expect((await pay(payer)).status).toBe(200);
  });

  it('is 504 after the route’s time limit and counts nothing', async () => {
    await putAcme({ routes: [{ ...payRoute, timeout_seconds: 1 }], card_testing_guard_config: rule('card_ip', 1) });
    const payer = fresh();
    origin.hold(answers.decline);
    const answer = await pay(payer);
    expect([answer.status, await codeOf(answer)]).toEqual([504, 'origin_timeout']);
    origin.answer(answers.succeed);
    expect((await pay(payer)).status).toBe(200);
  });
});

describe('a pending payment', () => {
  it('holds its place until the reservation is over, then is half a failure of a guest', async () => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 1), reservation_seconds: 60 });
    const payer = fresh();
    origin.answer(answers.needAction);
    expect((await pay(payer)).status).toBe(200);
    const busy = await pay(payer);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await codeOf(busy)).toBe('attempt_in_flight');
    vi.setSystemTime(Date.now() + 61_000);
    expect((await pay(payer)).status).toBe(200); // half a failure of one allowed
    vi.setSystemTime(Date.now() + 61_000);
    expect((await pay(payer)).status).toBe(403); // and another half
  });

  it('counts nothing when it is over and the payer was a verified customer', async () => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 1), reservation_seconds: 60 });
    const payer = { ...fresh(), customer: 'cus_pending' };
    origin.answer(answers.needAction);
    for (let n = 0; n < 3; n++) {
      expect((await pay(payer)).status).toBe(200);
      vi.setSystemTime(Date.now() + 61_000);
    }
  });
});

it('never sends a payment twice, whatever comes back', async () => {
  origin.answer(answers.break);
  await pay(fresh());
  expect(origin.arrived).toHaveLength(1);
});
