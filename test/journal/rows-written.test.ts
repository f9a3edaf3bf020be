/**
 * What D1 writes for a decision: docs/journal.md says what that costs.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { insert } from '../../src/journal/insertion.ts';
import { ensureSchema } from '../../src/journal/schema.ts';
import { AT, decision, outcome } from './sample-entries.ts';

let written = 0;
beforeEach(async () => {
  await ensureSchema(env.RECORDS);
  written = 0;
  const batch = env.RECORDS.batch.bind(env.RECORDS);
  vi.spyOn(env.RECORDS, 'batch').mockImplementation(async (statements) => {
    const results = await batch(statements);
    for (const { meta } of results) written += meta.rows_written;
    return results as never;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A guest at a checkout, with one reason, who went on and was told an outcome. */
const whole = (merchant: string, n: number) => {
  const at = AT + n;
  const one = decision({ merchant, at, ip: `203.0.113.${n % 250}`, card: `fp_${n}` });
  return { ...one, outcome: outcome(one.id, { merchant, at }) };
};

it.each([
  ['alone', 1, 40],
  ['of a hundred in one delivery', 100, 13.5],
])('%s: rows and indexes, and its share of the totals', async (_, count, most) => {
  await insert(
    env.RECORDS,
    Array.from({ length: count }, (__, n) => whole(`rows-${count}`, n)),
  );
  console.info(`${written / count} rows written a decision`);
  expect(written / count).toBeLessThanOrEqual(most);
  const first = written;
  await insert(
    env.RECORDS,
    Array.from({ length: count }, (__, n) => whole(`rows-${count}`, n + 1_000)),
  );
  // The totals are there by now: they are raised, not made.
  expect(written - first).toBeLessThanOrEqual(first);
});
