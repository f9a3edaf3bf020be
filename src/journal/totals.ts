/**
 * What is counted of the rows that a delivery brought, in the transaction that brings them: each is counted once,
 * however often it is delivered. Totals outlive the rows.
 */
import type { Rows } from './rows.ts';

const SPANS = `(SELECT 'minute' AS span, 60000 AS ms UNION ALL SELECT 'hour', 3600000 UNION ALL SELECT 'day', 86400000)`;

/**
 * Adds up `counted` (merchant, at, what, value, count, amount) a span at a time. A stranger chose the amounts: `sum` of
 * whole numbers fails where it overflows, and `total`, of floating point, does not.
 */
const addUp = (counted: string) => `INSERT INTO totals (merchant, span, start, what, value, count, amount)
  SELECT merchant, span, at - at % ms, what, value, sum(count), total(amount)
    FROM (${counted}) CROSS JOIN ${SPANS} WHERE true GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (merchant, span, start, what, value)
    DO UPDATE SET count = count + excluded.count, amount = amount + excluded.amount`;

const brought = (table: string, id: string) =>
  `json_each(?1) AS k JOIN ${table} AS r ON r.merchant = k.value->>'merchant' AND ${id} WHERE r.batch = ?2`;
const DECISIONS = brought('decisions', "r.id = k.value->>'id'");
const OUTCOMES = brought('outcomes', "r.evaluation = k.value->>'evaluation' AND r.id = k.value->>'id'");
const CHALLENGES = brought(
  'challenges',
  "r.evaluation = k.value->>'evaluation' AND r.what = k.value->>'what' AND r.method = k.value->>'method'",
);

const ofDecisions = (what: string, value: string) =>
  `SELECT r.merchant, r.at, '${what}' AS what, ${value} AS value, coalesce(r.repeats, 1) AS count, 0 AS amount FROM ${DECISIONS}`;

const COUNT_DECISIONS = addUp(
  [
    ofDecisions('decision', 'r.decision'),
    ofDecisions('would_be', 'r.would_be'),
    ofDecisions('route', 'r.route'),
    `${ofDecisions('country', 'r.country')} AND r.country IS NOT NULL`,
    // Amounts of two currencies do not add up.
    `SELECT r.merchant, r.at, 'amount', r.currency || '/' || r.decision, coalesce(r.repeats, 1),
       r.amount * coalesce(r.repeats, 1) FROM ${DECISIONS} AND r.amount IS NOT NULL AND r.currency IS NOT NULL`,
  ].join(' UNION ALL '),
);

const COUNT_RULES = addUp(
  `SELECT DISTINCT r.id, r.merchant, r.at, 'rule' AS what, u.value->>'rule' || '/' || (u.value->>'mode') AS value,
     coalesce(r.repeats, 1) AS count, 0 AS amount
   FROM json_each(?1) AS u JOIN decisions AS r ON r.merchant = u.value->>'merchant' AND r.id = u.value->>'id'
   WHERE r.batch = ?2`,
);

/** A word that takes another's place takes its count back. */
const COUNT_OUTCOMES = addUp(
  [
    `SELECT r.merchant, r.began_at AS at, 'outcome' AS what, r.status AS value, 1 AS count, 0 AS amount FROM ${OUTCOMES}`,
    `SELECT r.merchant, r.began_at, 'outcome', r.was, -1, 0 FROM ${OUTCOMES} AND r.was IS NOT NULL`,
    `SELECT r.merchant, r.began_at, 'decline_reason', r.decline_reason, 1, 0 FROM ${OUTCOMES} AND r.decline_reason IS NOT NULL`,
    `SELECT r.merchant, r.began_at, 'decline_reason', r.was_reason, -1, 0 FROM ${OUTCOMES} AND r.was_reason IS NOT NULL`,
  ].join(' UNION ALL '),
);

const GONE = OUTCOMES.replace('WHERE r.batch = ?2', 'WHERE true');
const TAKE_BACK_OUTCOMES = addUp(
  [
    `SELECT r.merchant, r.began_at AS at, 'outcome' AS what, r.status AS value, -1 AS count, 0 AS amount FROM ${GONE}`,
    `SELECT r.merchant, r.began_at, 'decline_reason', r.decline_reason, -1, 0 FROM ${GONE} AND r.decline_reason IS NOT NULL`,
  ].join(' UNION ALL '),
);
const DELETE_OUTCOMES = `DELETE FROM outcomes WHERE (merchant, evaluation, id) IN (
  SELECT value->>'merchant', value->>'evaluation', value->>'id' FROM json_each(?1))`;

/** By country as far as the decision that asked is on record by then. */
const COUNT_CHALLENGES = addUp(
  [
    `SELECT r.merchant, r.at, 'challenge' AS what, r.what || '/' || r.method AS value, 1 AS count, 0 AS amount FROM ${CHALLENGES}`,
    `SELECT r.merchant, r.at, 'challenge_country', r.what || '/' || r.method || '/' || d.country, 1, 0
       FROM ${CHALLENGES.replace('WHERE', 'JOIN decisions AS d ON d.merchant = r.merchant AND d.id = r.evaluation WHERE')}
       AND d.country IS NOT NULL`,
  ].join(' UNION ALL '),
);

/** Removes outcomes that have turned out to be others', and what they were counted as. */
export function outcomesTakenBack(records: D1Database, gone: readonly object[]): readonly D1PreparedStatement[] {
  const keys = JSON.stringify(gone);
  return [records.prepare(TAKE_BACK_OUTCOMES).bind(keys), records.prepare(DELETE_OUTCOMES).bind(keys)];
}

/** To be run after the rows are in, in the same transaction. */
export function totalsStatements(records: D1Database, rows: Rows, batch: string): readonly D1PreparedStatement[] {
  const count = (sql: string, some: readonly object[], names: readonly string[]) => {
    const keys = keysOf(some, names);
    return keys === null ? [] : [records.prepare(sql).bind(keys, batch)];
  };
  return [
    ...count(COUNT_DECISIONS, rows.decisions, ['merchant', 'id']),
    ...count(COUNT_RULES, rows.rules, ['merchant', 'id', 'rule', 'mode']),
    ...count(COUNT_OUTCOMES, rows.outcomes, ['merchant', 'evaluation', 'id']),
    ...count(COUNT_CHALLENGES, rows.challenges, ['merchant', 'evaluation', 'what', 'method']),
  ];
}

/** The rows' keys, each once, as JSON; null where there are none. */
function keysOf(rows: readonly object[], names: readonly string[]): string | null {
  if (rows.length === 0) return null;
  const texts = rows.map((row) => JSON.stringify(row, names as string[]));
  return `[${[...new Set(texts)].join(',')}]`;
}
