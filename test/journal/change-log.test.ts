/**
 * A change goes on record by one way or another, once; and where there is none, somebody hears of it.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { ChangeLog, type ChangePlaces } from '../../src/journal/change-log.ts';
import { rows, rowsOnceThere } from '../support/records.ts';

const REAL: ChangePlaces = { journalQueue: env.JOURNAL, records: env.RECORDS };
const failing = { sendBatch: () => Promise.reject(new Error('down')) } as unknown as Queue;
const hanging = { sendBatch: () => new Promise(() => {}) } as unknown as Queue;
const noDatabase = {
  prepare: () => ({ bind: () => ({}) }),
  batch: () => Promise.reject(new Error('D1_ERROR: down')),
} as unknown as D1Database;

let made = 0;
let error: MockInstance<typeof console.error>;
const changeOf = () => ({
  who: 'admin',
  what: 'merchant.put',
  merchant: `log-${++made}`,
  before: 'a',
  after: { b: [1] },
});

beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const said = () => error.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
const rowsOf = (merchant: string) =>
  rows<Record<string, unknown>>('SELECT * FROM changes WHERE merchant = ?', merchant);

it('goes through the queue into a row', { timeout: 20_000 }, async () => {
  const change = changeOf();
  await new ChangeLog(REAL).record(change, 1_790_000_000_000);
  const [row] = await rowsOnceThere<Record<string, unknown>>(
    1,
    'SELECT * FROM changes WHERE merchant = ?',
    change.merchant,
  );
  expect(row).toEqual({
    id: expect.stringMatching(/^ch_01a0c4506c00[0-9a-f]{20}$/),
    merchant: change.merchant,
    at: 1_790_000_000_000,
    who: 'admin',
    what: 'merchant.put',
    before: '"a"',
    after: '{"b":[1]}',
  });
  expect(said()).toEqual([]);
});

it('of the whole deployment has no merchant', async () => {
  await new ChangeLog({ ...REAL, journalQueue: null }).record(
    { who: 'admin', what: 'feed.put', merchant: '', after: { made: ++made } },
    5,
  );
  expect(await rows('SELECT merchant FROM changes WHERE at = 5')).toEqual([{ merchant: '' }]);
});

describe('straight into D1', () => {
  it.each([
    ['where the queue fails', failing],
    ['where the queue does not answer', hanging],
    ['where there is no queue', null],
  ])('%s', async (_, journalQueue) => {
    const change = changeOf();
    await new ChangeLog({ ...REAL, journalQueue }).record(change, Date.now());
    expect(await rowsOf(change.merchant)).toHaveLength(1);
    expect(said()).toEqual([]);
  });

  it('and by both ways, where the queue took it after all: one row', { timeout: 20_000 }, async () => {
    const change = changeOf();
    const late = {
      sendBatch: async (messages: Iterable<MessageSendRequest>) => {
        await env.JOURNAL.sendBatch(messages);
        throw new Error('the reply was lost');
      },
    } as unknown as Queue;
    await new ChangeLog({ ...REAL, journalQueue: late }).record(change, Date.now());
    const after = changeOf();
    await new ChangeLog(REAL).record(after, Date.now());
    await rowsOnceThere(1, 'SELECT * FROM changes WHERE merchant = ?', after.merchant);
    expect(await rowsOf(change.merchant)).toHaveLength(1);
  });
});

describe('nowhere: it is said, and nobody who changes is stopped', () => {
  it.each([
    ['both are down', failing, noDatabase],
    ['the queue is down, and there is no database', failing, null],
    ['the queue is missing, and the database is down', null, noDatabase],
  ])('%s', async (_, journalQueue, records) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const change = changeOf();
    await new ChangeLog({ journalQueue, records }).record(change, Date.now());
    expect(said()).toContainEqual(
      expect.objectContaining({
        event: 'change_unrecorded',
        who: 'admin',
        what: 'merchant.put',
        merchant: change.merchant,
      }),
    );
    expect(log.mock.calls.join()).toContain('"event":"audit"');
  });

  it('but not where the record is off: there is the line alone', async () => {
    await new ChangeLog({ journalQueue: null, records: null }).record(changeOf(), Date.now());
    expect(said()).toEqual([]);
  });
});
