/**
 * The alerts object: one message when something begins to be wrong, one when it is over, whatever comes between.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { beforeEach, expect, it, vi } from 'vitest';
import { REMINDED_AFTER_MS } from '../../src/alerts/alert-kinds.ts';
import type { Alerts } from '../../src/alerts/alerts.ts';
import { Rounds } from '../../src/alerts/rounds.ts';
import { configure } from '../api/backend.ts';
import { RECEIVER, type StandInReceiver, verified } from '../support/receiver.ts';
import {
  alarmOf,
  alertsOf,
  alertsTo,
  HOUR,
  live,
  MINUTE,
  objectOf,
  overview,
  pass,
  receiving,
  ring,
  SECOND,
  watched,
} from './stage.ts';

let receiver: StandInReceiver;
beforeEach(() => {
  receiver = receiving();
});

const attack = { kind: 'attack_began', reason: 'a test' } as const;

it('tells once that something began and once that it is over, signed as the official library reads it', async () => {
  const merchant = await watched();
  await alertsOf(merchant).notice(attack);
  await ring(merchant);
  await alertsOf(merchant).notice({ kind: 'attack_ended' });
  await ring(merchant);
  expect(receiver.arrived.map(({ url, method }) => `${method} ${url}`)).toEqual([
    `POST ${RECEIVER}`,
    `POST ${RECEIVER}`,
  ]);
  const [began, ended] = receiver.arrived.map((one) => verified(one));
  expect(began).toMatchObject({
    type: 'attack.began',
    data: {
      merchant,
      kind: 'attack',
      state: 'began',
      count: 1,
      ended_at: null,
      docs: 'docs/operations.md#alert-attack',
    },
  });
  expect(ended).toMatchObject({ type: 'attack.ended', data: { id: began?.data.id, state: 'ended' } });
  expect(ended?.data.ended_at).not.toBeNull();
});

it('a storm of ten thousand is one message and a handful of rows', { timeout: 60_000 }, async () => {
  const merchant = await watched();
  let rows = 0;
  await runInDurableObject(objectOf(merchant), async (alerts: Alerts, { storage }) => {
    const { exec } = storage.sql;
    vi.spyOn(storage.sql, 'exec').mockImplementation((query: string, ...values: unknown[]) => {
      if (!query.trimStart().startsWith('SELECT')) rows++;
      return exec.call(storage.sql, query, ...values);
    });
    for (let i = 0; i < 10_000; i++) await alerts.notice({ kind: 'journal_failing', entries: 2 });
  });
  await ring(merchant);
  await live(merchant, 10 * MINUTE);
  expect(receiver.types).toEqual(['journal_failing.began']);
  expect(rows).toBeLessThan(40);
  const [burst] = (await overview(merchant)).bursts;
  expect(burst).toMatchObject({ kind: 'journal_failing', count: 10_000, details: { entries: 20_000 }, ended_at: null });
});

it('is over an hour after the last of it, and what comes then is another burst', async () => {
  const merchant = await watched();
  await alertsOf(merchant).notice({ kind: 'journal_failing', entries: 1 });
  await live(merchant, 50 * MINUTE);
  await alertsOf(merchant).notice({ kind: 'journal_failing', entries: 1 });
  await live(merchant, 55 * MINUTE);
  expect(receiver.types).toEqual(['journal_failing.began']);
  await live(merchant, 20 * MINUTE);
  expect(receiver.types).toEqual(['journal_failing.began', 'journal_failing.ended']);
  await alertsOf(merchant).notice({ kind: 'journal_failing', entries: 1 });
  await live(merchant, 5 * MINUTE);
  expect(receiver.types.slice(2)).toEqual(['journal_failing.began']);
  const { bursts } = await overview(merchant);
  expect(new Set(bursts.map(({ id }) => id)).size).toBe(2);
});

it('reminds every six hours of what lasts', async () => {
  const merchant = await watched();
  await alertsOf(merchant).notice(attack);
  for (let i = 0; i < 3; i++) {
    await live(merchant, REMINDED_AFTER_MS - HOUR, HOUR / 2);
    await alertsOf(merchant).notice(attack);
    await live(merchant, HOUR, HOUR / 2);
  }
  expect(receiver.types).toEqual(['attack.began', 'attack.lasting', 'attack.lasting', 'attack.lasting']);
  expect(receiver.last.data).toMatchObject({ state: 'lasting', count: 4, ended_at: null });
});

it('knows what is open after an eviction, and delivers what was not delivered yet', async () => {
  const merchant = await watched();
  receiver.answer(() => new Response(null, { status: 500 }));
  await alertsOf(merchant).notice(attack);
  await ring(merchant);
  expect(receiver.arrived).toHaveLength(1);
  receiver.answer(() => new Response(null, { status: 200 }));
  await evictDurableObject(objectOf(merchant));
  pass(15 * SECOND);
  await ring(merchant);
  expect(receiver.arrived).toHaveLength(2);
  expect(receiver.arrived[1]?.headers['webhook-id']).toBe(receiver.arrived[0]?.headers['webhook-id']);
  await evictDurableObject(objectOf(merchant));
  await alertsOf(merchant).notice(attack);
  await live(merchant, 10 * MINUTE);
  expect(receiver.arrived).toHaveLength(2);
});

it('tells only of the kinds that are asked for, and lists the others all the same', async () => {
  const merchant = await watched(alertsTo({ kinds: ['journal_failing'] }));
  await alertsOf(merchant).notice(attack);
  await alertsOf(merchant).notice({ kind: 'journal_failing', entries: 1 });
  await ring(merchant);
  expect(receiver.types).toEqual(['journal_failing.began']);
  expect((await overview(merchant)).bursts.map(({ kind }) => kind).sort()).toEqual(['attack', 'journal_failing']);
});

it('does nothing for a merchant who is not watched: no row, no alarm, no message', async () => {
  const merchant = await watched({});
  await alertsOf(merchant).notice(attack);
  await alertsOf(merchant).hear('stripe', 1);
  expect(await ring(merchant)).toBe(false);
  const rows = await runInDurableObject(objectOf(merchant), (_, { storage }) =>
    ['notes', 'bursts', 'messages', 'tries'].map(
      (table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray().length,
    ),
  );
  expect(rows).toEqual([0, 0, 0, 0]);
  expect(await overview(merchant)).toMatchObject({ receiver: null, bursts: [], messages: [] });
});

it('rests, and goes on, after something broke that nobody expected to', async () => {
  const merchant = await watched();
  await alertsOf(merchant).notice(attack);
  const make = vi.spyOn(Rounds.prototype, 'make').mockRejectedValueOnce(new Error('broken'));
  await ring(merchant);
  expect(receiver.arrived).toEqual([]);
  expect(await alarmOf(merchant)).toBe(Date.now() + MINUTE);
  await live(merchant, 5 * MINUTE, MINUTE);
  expect(make.mock.calls.length).toBeGreaterThan(1);
  expect(receiver.types).toEqual(['attack.began']);
});

it('is silent once the configuration asks for no alerts, and sends nothing that was waiting', async () => {
  const merchant = await watched();
  receiver.answer(() => new Response(null, { status: 500 }));
  await alertsOf(merchant).notice(attack);
  await ring(merchant);
  pass(SECOND);
  await configure(merchant, {});
  expect(await ring(merchant)).toBe(false);
  expect(receiver.arrived).toHaveLength(1);
  const { receiver: told, messages, bursts } = await overview(merchant);
  expect([told, messages[0]?.state, bursts[0]?.ended_at === null]).toEqual([null, 'stopped', false]);
});
