/**
 * The record as a test sees it: rows of D1, once the queue has brought them.
 */
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { ensureSchema } from '../../src/journal/schema.ts';

/** The queue delivers at most every two seconds. */
const DELIVERY_MS = 15_000;

export async function rows<T>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]> {
  await ensureSchema(env.RECORDS);
  return (
    await env.RECORDS.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results;
}

/** Waits until a query gives `count` rows, and gives them. */
export async function rowsOnceThere<T>(
  count: number,
  sql: string,
  ...values: readonly unknown[]
): Promise<readonly T[]> {
  let found: readonly T[] = [];
  await vi.waitFor(
    async () => {
      found = await rows<T>(sql, ...values);
      expect(found).toHaveLength(count);
    },
    { timeout: DELIVERY_MS, interval: 100 },
  );
  return found;
}
