/**
 * What a merchant in shadow, or off, gets: everything goes on, and what would have been is on record.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function decisions(log: { mock: { calls: unknown[][] } }): { decision: string; reasons: string[]; mode: string }[] {
  return log.mock.calls.map(([line]) => JSON.parse(String(line))).filter(({ event }) => event === 'decision');
}

it('forwards in shadow what it would have refused, and records the refusal', async () => {
  await putAcme({ mode: 'shadow', card_testing_guard_config: rule('card_ip', 1) });
  const log = vi.spyOn(console, 'log');
  expect([(await pay()).status, (await pay()).status]).toEqual([402, 402]);
  expect(decisions(log).map(({ decision, mode }) => [decision, mode])).toEqual([
    ['allow', 'shadow'],
    ['block', 'shadow'],
  ]);
});

it.each<[string, Try]>([
  ['a body that is no JSON', { body: 'card=1' }],
  ['another type', { headers: { 'content-type': 'text/plain' } }],
  ['a body larger than is read', { body: JSON.stringify({ x: 'y'.repeat(400_000) }) }],
  ['a stream larger than is read', { body: new Blob([JSON.stringify({ x: 'y'.repeat(400_000) })]).stream() }],
  ['an ambiguous path', { path: '/API/pay' }],
  ['another method', { method: 'PUT' }],
])('forwards in shadow, byte for byte, what it could not read: %s', async (_, attempt) => {
  await putAcme({ mode: 'shadow' });
  const log = vi.spyOn(console, 'log');
  expect((await pay(attempt)).status).toBe(402);
  const sent = attempt.body instanceof ReadableStream ? 400_008 : String(attempt.body ?? '').length;
  if (sent > 0) expect(origin.arrived[0]?.body.length).toBe(sent);
  expect(decisions(log)[0]).toMatchObject({ decision: 'block', reasons: ['unreadable/enforce'] });
});

it('judges nothing when off, records that, and streams the request on', async () => {
  await putAcme({ mode: 'off', card_testing_guard_config: rule('card_ip', 1) });
  const log = vi.spyOn(console, 'log');
  expect([(await pay()).status, (await pay()).status, (await pay({ body: 'x' })).status]).toEqual([402, 402, 402]);
  expect(decisions(log).map(({ decision, mode }) => [decision, mode])).toEqual(
    Array.from({ length: 3 }, () => ['allow', 'off']),
  );
});

it('lets a rule in shadow count what it would have refused nowhere', async () => {
  const log = vi.spyOn(console, 'log');
  const ip = '198.18.3.3';
  await putAcme({ card_testing_guard_config: { ...rule('card_ip', 1, 'shadow'), ...rule('guest_ip', 3) } });
  expect([(await pay({ ip })).status, (await pay({ ip })).status, (await pay({ ip })).status]).toEqual([402, 402, 402]);
  expect((await pay({ ip })).status).toBe(403);
  expect(decisions(log).map(({ reasons }) => reasons.join())).toEqual([
    '',
    'velocity:card_ip/shadow',
    'velocity:card_ip/shadow',
    'velocity:card_ip/shadow,velocity:guest_ip/enforce',
  ]);
});

it('answers a refusal in Hyperswitch’s words where the route says so', async () => {
  await putAcme({ routes: [{ ...payRoute, refusal: 'hyperswitch' }], card_testing_guard_config: rule('card_ip', 1) });
  await pay({ card: CARD, ip: '198.18.3.4' });
  const answer = await pay({ card: CARD, ip: '198.18.3.4' });
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { error: { type: 'invalid_request', code: 'IR_16', message: 'Blocked due to suspicious activity' } },
  ]);
});

it('gives one text for every refusal: no reason, so no oracle', async () => {
  await putAcme({
    card_testing_guard_config: { ...rule('card_ip', 1), ...rule('guest_ip', 1) },
    network: { deny_countries: ['US'] },
  });
  await pay({ ip: '198.18.3.5' });
  const refusals = [await pay({ ip: '198.18.3.5' }), await pay({ ip: '198.18.3.6', cf: { country: 'US' } })];
  const texts = await Promise.all(
    refusals.map(async (answer) => JSON.stringify({ ...((await answer.json()) as object), evaluation: '' })),
  );
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toBe(
    '{"type":"about:blank","title":"This payment was refused","status":403,"code":"payment_refused","evaluation":""}',
  );
});
