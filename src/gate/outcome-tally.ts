/**
 * What became of the attempts of a stretch of time that were let through: how many nobody spoke of, and how many a
 * processor has something to say of. Looks at a bounded number of rows.
 */
import { firstIdOf, timeOf } from './evaluation-id.ts';

export interface OutcomeTally {
  readonly letThrough: number;
  /** Those of which nobody said how they ended. */
  readonly missing: number;
  readonly payments: number;
}

/** Rows of each table; beyond that the stretch is judged by its beginning. */
const ROWS_LIMIT = 1_000;
/** An origin is given 25 seconds: what is `unknown` later than this was ended by the clock. */
const TOLD_WITHIN_MS = 55_000;

interface OutcomeLine extends Record<string, SqlStorageValue> {
  evaluation: string;
  status: string;
  counted: number;
  settled_at: number;
  was_told: number;
}

/** From `from` up to but not `to`, in ms since the epoch. */
export function tallyOutcomes(sql: SqlStorage, from: number, to: number): OutcomeTally {
  const first = firstIdOf(from);
  // Further tries stand behind their evaluation, and strangers were let through by nobody.
  const outcomes = [
    ...sql.exec<OutcomeLine>(
      `SELECT evaluation, status, counted, settled_at, (attempt IS NOT NULL OR payment_id IS NOT NULL) AS was_told
         FROM outcomes WHERE evaluation >= ? AND evaluation < ? AND instr(evaluation, '/') = 0
           AND (attempt IS NULL OR json_type(attempt, '$.stranger') IS NULL) ORDER BY evaluation LIMIT ?`,
      ...[first, firstIdOf(to), ROWS_LIMIT],
    ),
  ];
  const last = outcomes.length < ROWS_LIMIT ? firstIdOf(to) : (outcomes.at(-1)?.evaluation ?? first);
  const { unheard } = sql
    .exec<{ unheard: number }>(
      `SELECT count(*) AS unheard FROM (SELECT 1 FROM evaluations e LEFT JOIN outcomes o ON o.evaluation = e.evaluation
         WHERE e.evaluation >= ? AND e.evaluation < ? AND e.reserved_until IS NOT NULL AND o.evaluation IS NULL LIMIT ?)`,
      ...[first, last, ROWS_LIMIT],
    )
    .one();
  const endings = outcomes.map(endingOf);
  const count = (...wanted: readonly Ending[]) => endings.filter((ending) => wanted.includes(ending)).length;
  return {
    letThrough: outcomes.length + unheard,
    missing: count('lost', 'unheard') + unheard,
    payments: count('paid', 'waiting', 'unheard') + unheard,
  };
}

/** `lost`: sent on, and its answer told nothing; `unheard`: nobody ever spoke of it. */
type Ending = 'paid' | 'failed' | 'waiting' | 'lost' | 'unheard';

function endingOf({ evaluation, status, counted, settled_at, was_told }: OutcomeLine): Ending {
  if (status === 'succeeded') return 'paid';
  if (status === 'failed') return 'failed';
  if (status === 'pending' || counted > 0) return 'waiting';
  if (settled_at - timeOf(evaluation) < TOLD_WITHIN_MS) return 'lost';
  // A payer was asked for more, and never came back.
  return was_told === 1 ? 'waiting' : 'unheard';
}
