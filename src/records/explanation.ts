/**
 * One decision, explained: everything that was known, counted and heard, and whether the outcome ever came.
 */
import type { Evaluation } from '../decision/evaluation.ts';
import type { Reason } from '../decision/reason.ts';
import type { RuleCount, Timing } from '../journal/entry.ts';
import {
  type DecisionRecord,
  type DecisionRow,
  type OutcomeColumns,
  outcomeOf,
  recordOf,
  type ToldOutcome,
  timeText,
} from './decision-record.ts';
import { rowsStatement, type Statement } from './decision-statement.ts';
import type { AskRecords, RecordsAnswer } from './records.ts';

/**
 * `refused`: it never went on, so nothing is to come. `settled`: somebody said the last word. `waiting`: the payer must
 * do more. `in_flight`: nobody spoke yet. `expired`: nobody did in time, or what was said is `unknown`.
 */
export type Completion = 'refused' | 'settled' | 'waiting' | 'in_flight' | 'expired';

export interface Explanation extends Omit<DecisionRecord, 'labels'> {
  readonly merchant: string;
  readonly ip_prefix: string | null;
  /** Every rule that looked, with what it counted at that moment. */
  readonly rules: readonly RuleCount[];
  /** What shadow would have done. */
  readonly shadow: { readonly would_be: Evaluation['decision']; readonly reasons: readonly Reason[] };
  readonly risk: Evaluation['risk'];
  readonly lease: string | null;
  readonly challenge: unknown;
  readonly challenges: readonly { readonly what: string; readonly method: string; readonly at: string }[];
  readonly timing: {
    readonly read_seconds: number | null;
    readonly judge_seconds: number | null;
    readonly origin_seconds: number | null;
  } | null;
  readonly origin_status: number | null;
  readonly completion: Completion;
  /** Further tries of the same payment, by the processor's ids. */
  readonly tries: readonly (ToldOutcome & { readonly try: string })[];
  readonly labels: readonly { readonly label: string; readonly labelled_at: string }[];
}

/** What stands in `detail`. Rows of other releases may lack any of it. */
interface Detail {
  readonly reasons?: readonly Reason[];
  readonly counts?: readonly RuleCount[];
  readonly risk?: Evaluation['risk'];
  readonly lease?: string | null;
  readonly challenge?: unknown;
  readonly timing?: Timing | null;
  readonly origin?: number | null;
}

interface Told {
  readonly row: DecisionRow & { readonly ip_prefix: string | null; readonly detail: string };
  readonly outcomes: readonly (OutcomeColumns & { readonly id: string })[];
  readonly labels: readonly { readonly label: string; readonly at: number }[];
  readonly challenges: readonly { readonly what: string; readonly method: string; readonly at: number }[];
}

interface Moment {
  readonly now: number;
  /** How long an attempt may be in flight, by the configuration of today. */
  readonly reservationMs: number;
}

/** Null where there is no such decision of the merchant's. */
export async function explain(
  ask: AskRecords,
  { merchant, evaluation }: { merchant: string; evaluation: string },
  moment: Moment,
): Promise<RecordsAnswer<Explanation | null>> {
  return ask(async (query) => {
    type Rows = [
      DecisionRow,
      Pick<Told['row'], 'ip_prefix' | 'detail'>,
      Told['outcomes'][number],
      Told['labels'][number],
      Told['challenges'][number],
    ];
    const [[row], [rest], outcomes, labels, challenges] = await query<Rows>(
      explanationStatements(merchant, evaluation),
    );
    if (row === undefined || rest === undefined) return null;
    return explanationOf({ row: { ...row, ...rest }, outcomes, labels, challenges }, merchant, moment);
  });
}

/** All that is on record of one evaluation. */
export function explanationStatements(merchant: string, evaluation: string): readonly Statement[] {
  const binds = [merchant, evaluation];
  const order = 'newest_first';
  return [
    rowsStatement({ merchant, filter: { evaluation }, order, after: null, limit: 1 }),
    { sql: 'SELECT ip_prefix, detail FROM decisions WHERE merchant = ? AND id = ?', binds },
    {
      sql: `SELECT id, status, decline_reason, decline_code, payment_id, contradicted, settled_at, told_by FROM outcomes
              WHERE merchant = ? AND evaluation = ? ORDER BY id LIMIT ${TOLD_LIMIT}`,
      binds,
    },
    {
      sql: `SELECT label, at FROM labels WHERE merchant = ? AND evaluation = ? ORDER BY label LIMIT ${TOLD_LIMIT}`,
      binds,
    },
    {
      sql: `SELECT what, method, at FROM challenges WHERE merchant = ? AND evaluation = ? ORDER BY what, method
              LIMIT ${TOLD_LIMIT}`,
      binds,
    },
  ];
}

const TOLD_LIMIT = 1_000;

function explanationOf({ row, outcomes, labels, challenges }: Told, merchant: string, moment: Moment): Explanation {
  const { timing = null, ...detail } = JSON.parse(row.detail) as Detail;
  const record = recordOf(row);
  return {
    ...record,
    merchant,
    ip_prefix: row.ip_prefix,
    rules: detail.counts ?? [],
    shadow: { would_be: row.would_be, reasons: record.reasons.filter(({ mode }) => mode === 'shadow') },
    risk: detail.risk ?? null,
    lease: detail.lease ?? null,
    challenge: detail.challenge ?? null,
    challenges: challenges.map(({ what, method, at }) => ({ what, method, at: timeText(at) })),
    timing: timing && {
      read_seconds: secondsOf(timing.read),
      judge_seconds: secondsOf(timing.judge),
      origin_seconds: secondsOf(timing.origin),
    },
    origin_status: detail.origin ?? null,
    completion: completionOf(row, moment),
    tries: outcomes.flatMap(({ id, ...columns }) => triesOf(id, row.id, columns)),
    labels: labels.map(({ label, at }) => ({ label, labelled_at: timeText(at) })),
  };
}

function triesOf(id: string, evaluation: string, columns: OutcomeColumns) {
  const outcome = outcomeOf(columns);
  return id === evaluation || outcome === null ? [] : [{ try: id.slice(evaluation.length + 1), ...outcome }];
}

export function completionOf(
  { decision, status, at }: Pick<DecisionRow, 'decision' | 'status' | 'at'>,
  { now, reservationMs }: Moment,
): Completion {
  if (status === 'succeeded' || status === 'failed') return 'settled';
  if (status === 'pending') return 'waiting';
  if (status !== null) return 'expired';
  if (decision === 'block' || decision === 'challenge') return 'refused';
  return now < at + reservationMs ? 'in_flight' : 'expired';
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
