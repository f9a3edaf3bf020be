/**
 * What is delivered is there exactly once, however often, in whatever order, and with whatever company it comes.
 */
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import worker from '../../src/index.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { ensureSchema } from '../../src/journal/schema.ts';
import { rows } from '../support/records.ts';
import { AT, decision, outcome } from './sample-entries.ts';

const TABLES = ['decisions', 'decision_rules', 'outcomes', 'labels', 'challenges', 'changes', 'totals'];
let messages = 0;

beforeEach(async () => {
  await ensureSchema(env.RECORDS);
  await env.RECORDS.batch(TABLES.map((table) => env.RECORDS.prepare(`DELETE FROM ${table}`)));
  for (const { name } of (await env.MERCHANTS.list({ prefix: 'dead-letter:' })).keys) await env.MERCHANTS.delete(name);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Delivers messages of these entries; a text is a body as it is. */
async function deliver(bodies: readonly (readonly unknown[] | string)[], queue = 'cordon-journal', attempts = 1) {
  const batch = createMessageBatch(
    queue,
    bodies.map((body) => ({
      id: `m${++messages}`,
      timestamp: new Date(),
      attempts,
      body: typeof body === 'string' ? body : JSON.stringify({ v: 1, entries: body }),
    })),
  );
  const ctx = createExecutionContext();
  await worker.queue(batch, env);
  return getQueueResult(batch, ctx);
}

const totals = async (what: string, span = 'hour') =>
  Object.fromEntries(
    (
      await rows<{ value: string; count: number }>(
        'SELECT value, count FROM totals WHERE what = ? AND span = ?',
        what,
        span,
      )
    )
      .filter(({ count }) => count !== 0)
      .map(({ value, count }) => [value, count]),
  );
const countOf = async (table: string) => (await rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;
const letters = async () => (await env.MERCHANTS.list<{ why: string }>({ prefix: 'dead-letter:' })).keys;

describe('a delivery', () => {
  it('that comes again changes nothing', async () => {
    const one = decision({ outcome: null });
    const told = outcome(one.id);
    const batch = [[{ ...one, outcome: told }, decision()], [decision({ decision: 'block' })]];
    for (let n = 0; n < 3; n++) await deliver(batch);
    expect(await countOf('decisions')).toBe(3);
    expect(await totals('decision')).toEqual({ allow: 2, block: 1 });
    expect(await totals('outcome')).toEqual({ failed: 1 });
    expect(await totals('rule')).toEqual({ 'velocity/shadow': 3, 'velocity:card_ip/shadow': 3 });
  });

  it('that holds the same entry twice brings it once, in one message or in several', async () => {
    const one = decision();
    await deliver([[one, one], [one], ...Array.from({ length: 20 }, () => [one])]);
    expect(await countOf('decisions')).toBe(1);
    expect(await totals('decision')).toEqual({ allow: 1 });
  });

  it('of which a part came before counts what is new', async () => {
    const [a, b] = [decision(), decision({ decision: 'block' })];
    await deliver([[a]]);
    await deliver([[a], [b]]);
    expect(await totals('decision')).toEqual({ allow: 1, block: 1 });
  });

  it('is all in D1 or not at all: a consumer that dies in the middle is asked again', async () => {
    const batch = vi.spyOn(env.RECORDS, 'batch');
    batch.mockImplementationOnce(async (statements) => {
      // The transaction fails at its end, as it does when its connection is lost.
      await env.RECORDS.batch([...statements, env.RECORDS.prepare('INSERT INTO nowhere VALUES (1)')]);
      return [];
    });
    const result = await deliver([[decision()], [decision()]]);
    expect(result.retryMessages).toHaveLength(2);
    expect([await countOf('decisions'), await countOf('totals')]).toEqual([0, 0]);
  });

  it('that D1 took and nobody acknowledged is there once when it comes again', async () => {
    const entries = [decision(), decision()];
    const batch = env.RECORDS.batch.bind(env.RECORDS);
    vi.spyOn(env.RECORDS, 'batch').mockImplementationOnce(async (statements) => {
      await batch(statements);
      throw new Error('D1_ERROR: Network connection lost.');
    });
    expect((await deliver([entries])).retryMessages).toHaveLength(1);
    expect((await deliver([entries])).explicitAcks).toHaveLength(1);
    expect(await totals('decision')).toEqual({ allow: 2 });
  });

  it('waits while D1 is away, and nothing is kept aside for that', async () => {
    vi.spyOn(env.RECORDS, 'batch').mockRejectedValue(new Error('D1_ERROR: D1 DB is overloaded. Too many requests'));
    const { retryMessages, explicitAcks } = await deliver([[decision()], [decision()]]);
    expect(retryMessages).toHaveLength(2);
    expect([explicitAcks, await letters()]).toEqual([[], []]);
  });
});

describe('an entry that cannot be taken', () => {
  it.each<[string, readonly unknown[] | string]>([
    ['no JSON', '{'],
    ['another version', '{"v":2,"entries":[]}'],
    ['a kind that nobody knows', [{ kind: 'nonsense', merchant: 'acme', at: AT }]],
    ['null', [null]],
    ['a decision without reasons', [{ ...decision(), reasons: undefined }]],
    ['a decision without its merchant', [{ ...decision(), merchant: null }]],
    ['an outcome without a status', [outcome('ev_1', { status: undefined as never })]],
  ])('%s is kept aside, and what came with it is taken', async (_, bad) => {
    const { explicitAcks, retryMessages } = await deliver([[decision()], bad, [decision()]]);
    expect([explicitAcks.length, retryMessages.length]).toEqual([3, 0]);
    expect(await countOf('decisions')).toBe(2);
    expect(await totals('decision')).toEqual({ allow: 2 });
    expect(await letters()).toHaveLength(1);
  });

  it('stops nothing in its own message', async () => {
    await deliver([[decision(), { kind: 'nonsense' } as unknown as Entry, decision()]]);
    expect(await countOf('decisions')).toBe(2);
    expect(await letters()).toMatchObject([{ name: expect.stringMatching(/-1$/) }]);
  });

  it('for a reason that nobody foresaw holds up what comes with it for some tries, and no longer', async () => {
    await env.RECORDS.exec(
      "CREATE TRIGGER strange BEFORE INSERT ON decisions WHEN new.route = 'strange' BEGIN SELECT abs(-9223372036854775808); END",
    );
    const bodies = [[decision()], [decision({ route: 'strange' })], [decision()]];
    try {
      expect((await deliver(bodies)).retryMessages).toHaveLength(3);
      const { explicitAcks, retryMessages } = await deliver(bodies, 'cordon-journal', 6);
      expect([explicitAcks.length, retryMessages.length]).toEqual([2, 1]);
    } finally {
      await env.RECORDS.exec('DROP TRIGGER strange');
    }
    expect(await totals('decision')).toEqual({ allow: 2 });
  });

  it('waits in the queue where it can be kept nowhere', async () => {
    vi.spyOn(env.MERCHANTS, 'put').mockRejectedValue(new Error('KV PUT failed: 429'));
    const { explicitAcks, retryMessages } = await deliver([[decision()], '{']);
    expect([explicitAcks.length, retryMessages.length]).toEqual([1, 1]);
  });
});

it('what the dead-letter queue delivers is kept for thirty days', async () => {
  const { explicitAcks } = await deliver([[decision()], [decision(), decision()]], 'cordon-journal-dead');
  expect(explicitAcks).toHaveLength(2);
  const kept = await letters();
  expect(kept.map(({ metadata }) => metadata)).toMatchObject([{ entries: 1 }, { entries: 2 }]);
  const days = kept.map(({ expiration = 0 }) => Math.round((expiration * 1000 - Date.now()) / 86_400_000));
  expect(days).toEqual([30, 30]);
});

describe('outcomes', () => {
  const id = () => decision().id;
  const statusOf = async (evaluation: string) =>
    (await rows<{ status: string }>('SELECT status FROM outcomes WHERE evaluation = ?', evaluation))[0]?.status;

  it.each([
    [['pending', 'failed'], 'failed'],
    [['failed', 'pending'], 'failed'],
    [['unknown', 'pending'], 'pending'],
    [['pending', 'unknown'], 'pending'],
    [['succeeded', 'pending'], 'succeeded'],
    [['unknown', 'succeeded'], 'succeeded'],
    [['succeeded', 'failed'], 'failed'],
    [['failed', 'succeeded'], 'failed'],
    [['pending', 'succeeded', 'failed'], 'failed'],
  ] as const)('%j are %s, in one delivery or in several, and counted once', async (said, status) => {
    const [together, apart] = [id(), id()];
    await deliver([said.map((one) => outcome(together, { status: one }))]);
    for (const one of said) await deliver([[outcome(apart, { status: one })]]);
    expect([await statusOf(together), await statusOf(apart)]).toEqual([status, status]);
    expect(await totals('outcome')).toEqual({ [status]: 2 });
  });

  it('may come before their decision', async () => {
    const one = decision();
    await deliver([[outcome(one.id)]]);
    await deliver([[one]]);
    expect(await rows('SELECT d.decision, o.status FROM decisions d JOIN outcomes o ON o.evaluation = d.id')).toEqual([
      { decision: 'allow', status: 'failed' },
    ]);
  });

  it('of further tries stand beside the attempt’s own', async () => {
    const one = id();
    await deliver([[outcome(one), outcome(one, { try: 'ch_2' }), outcome(one, { try: 'ch_2' })]]);
    expect(await rows('SELECT id FROM outcomes ORDER BY id')).toEqual([{ id: one }, { id: `${one}/ch_2` }]);
    expect(await totals('outcome')).toEqual({ failed: 2 });
  });

  it('are counted in the hour in which their attempt began', async () => {
    const one = decision({ at: AT });
    await deliver([[one, outcome(one.id, { at: AT + 86_400_000 })]]);
    const [row] = await rows<{ start: number }>("SELECT start FROM totals WHERE what = 'outcome' AND span = 'hour'");
    expect(row?.start).toBe(Date.UTC(2026, 0, 15, 10));
  });

  it('of which the gate says that nobody knows any more wait no longer', async () => {
    const one = id();
    await deliver([[outcome(one, { status: 'pending' })], [outcome(one, { status: 'unknown', told_by: 'gate' })]]);
    expect(await statusOf(one)).toBe('unknown');
    await deliver([[outcome(one, { status: 'succeeded' })], [outcome(one, { status: 'unknown', told_by: 'gate' })]]);
    expect(await statusOf(one)).toBe('succeeded');
  });
});

describe('totals', () => {
  it('are by minute, hour and day', async () => {
    await deliver([[decision({ at: AT }), decision({ at: AT + 60_000 }), decision({ at: AT + 3_600_000 })]]);
    expect(await rows("SELECT span, start, count FROM totals WHERE what = 'decision' ORDER BY span, start")).toEqual([
      { span: 'day', start: Date.UTC(2026, 0, 15), count: 3 },
      { span: 'hour', start: Date.UTC(2026, 0, 15, 10), count: 2 },
      { span: 'hour', start: Date.UTC(2026, 0, 15, 11), count: 1 },
      { span: 'minute', start: Date.UTC(2026, 0, 15, 10, 30), count: 1 },
      { span: 'minute', start: Date.UTC(2026, 0, 15, 10, 31), count: 1 },
      { span: 'minute', start: Date.UTC(2026, 0, 15, 11, 30), count: 1 },
    ]);
  });

  it('count repeats as many as they stand for, and amounts by currency', async () => {
    await deliver([[decision({ decision: 'block', would_be: 'block', repeats: 10, amount: 5 }), decision()]]);
    expect(await totals('decision')).toEqual({ block: 10, allow: 1 });
    expect(await totals('country')).toEqual({ NL: 11 });
    expect(await totals('rule')).toEqual({ 'velocity/shadow': 11, 'velocity:card_ip/shadow': 11 });
    expect(
      await rows("SELECT value, count, amount FROM totals WHERE what = 'amount' AND span = 'day' ORDER BY value"),
    ).toEqual([
      { value: 'EUR/allow', count: 1, amount: 1999 },
      { value: 'EUR/block', count: 10, amount: 50 },
    ]);
  });

  it('count a rule that spoke twice of one attempt once', async () => {
    const [reason] = decision().reasons;
    await deliver([[decision({ reasons: [reason, reason] as never })]]);
    expect(await totals('rule')).toEqual({ 'velocity/shadow': 1, 'velocity:card_ip/shadow': 1 });
  });

  it('count steps of a challenge', async () => {
    const step = {
      kind: 'challenge',
      merchant: 'acme',
      at: AT,
      evaluation: 'ev_1',
      what: 'asked',
      method: 'turnstile',
    };
    for (let n = 0; n < 2; n++) await deliver([[step, { ...step, what: 'passed' }]]);
    expect(await totals('challenge')).toEqual({ 'asked/turnstile': 1, 'passed/turnstile': 1 });
    // Nothing is on record of the decision.
    expect(await totals('challenge_country')).toEqual({});
  });

  it('count steps of a challenge by the country of the decision that asked, however it comes', async () => {
    const asking = decision({ country: 'NL' });
    const { id: evaluation, merchant } = asking;
    const step = { kind: 'challenge', merchant, at: AT, evaluation, what: 'asked', method: 'turnstile' };
    for (let n = 0; n < 2; n++) await deliver([[step, asking]]);
    for (let n = 0; n < 2; n++) await deliver([[{ ...step, what: 'passed' }]]);
    expect(await totals('challenge_country')).toEqual({ 'asked/turnstile/NL': 1, 'passed/turnstile/NL': 1 });
  });
});

it('a delivery of fifty full messages is one transaction', async () => {
  const full = Array.from({ length: 50 }, () => Array.from({ length: 40 }, () => decision()));
  const batch = vi.spyOn(env.RECORDS, 'batch');
  await deliver(full);
  expect(batch).toHaveBeenCalledTimes(1);
  expect(await totals('decision')).toEqual({ allow: 2_000 });
});
