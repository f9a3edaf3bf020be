/**
 * Looking after the record over the API: what was left out is listed and tried again; what the gate has and the record
 * has not is put in.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tend } from '../../src/app.ts';
import { DeadLetters } from '../../src/journal/dead-letters.ts';
import { insert } from '../../src/journal/insertion.ts';
import { ensureSchema } from '../../src/journal/schema.ts';
import { decision, outcome } from '../journal/sample-entries.ts';
import { rule } from '../support/merchant.ts';
import { rows } from '../support/records.ts';
import { Written } from '../support/written.ts';
import { api, evaluated, newMerchant, tell } from './backend.ts';

const letters = new DeadLetters(env.MERCHANTS);
beforeEach(async () => {
  await ensureSchema(env.RECORDS);
  for (const { name } of (await env.MERCHANTS.list({ prefix: 'dead-letter:' })).keys) await env.MERCHANTS.delete(name);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const post = async (path: string, body: unknown) => (await api('POST', path, { body })).json();
const message = (entries: readonly unknown[]) => JSON.stringify({ v: 1, entries });

describe('dead letters', () => {
  it('are listed with why, and gone once they are taken in', async () => {
    const one = decision({ merchant: 'letters' });
    await letters.keep({ id: 'm1', body: message([one]), why: 'D1 was away' });
    const { dead_letters } = (await (await api('GET', '/journal/dead-letters')).json()) as { dead_letters: unknown[] };
    expect(dead_letters).toMatchObject([{ id: 'm1', why: 'D1 was away', entries: 1 }]);
    expect(await post('/journal/replay', {})).toEqual({ replayed: 1, left: [], next_cursor: null });
    expect(await post('/journal/replay', {})).toEqual({ replayed: 0, left: [], next_cursor: null });
    expect(await rows('SELECT 1 FROM decisions WHERE id = ?', one.id)).toHaveLength(1);
  });

  it('that were taken in before are counted once', async () => {
    const one = decision({ merchant: 'letters-twice' });
    await insert(env.RECORDS, [one]);
    await letters.keep({ id: 'm2', body: message([one]), why: '' });
    await post('/journal/replay', { ids: ['m2'] });
    const sql = "SELECT count FROM totals WHERE merchant = 'letters-twice' AND what = 'decision' AND span = 'day'";
    expect(await rows(sql)).toEqual([{ count: 1 }]);
  });

  it('that are still no good stay, with why', async () => {
    await letters.keep({ id: 'm3', body: '{', why: 'no JSON' });
    await letters.keep({ id: 'm4', body: message([{ kind: 'nonsense' }]), why: '' });
    const { replayed, left } = (await post('/journal/replay', {})) as { replayed: number; left: unknown[] };
    expect([replayed, left]).toMatchObject([0, [{ id: 'm3', why: 'no JSON' }, { id: 'm4' }]]);
  });

  it('let go of what is good in them, and keep the rest as long as before', async () => {
    const [first, last] = [decision({ merchant: 'letters-mixed' }), decision({ merchant: 'letters-mixed' })];
    await letters.keep({ id: 'm6', body: message([first, { kind: 'nonsense' }, last]), why: '' });
    const [before] = (await env.MERCHANTS.list({ prefix: 'dead-letter:m6' })).keys;
    const { replayed, left } = (await post('/journal/replay', {})) as { replayed: number; left: unknown[] };
    expect([replayed, left]).toMatchObject([0, [{ id: 'm6' }]]);
    expect(await rows('SELECT 1 FROM decisions WHERE id IN (?, ?)', first.id, last.id)).toHaveLength(2);
    const [after] = (await env.MERCHANTS.list({ prefix: 'dead-letter:m6' })).keys;
    expect(after?.metadata).toMatchObject({ entries: 1 });
    expect(Math.abs((after?.expiration ?? 0) - (before?.expiration ?? 0))).toBeLessThan(5);
    expect(JSON.parse((await env.MERCHANTS.get('dead-letter:m6')) ?? '')).toEqual({
      v: 1,
      entries: [{ kind: 'nonsense' }],
    });
  });

  it('wait while D1 is away', async () => {
    await letters.keep({ id: 'm5', body: message([decision()]), why: '' });
    vi.spyOn(env.RECORDS, 'batch').mockRejectedValue(new Error('D1_ERROR: overloaded'));
    expect(await post('/journal/replay', {})).toMatchObject({ replayed: 0, left: [{ id: 'm5' }] });
  });
});

describe('reconciliation', () => {
  /** A merchant whose isolate lost all that it had not sent. */
  const withLosses = async () => {
    const written = new Written();
    const merchant = await newMerchant({
      card_testing_guard_config: { ...rule('card_ip', 5), ...rule('customer_id', 5) },
    });
    const failed = await evaluated(merchant, {
      ip: '203.0.113.9',
      customer_id: 'cus_1',
      card: { number: '4242424242424242' },
    });
    await tell(failed.id, { status: 'failed', decline_reason: 'incorrect_cvc', processor_payment_id: 'pi_1' });
    const open = await evaluated(merchant);
    vi.restoreAllMocks();
    return { merchant, failed: failed.id, open: open.id, written };
  };
  const outcomesOf = (merchant: string) =>
    rows('SELECT id, status, decline_reason, told_by FROM outcomes WHERE merchant = ? ORDER BY id', merchant);
  const decisionsOf = (merchant: string) =>
    rows('SELECT id, decision, source, customer, ip, card FROM decisions WHERE merchant = ? ORDER BY id', merchant);

  it('puts in what an isolate lost that died: decisions, and failures that were counted', async () => {
    const { merchant, failed, open } = await withLosses();
    expect(await post('/journal/reconcile', { merchant })).toMatchObject({
      checked: 2,
      decisions_added: 2,
      outcomes_added: 1,
      next_cursor: null,
    });
    expect(await outcomesOf(merchant)).toEqual([
      { id: failed, status: 'failed', decline_reason: 'incorrect_cvc', told_by: 'gate' },
    ]);
    expect(await decisionsOf(merchant)).toEqual([
      {
        id: failed,
        decision: 'allow',
        source: 'api',
        customer: 'cus_1',
        ip: '203.0.113.9',
        card: expect.stringMatching(/^fp_/),
      },
      {
        id: open,
        decision: 'allow',
        source: 'api',
        customer: null,
        ip: '203.0.113.9',
        card: expect.stringMatching(/^fp_/),
      },
    ]);
    expect(await post('/journal/reconcile', { merchant })).toMatchObject({ decisions_added: 0, outcomes_added: 0 });
  });

  it('changes nothing where both agree, and what the queue brings afterwards is no second one', async () => {
    const { merchant, written } = await withLosses();
    await post('/journal/reconcile', { merchant });
    await insert(env.RECORDS, written.entries);
    const sql =
      "SELECT value, count FROM totals WHERE merchant = ? AND span = 'day' AND what IN ('decision', 'outcome')";
    expect(await rows(`${sql} ORDER BY what`, merchant)).toEqual([
      { value: 'allow', count: 2 },
      { value: 'failed', count: 1 },
    ]);
  });

  it('brings nothing back that the record keeps no longer, and counts nothing twice', async () => {
    const written = new Written();
    const merchant = await newMerchant({ records: { retention_days: 1 } });
    await evaluated(merchant);
    await insert(env.RECORDS, await written.once('decision'));
    const sql = "SELECT count FROM totals WHERE merchant = ? AND span = 'day' AND what = 'decision'";
    const later = Date.now() + 2 * 86_400_000;
    for (let turn = 1; turn <= 3; turn++) {
      await env.RECORDS.prepare('DELETE FROM reconciliations').run();
      await env.RECORDS.prepare('DELETE FROM turns').run();
      await tend(env as never, later + turn * 300_000);
    }
    expect(await decisionsOf(merchant)).toEqual([]);
    expect(await rows(sql, merchant)).toEqual([{ count: 1 }]);
  });

  it('is done by the cron, once the queue has had its time', async () => {
    const { merchant, failed } = await withLosses();
    await env.RECORDS.prepare('DELETE FROM reconciliations').run();
    const now = Date.now();
    await tend(env as never, now);
    expect(await outcomesOf(merchant)).toEqual([]);
    for (let n = 1; n <= 30 && (await outcomesOf(merchant)).length === 0; n++)
      await tend(env as never, now + 300_000 * n);
    expect(await outcomesOf(merchant)).toMatchObject([{ id: failed, status: 'failed' }]);
  });

  it('finds what was told late of an attempt that agreed before', async () => {
    const { merchant, open } = await withLosses();
    await post('/journal/reconcile', { merchant });
    new Written();
    await tell(open, { status: 'failed' });
    vi.restoreAllMocks();
    expect(await post('/journal/reconcile', { merchant })).toMatchObject({ decisions_added: 0, outcomes_added: 1 });
  });

  it('ends what waited in vain, as the gate did', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 5), reservation_seconds: 60 });
    const { id } = await evaluated(merchant);
    await tell(id, { status: 'pending' });
    await insert(env.RECORDS, [
      decision({ merchant, id }),
      outcome(id, { merchant, status: 'pending', told_by: 'api' }),
    ]);
    vi.setSystemTime(Date.now() + 61_000);
    await evaluated(merchant);
    await post('/journal/reconcile', { merchant });
    expect(await outcomesOf(merchant)).toMatchObject([{ id, status: 'unknown', told_by: 'gate' }]);
  });

  it('removes a failure of nobody’s that an attempt has taken over', async () => {
    const { merchant } = await withLosses();
    const stranger = decision({ merchant, at: Date.now() }).id;
    await insert(env.RECORDS, [outcome(stranger, { merchant, at: Date.now(), told_by: 'webhook' })]);
    expect(await post('/journal/reconcile', { merchant })).toMatchObject({ outcomes_removed: 1 });
    const sql =
      "SELECT count FROM totals WHERE merchant = ? AND span = 'day' AND what = 'outcome' AND value = 'failed'";
    expect(await rows(sql, merchant)).toEqual([{ count: 1 }]);
  });

  it('says so when the gate does not answer, and when there is no such merchant', async () => {
    const { merchant } = await withLosses();
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    expect((await api('POST', '/journal/reconcile', { body: { merchant } })).status).toBe(503);
    expect((await api('POST', '/journal/reconcile', { body: { merchant: 'nobody' } })).status).toBe(404);
  });
});
