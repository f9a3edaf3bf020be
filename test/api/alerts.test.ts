/**
 * The calls about alerts: what is told, and what is sent by hand.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alertsOf, alertsTo, MINUTE, overview, pass, ring, watched } from '../alerts/stage.ts';
import { asAuditLines } from '../support/audit.ts';
import { StandInReceiver, verified } from '../support/receiver.ts';
import { api, newKey, problemOf } from './backend.ts';

let receiver: StandInReceiver;
beforeEach(() => {
  receiver = new StandInReceiver();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const attack = { kind: 'attack_began', reason: 'a test' } as const;
const post = (merchant: string, rest: string, key?: string) =>
  api('POST', `/merchants/${merchant}/alerts/${rest}`, key === undefined ? {} : { key });

describe('a test call', () => {
  it('sends a signed message, says what came back, and stays on record', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const merchant = await watched();
    const answer = await post(merchant, 'test');
    const told = (await answer.json()) as Record<string, unknown>;
    expect([answer.status, told]).toEqual([
      200,
      { message: expect.stringMatching(/^msg_/), result: 'delivered', status: 204, duration_ms: expect.any(Number) },
    ]);
    expect(receiver.arrived.map((one) => verified(one))).toMatchObject([{ type: 'test', data: { merchant } }]);
    expect((await overview(merchant)).messages).toMatchObject([
      { id: told.message, type: 'test', burst: null, state: 'delivered' },
    ]);
    expect(asAuditLines(log.mock.calls).map(({ what }) => what)).toContain('alert.test');
  });

  it.each([
    ['a receiver that fails', () => new Response(null, { status: 500 }), 'busy', 500],
    [
      'one that redirects',
      () => new Response(null, { status: 302, headers: { location: 'https://x.example/' } }),
      'redirected',
      302,
    ],
    ['one that is not there', () => Promise.reject(new TypeError('no')), 'unreachable', null],
  ] as const)('says so of %s, and does not try again', async (_, answer, result, status) => {
    const merchant = await watched();
    receiver.answer(answer);
    expect(await (await post(merchant, 'test')).json()).toMatchObject({ result, status });
    await ring(merchant);
    expect(receiver.arrived).toHaveLength(1);
  });

  it('is limited to ten a minute, resendings among them', async () => {
    const merchant = await watched();
    const first = (await (await post(merchant, 'test')).json()) as { message: string };
    for (let i = 0; i < 9; i++)
      expect((await post(merchant, i % 2 === 0 ? 'test' : `${first.message}/resend`)).status).toBe(200);
    const eleventh = await post(merchant, 'test');
    expect(await problemOf(eleventh.clone())).toEqual([429, 'rate_limited']);
    expect(eleventh.headers.get('retry-after')).toBe('60');
    expect(receiver.arrived).toHaveLength(10);
    pass(MINUTE);
    expect((await post(merchant, 'test')).status).toBe(200);
  });

  it('is refused where nobody is to be told', async () => {
    const merchant = await watched({});
    expect(await problemOf(await post(merchant, 'test'))).toEqual([409, 'alerts_off']);
    expect(await problemOf(await post(merchant, 'msg_1/resend'))).toEqual([409, 'alerts_off']);
    expect(await (await api('GET', `/merchants/${merchant}/alerts`)).json()).toEqual({
      receiver: null,
      bursts: [],
      messages: [],
    });
  });
});

describe('a resending', () => {
  it('sends the same message under its id, signed for its own time, whatever became of it', async () => {
    const merchant = await watched();
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    const [{ id } = { id: '' }] = (await overview(merchant)).messages;
    pass(10 * MINUTE);
    expect((await post(merchant, `${id}/resend`)).status).toBe(200);
    const [first, second] = receiver.arrived;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(id);
    expect(second === undefined ? null : verified(second).type).toBe('attack.began');
    expect((await overview(merchant)).messages[0]?.tries).toHaveLength(2);
  });

  it('of one that waits ends its waiting', async () => {
    const merchant = await watched();
    receiver.answer(() => new Response(null, { status: 500 }));
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    receiver.answer(() => new Response(null, { status: 200 }));
    const [{ id } = { id: '' }] = (await overview(merchant)).messages;
    await post(merchant, `${id}/resend`);
    expect((await overview(merchant)).messages[0]).toMatchObject({ state: 'delivered', next_try_at: null });
    pass(MINUTE);
    await ring(merchant);
    expect(receiver.arrived).toHaveLength(2);
  });

  it('of none is not found', async () => {
    const merchant = await watched();
    expect(await problemOf(await post(merchant, 'msg_none/resend'))).toEqual([404, 'not_found']);
  });
});

it('belongs to the merchant: another’s key is refused, and so is one that may not manage', async () => {
  const [merchant, other] = [await watched(), await watched()];
  const { key: foreign } = await newKey(other);
  const { key: weak } = await newKey(merchant, { scopes: ['evaluate', 'report'] });
  for (const key of [foreign, weak]) {
    expect(await problemOf(await post(merchant, 'test', key))).toEqual([403, 'forbidden']);
    expect(await problemOf(await api('GET', `/merchants/${merchant}/alerts`, { key }))).toEqual([403, 'forbidden']);
  }
  expect(receiver.arrived).toEqual([]);
});

it('keeps a bounded number of bursts, messages and tries', { timeout: 60_000 }, async () => {
  const merchant = await watched(alertsTo());
  for (let i = 0; i < 130; i++) {
    await alertsOf(merchant).notice(attack);
    await alertsOf(merchant).notice({ kind: 'attack_ended' });
    pass(1_000);
  }
  const { bursts, messages } = await overview(merchant);
  expect([bursts.length, messages.length]).toEqual([100, 100]);
  expect(bursts[0]?.began_at).toBe(new Date(Date.now() - 1_000).toISOString());
});
