/**
 * A merchant's totals over a time, from the counts that are kept when the decisions are gone: in steps that have no
 * gaps, shadow beside what was live, and what was most frequent.
 */
import type { Decision } from '../decision/evaluation.ts';
import { challengesOf, type MethodStats } from './challenge-stats.ts';
import { timeText } from './decision-record.ts';
import type { Statement } from './decision-statement.ts';
import type { AskRecords, RecordsAnswer } from './records.ts';

export const SPANS = ['minute', 'hour', 'day'] as const;
export type Span = (typeof SPANS)[number];
export const SPAN_MS: Readonly<Record<Span, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** What is counted. */
export const COUNTED = [
  'decision',
  'would_be',
  'outcome',
  'rule',
  'decline_reason',
  'country',
  'route',
  'challenge',
] as const;
export type Counted = (typeof COUNTED)[number];

/** From the beginning of a step to that of another, ms since the epoch; `to` is left out. */
export interface StatsQuestion {
  readonly merchant: string;
  readonly from: number;
  readonly to: number;
  readonly span: Span;
  /** What the steps tell of. */
  readonly what: Counted;
}

export interface Total {
  readonly value: string;
  readonly count: number;
}

export interface AmountTotal {
  readonly currency: string;
  readonly decision: string;
  readonly count: number;
  /** In the currency's minor unit. */
  readonly amount: number;
}

export interface Stats {
  readonly from: string;
  readonly to: string;
  readonly span: Span;
  readonly what: Counted;
  /** Without gaps; `values` are the most frequent of `what`, `other` is all the rest together. */
  readonly buckets: readonly {
    readonly start: string;
    readonly values: Readonly<Record<string, number>>;
    readonly other: number;
  }[];
  readonly decisions: readonly { readonly decision: Decision; readonly count: number; readonly would_be: number }[];
  /** Of decisions whose amount is known. */
  readonly amounts: readonly AmountTotal[];
  /** By code, and by `code:name` where rules have names: how many decisions each spoke in. */
  readonly rules: readonly { readonly rule: string; readonly enforced: number; readonly shadow: number }[];
  /** By method of step-up, those that were asked most first. */
  readonly challenges: readonly MethodStats[];
  /** The most frequent first, so many at most. */
  readonly top: Readonly<Record<Exclude<Counted, 'decision' | 'would_be' | 'rule'>, readonly Total[]>>;
}

/** A day of minutes, two months of hours, four years of days. */
export const MOST_BUCKETS = 1_500;
const MOST_SERIES = 12;
const MOST_RULES = 100;
const MOST_AMOUNTS = 100;
const TOP = 20;
const DECISIONS: readonly Decision[] = ['allow', 'review', 'challenge', 'block'];

interface TotalRow extends Total {
  readonly what: Counted | 'amount' | 'challenge_country';
  readonly amount: number;
}

interface StepRow {
  readonly start: number;
  readonly value: string;
  readonly count: number;
}

export async function readStats(ask: AskRecords, question: StatsQuestion): Promise<RecordsAnswer<Stats>> {
  return ask(async (query) => {
    const [totals] = await query<[TotalRow]>([totalsStatement(question)]);
    const shown = most(totals, question.what, MOST_SERIES).map(({ value }) => value);
    const [steps, sums] = await query<[StepRow, StepRow]>(stepStatements(question, shown));
    return statsOf(question, totals, { shown, steps, sums });
  });
}

export function totalsStatement({ merchant, span, from, to }: StatsQuestion): Statement {
  return {
    sql: `SELECT what, value, sum(count) AS count, total(amount) AS amount FROM totals
            WHERE merchant = ? AND span = ? AND start >= ? AND start < ? GROUP BY what, value`,
    binds: [merchant, span, from, to],
  };
}

/** Those that are shown, step by step, and all together. */
export function stepStatements(question: StatsQuestion, shown: readonly string[]): readonly Statement[] {
  const { merchant, span, from, to, what } = question;
  const where = 'WHERE merchant = ? AND span = ? AND start >= ? AND start < ? AND what = ?';
  const binds = [merchant, span, from, to, what];
  return [
    {
      sql: `SELECT start, value, count FROM totals ${where} AND value IN (SELECT value FROM json_each(?)) ORDER BY start`,
      binds: [...binds, JSON.stringify(shown)],
    },
    { sql: `SELECT start, '' AS value, sum(count) AS count FROM totals ${where} GROUP BY start ORDER BY start`, binds },
  ];
}

function statsOf(
  { from, to, span, what }: StatsQuestion,
  totals: readonly TotalRow[],
  { shown, steps, sums }: { shown: readonly string[]; steps: readonly StepRow[]; sums: readonly StepRow[] },
): Stats {
  const top = (one: Counted) => most(totals, one, TOP).map(({ value, count }) => ({ value, count }));
  const buckets = emptyBuckets({ from, to, span }, shown);
  for (const { start, value, count } of steps) {
    const bucket = buckets.get(start);
    if (bucket !== undefined) bucket.values[value] = count;
  }
  for (const { start, count } of sums) {
    const bucket = buckets.get(start);
    if (bucket !== undefined) bucket.other = count - sumOf(Object.values(bucket.values));
  }
  return {
    from: timeText(from),
    to: timeText(to),
    span,
    what,
    buckets: [...buckets].map(([start, { values, other }]) => ({ start: timeText(start), values, other })),
    decisions: DECISIONS.map((decision) => ({
      decision,
      count: countOf(totals, 'decision', decision),
      would_be: countOf(totals, 'would_be', decision),
    })),
    amounts: amountsOf(totals),
    rules: rulesOf(totals),
    challenges: challengesOf(totals),
    top: {
      outcome: top('outcome'),
      decline_reason: top('decline_reason'),
      country: top('country'),
      route: top('route'),
      challenge: top('challenge'),
    },
  };
}

interface Bucket {
  readonly values: Record<string, number>;
  other: number;
}

function emptyBuckets({ from, to, span }: Pick<StatsQuestion, 'from' | 'to' | 'span'>, shown: readonly string[]) {
  const count = Math.ceil((to - from) / SPAN_MS[span]);
  return new Map(
    Array.from({ length: count }, (_, at) => {
      const bucket: Bucket = { values: Object.fromEntries(shown.map((value) => [value, 0])), other: 0 };
      return [from + at * SPAN_MS[span], bucket] as const;
    }),
  );
}

/** The four decisions are always shown, whether or not they occurred. */
function most(totals: readonly TotalRow[], what: Counted, limit: number): readonly Total[] {
  const found = totals.filter((total) => total.what === what);
  const sorted = found.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
  if (what !== 'decision' && what !== 'would_be') return sorted;
  return DECISIONS.map((value) => sorted.find((it) => it.value === value) ?? { value, count: 0 });
}

function countOf(totals: readonly TotalRow[], what: Counted, value: string): number {
  return totals.find((total) => total.what === what && total.value === value)?.count ?? 0;
}

/** An amount's value is `currency/decision`. */
function amountsOf(totals: readonly TotalRow[]): readonly AmountTotal[] {
  const amounts = totals.flatMap(({ what, value, count, amount }) => {
    const [currency = '', decision = ''] = value.split('/');
    return what === 'amount' ? [{ currency, decision, count, amount }] : [];
  });
  return amounts.toSorted((a, b) => b.count - a.count).slice(0, MOST_AMOUNTS);
}

/** A rule's value ends in the mode in which it spoke: `velocity:card_ip/shadow`. */
function rulesOf(totals: readonly TotalRow[]): Stats['rules'] {
  const rules = new Map<string, { enforced: number; shadow: number }>();
  for (const { what, value, count } of totals) {
    if (what !== 'rule') continue;
    const slash = value.lastIndexOf('/');
    const rule = value.slice(0, slash);
    const counts = rules.get(rule) ?? { enforced: 0, shadow: 0 };
    if (value.slice(slash + 1) === 'shadow') counts.shadow += count;
    else counts.enforced += count;
    rules.set(rule, counts);
  }
  const told = [...rules].map(([rule, counts]) => ({ rule, ...counts }));
  return told.toSorted((a, b) => b.enforced + b.shadow - a.enforced - a.shadow).slice(0, MOST_RULES);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
