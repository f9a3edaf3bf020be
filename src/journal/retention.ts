/**
 * What the record keeps no longer, removed a bounded step at a time. Totals outlive the rows that they were counted of.
 */
import { firstIdOf } from '../gate/evaluation-id.ts';

const ROWS_A_STEP = 1_000;
const DAY_MS = 86_400_000;
/** Minutes for looking closely at what is going on, hours for comparing a year with the last; days stay. */
const TOTALS_KEPT_MS = { minute: 8 * DAY_MS, hour: 400 * DAY_MS } as const;

const OLD = 'SELECT id FROM decisions WHERE merchant = ?1 AND id < ?2 ORDER BY id LIMIT ?3';
const DELETE_ROWS: readonly string[] = [
  `DELETE FROM decision_rules WHERE (merchant, rule, id, mode) IN (
     SELECT d.merchant, r.value->>'code', d.id, r.value->>'mode'
       FROM decisions d, json_each(d.detail, '$.reasons') r WHERE d.merchant = ?1 AND d.id IN (${OLD})
     UNION ALL
     SELECT d.merchant, r.value->>'code' || ':' || (r.value->>'rule'), d.id, r.value->>'mode'
       FROM decisions d, json_each(d.detail, '$.reasons') r
       WHERE d.merchant = ?1 AND d.id IN (${OLD}) AND r.value->>'rule' IS NOT NULL)`,
  `DELETE FROM decisions WHERE merchant = ?1 AND id IN (${OLD})`,
  `DELETE FROM outcomes WHERE (merchant, evaluation, id) IN (
     SELECT merchant, evaluation, id FROM outcomes WHERE merchant = ?1 AND evaluation < ?2 ORDER BY evaluation LIMIT ?3)`,
  `DELETE FROM labels WHERE (merchant, evaluation, label) IN (
     SELECT merchant, evaluation, label FROM labels WHERE merchant = ?1 AND evaluation < ?2 ORDER BY evaluation LIMIT ?3)`,
  `DELETE FROM challenges WHERE (merchant, evaluation, what, method) IN (
     SELECT merchant, evaluation, what, method FROM challenges WHERE merchant = ?1 AND evaluation < ?2
       ORDER BY evaluation LIMIT ?3)`,
];
const DELETE_TOTALS = `DELETE FROM totals WHERE (merchant, span, start, what, value) IN (
  SELECT merchant, span, start, what, value FROM totals WHERE merchant = ?1 AND span = ?2 AND start < ?3 LIMIT ?4)`;

/** The next merchant, in order of id, of whom there are totals: whoever has a row has those. Null behind the last. */
export async function merchantAfter(records: D1Database, merchant: string): Promise<string | null> {
  const row = await records.prepare('SELECT min(merchant) AS id FROM totals WHERE merchant > ?').bind(merchant).first();
  return (row as { id: string | null } | null)?.id ?? null;
}

/** Removes some of what is over of a merchant, and says how many rows went; fewer than a step's: there is no more. */
export async function expire(
  records: D1Database,
  { merchant, keptMs, now }: { merchant: string; keptMs: number; now: number },
): Promise<{ readonly rows: number; readonly isDone: boolean }> {
  const before = firstIdOf(now - keptMs);
  const results = await records.batch([
    ...DELETE_ROWS.map((sql) => records.prepare(sql).bind(merchant, before, ROWS_A_STEP)),
    ...Object.entries(TOTALS_KEPT_MS).map(([span, keptMs]) =>
      records.prepare(DELETE_TOTALS).bind(merchant, span, now - keptMs, ROWS_A_STEP),
    ),
  ]);
  const removed = results.map(({ meta }) => meta.changes);
  return { rows: removed.reduce((sum, one) => sum + one, 0), isDone: removed.every((one) => one < ROWS_A_STEP) };
}
