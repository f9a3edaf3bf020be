/**
 * Amounts that a stranger chose: however large, and however often, they keep nothing out of the record.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import { insert } from '../../src/journal/insertion.ts';
import { ensureSchema } from '../../src/journal/schema.ts';
import { recordsOf } from '../../src/records/records.ts';
import { readStats } from '../../src/records/stats.ts';
import { rows } from '../support/records.ts';
import { AT, decision } from './sample-entries.ts';

/** The longest that a route reads. */
const amount = 999_999_999_999_999;

beforeEach(async () => {
  await ensureSchema(env.RECORDS);
  await env.RECORDS.batch(['decisions', 'totals'].map((table) => env.RECORDS.prepare(`DELETE FROM ${table}`)));
});

const stats = () => {
  const day = 86_400_000;
  const from = AT - (AT % day);
  return readStats(recordsOf(env.RECORDS), {
    merchant: 'acme',
    from,
    to: from + day,
    span: 'minute',
    what: 'decision',
  });
};

it('of repeats that came together they are taken in', async () => {
  await insert(
    env.RECORDS,
    Array.from({ length: 3 }, () => decision({ amount, repeats: 6_000 })),
  );
  expect(await rows("SELECT sum(count) AS n FROM totals WHERE what = 'amount' AND span = 'day'")).toEqual([
    { n: 18_000 },
  ]);
});

it('counted together they do not keep anybody from reading the counts', async () => {
  for (let n = 0; n < 3; n++) {
    await insert(env.RECORDS, [decision({ amount, repeats: 6_000, at: AT + n * 60_000 })]);
  }
  expect(await stats()).toMatchObject({
    kind: 'answered',
    value: { amounts: [{ currency: 'EUR', decision: 'allow', count: 18_000, amount: expect.closeTo(1.8e19, -5) }] },
  });
});

it('and small ones are exact', async () => {
  await insert(env.RECORDS, [decision({ amount: 1999 }), decision({ amount: 1, repeats: 3 })]);
  expect(await stats()).toMatchObject({ value: { amounts: [{ amount: 2002, count: 4 }] } });
});
