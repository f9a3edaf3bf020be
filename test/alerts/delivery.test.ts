/**
 * Receivers that are slow, fail, lie or want no more; and what the log says of each.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TRY_TIMEOUT_MS } from '../../src/alerts/delivery.ts';
import { TRIES } from '../../src/alerts/retry-schedule.ts';
import { api, configure } from '../api/backend.ts';
import { NEXT_SECRET, RECEIVER, SECRET, type StandInReceiver, verified } from '../support/receiver.ts';
import {
  alarmOf,
  alertsOf,
  alertsTo,
  DAY,
  live,
  MINUTE,
  overview,
  pass,
  receiving,
  ring,
  SECOND,
  watched,
} from './stage.ts';

const attack = { kind: 'attack_began', reason: 'a test' } as const;
const status = (code: number, headers: Record<string, string> = {}) => new Response(null, { status: code, headers });

let receiver: StandInReceiver;
let logged: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  receiver = receiving();
  logged = vi.spyOn(console, 'error');
});

async function tried(merchant: string) {
  const [message] = (await overview(merchant)).messages;
  return { state: message?.state, tries: message?.tries.map(({ result, status: code }) => [result, code]) };
}

describe('a try', () => {
  it.each([
    ['200', () => status(200), 'delivered', 'delivered', 200],
    ['204', () => status(204), 'delivered', 'delivered', 204],
    [
      'a redirect, which is not followed',
      () => status(307, { location: 'https://elsewhere.example/' }),
      'waiting',
      'redirected',
      307,
    ],
    ['400', () => status(400), 'waiting', 'refused', 400],
    ['401', () => status(401), 'waiting', 'refused', 401],
    ['410', () => status(410), 'stopped', 'gone', 410],
    ['429', () => status(429), 'waiting', 'busy', 429],
    ['500', () => status(500), 'waiting', 'busy', 500],
    [
      'nothing, for it cannot be reached',
      () => Promise.reject(new TypeError('refused')),
      'waiting',
      'unreachable',
      null,
    ],
  ] as const)('that is answered %s', async (_, answer, state, result, code) => {
    const merchant = await watched();
    receiver.answer(answer);
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    expect(await tried(merchant)).toEqual({ state, tries: [[result, code]] });
    expect(receiver.arrived.map(({ url }) => url)).toEqual([RECEIVER]);
  });

  it('reads nothing of an answer, however long: a success by its status', async () => {
    const merchant = await watched();
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    receiver.answer(() => new Response(body, { status: 200 }));
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    expect(await tried(merchant)).toEqual({ state: 'delivered', tries: [['delivered', 200]] });
    expect(pulled).toBeLessThan(4);
    expect(cancelled).toBe(true);
  });

  it('ends in time with one that never answers', { timeout: 30_000 }, async () => {
    const merchant = await watched();
    vi.spyOn(scheduler, 'wait').mockResolvedValue();
    let given: AbortSignal | null = null;
    receiver.answer((_, signal) => {
      given = signal;
      return new Promise(() => {});
    });
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    expect(await tried(merchant)).toEqual({ state: 'waiting', tries: [['late', null]] });
    expect((given as AbortSignal | null)?.aborted).toBe(true);
    expect(scheduler.wait).toHaveBeenCalledWith(TRY_TIMEOUT_MS, expect.anything());
  });

  it('keeps nothing of what the receiver says in its answer', async () => {
    const merchant = await watched();
    receiver.answer(() => new Response('4242424242424242 secret words', { status: 500, statusText: 'secret words' }));
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    expect(JSON.stringify(await overview(merchant))).not.toContain('secret');
    expect(JSON.stringify(logged.mock.calls)).not.toContain('secret');
  });
});

it('tries eight times within about a day, each signed anew, then gives up and says so', async () => {
  const merchant = await watched();
  await alertsOf(merchant).notice(attack);
  await ring(merchant);
  receiver.arrived.length = 0;
  receiver.answer(() => status(503));
  await alertsOf(merchant).notice({ kind: 'attack_ended' });
  const began = Date.now();
  await ring(merchant);
  while ((await tried(merchant)).state === 'waiting') {
    const at = (await overview(merchant)).messages[0]?.next_try_at ?? '';
    pass(Date.parse(at) - Date.now());
    // Each is signed for its own time: the official library takes none that is five minutes old.
    await ring(merchant);
    expect(() => verified(receiver.arrived.at(-1) ?? never())).not.toThrow();
  }
  expect(receiver.arrived).toHaveLength(TRIES);
  expect(new Set(receiver.arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.arrived.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(TRIES);
  expect((Date.now() - began) / DAY).toBeGreaterThan(0.8);
  expect((Date.now() - began) / DAY).toBeLessThan(1.25);
  expect((await tried(merchant)).state).toBe('given_up');
  expect(JSON.stringify(logged.mock.calls)).toContain('alert_undelivered');
  await live(merchant, 30 * MINUTE);
  expect(receiver.arrived).toHaveLength(TRIES);
});

it('waits as long as the receiver asks for, within reason', async () => {
  const merchant = await watched();
  receiver.answer(() => status(429, { 'retry-after': '3600' }));
  await alertsOf(merchant).notice(attack);
  await ring(merchant);
  const next = Date.parse((await overview(merchant)).messages[0]?.next_try_at ?? '');
  expect(next - Date.now()).toBe(3_600_000);
});

it('a receiver that is gone hears nothing more, until its URL changes or a test reaches it', async () => {
  const merchant = await watched();
  receiver.answer(() => status(410));
  await alertsOf(merchant).notice(attack);
  await ring(merchant);
  await alertsOf(merchant).notice({ kind: 'journal_failing', entries: 1 });
  await live(merchant, 20 * MINUTE);
  expect(receiver.arrived).toHaveLength(1);
  expect((await overview(merchant)).receiver).toEqual({ url: RECEIVER, state: 'gone' });
  expect(JSON.stringify(logged.mock.calls)).toContain('alert_receiver_gone');
  receiver.answer(() => status(200));
  expect((await api('POST', `/merchants/${merchant}/alerts/test`)).status).toBe(200);
  expect((await overview(merchant)).receiver?.state).toBe('listening');
  await alertsOf(merchant).notice({ kind: 'attack_ended' });
  await ring(merchant);
  expect(receiver.types).toEqual(['attack.began', 'test', 'attack.ended']);
});

it('is told at another URL once the configuration names one', async () => {
  const merchant = await watched();
  receiver.answer(() => status(410));
  await alertsOf(merchant).notice(attack);
  await ring(merchant);
  receiver.answer(() => status(200));
  pass(SECOND);
  await configure(merchant, alertsTo({ url: 'https://other.acme.example/' }));
  await alertsOf(merchant).notice({ kind: 'attack_ended' });
  await ring(merchant);
  expect(receiver.arrived.map(({ url }) => url)).toEqual([RECEIVER, 'https://other.acme.example/']);
});

describe('signatures', () => {
  it('are made with every secret while one is being replaced', async () => {
    const merchant = await watched(alertsTo({ secret_name: ['CORDON_ALERT_TESTS', 'CORDON_ALERT_NEXT'] }));
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    const [arrived = never()] = receiver.arrived;
    expect(verified(arrived, SECRET)).toEqual(verified(arrived, NEXT_SECRET));
    expect(arrived.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(() => verified(arrived, `whsec_${btoa('somebody else, with 24 bytes')}`)).toThrow('No matching signature');
  });

  it('are over the id, the time and the body', async () => {
    const merchant = await watched();
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    const [arrived = never()] = receiver.arrived;
    expect(() => verified(arrived)).not.toThrow();
    const changed = [
      { ...arrived, body: arrived.body.replace('attack', 'attac_') },
      { ...arrived, headers: { ...arrived.headers, 'webhook-id': 'msg_other' } },
      {
        ...arrived,
        headers: { ...arrived.headers, 'webhook-timestamp': `${Number(arrived.headers['webhook-timestamp']) + 1}` },
      },
    ];
    for (const one of changed) expect(() => verified(one)).toThrow('No matching signature');
  });

  it.each([
    [-300, null],
    [-301, 'too new'],
    [300, null],
    [301, 'too old'],
  ])('are taken by a receiver whose clock is %i seconds ahead of ours: %s', async (ahead, refusal) => {
    const merchant = await watched();
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    const [arrived = never()] = receiver.arrived;
    pass(ahead * SECOND);
    if (refusal === null) expect(() => verified(arrived)).not.toThrow();
    else expect(() => verified(arrived)).toThrow(refusal);
    pass(-ahead * SECOND);
  });
});

it.each(['https://shop.later.example/', 'https://shop.later.example./'])(
  'asks nobody else: %s has become a merchant’s and is not called',
  async (url) => {
    const merchant = await watched(alertsTo({ url }));
    pass(SECOND);
    await configure('later', { hosts: ['shop.later.example'], origin: { pool: [{ url: 'https://o.later.example' }] } });
    await alertsOf(merchant).notice(attack);
    await ring(merchant);
    expect(receiver.arrived).toEqual([]);
    expect(await tried(merchant)).toMatchObject({ state: 'waiting', tries: [['forbidden_url', null]] });
    expect(await alarmOf(merchant)).not.toBeNull();
  },
);

function never(): never {
  throw new Error('nothing came');
}
