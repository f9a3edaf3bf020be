/**
 * What the record keeps, and for how long: rows as long as the merchant says, totals longer.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import { tend } from '../../src/app.ts';
import { insert } from '../../src/journal/insertion.ts';
import { ensureSchema } from '../../src/journal/schema.ts';
import { putAcme } from '../support/merchant.ts';
import { rows } from '../support/records.ts';
import { decision, outcome } from './sample-entries.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
const TABLES = [
  'decisions',
  'decision_rules',
  'outcomes',
  'labels',
  'challenges',
  'totals',
  'turns',
  'reconciliations',
];

beforeEach(async () => {
  await ensureSchema(env.RECORDS);
  await env.RECORDS.batch(TABLES.map((table) => env.RECORDS.prepare(`DELETE FROM ${table}`)));
});

const aged = (days: number, merchant = 'acme') => {
  const at = now - days * DAY_MS;
  const one = decision({ at, merchant });
  const step = { kind: 'challenge', merchant, at, evaluation: one.id, what: 'asked', method: 'turnstile' } as const;
  const label = { kind: 'label', merchant, at, evaluation: one.id, label: 'dispute' } as const;
  return [{ ...one, outcome: outcome(one.id, { merchant, at }) }, label, step] as const;
};
const countOf = async (table: string) => (await rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;
const counts = () => Promise.all(TABLES.slice(0, 5).map(countOf));

it('rows go after ninety days, whatever they are of, and what is younger stays', async () => {
  await putAcme();
  await insert(env.RECORDS, [...aged(91), ...aged(89)]);
  expect(await counts()).toEqual([2, 4, 2, 2, 2]);
  await tend(env as never, now);
  expect(await counts()).toEqual([1, 2, 1, 1, 1]);
});

it('a merchant may keep them shorter, and others are not touched', async () => {
  await putAcme({ records: { retention_days: 7 } });
  await insert(env.RECORDS, [...aged(8), ...aged(6), ...aged(8, 'other')]);
  await tend(env as never, now);
  expect(await rows('SELECT merchant, count(*) AS n FROM decisions GROUP BY 1 ORDER BY 1')).toEqual([
    { merchant: 'acme', n: 1 },
    { merchant: 'other', n: 1 },
  ]);
});

it('totals stay: days for good, hours a year, minutes a week', async () => {
  await putAcme();
  for (const days of [1, 30, 380, 500]) await insert(env.RECORDS, aged(days));
  for (let n = 0; n < 3; n++) await tend(env as never, now);
  const kept = await rows("SELECT span, count(*) AS n FROM totals WHERE what = 'decision' GROUP BY 1 ORDER BY 1");
  expect(kept).toEqual([
    { span: 'day', n: 4 },
    { span: 'hour', n: 3 },
    { span: 'minute', n: 1 },
  ]);
});

it('a step is bounded: what is left goes at the next', async () => {
  await putAcme();
  await insert(
    env.RECORDS,
    Array.from({ length: 1_200 }, () => decision({ at: now - 91 * DAY_MS })),
  );
  await tend(env as never, now);
  expect(await countOf('decisions')).toBe(200);
  // Whose rows were last is not first again.
  await tend(env as never, now);
  await tend(env as never, now);
  expect([await countOf('decisions'), await countOf('decision_rules')]).toEqual([0, 0]);
});
