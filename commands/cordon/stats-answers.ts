// Counts for people: a small chart over time, shadow beside what was live, and what was most frequent.

import type { Stats, Total } from '../../src/client/client.ts';
import { type Said, table, timeOf, visible } from './answers.ts';
import { barOf, sparkline } from './chart.ts';

const topShown = 8;

export function sayStats(merchant: string, stats: Stats): Said {
  const { from, to, span, what, buckets, decisions, rules } = stats;
  const values = Object.keys(buckets[0]?.values ?? {});
  const rest = buckets.map(({ other }) => other);
  const lines = [
    ...values.map((value) => [value, buckets.map((bucket) => bucket.values[value] ?? 0)] as const),
    ...(rest.some((count) => count > 0) ? [['(others)', rest] as const] : []),
  ];
  const chart = lines.map(([value, counts]) => [value, shown(sumOf(counts)), sparkline(counts)]);
  const highest = Math.max(...rules.map(({ enforced, shadow }) => Math.max(enforced, shadow)), 1);
  const parts = [
    visible(`${merchant}, ${timeOf(from)} to ${timeOf(to)}, by ${span}\n`),
    section([what, 'count', 'over time'], chart),
    what === 'decision'
      ? table(
          ['decision', 'live', 'with shadow enforced'],
          decisions.map((it) => [it.decision, shown(it.count), shown(it.would_be)]),
        )
      : '',
    section(
      ['rule', 'enforced', '', 'shadow', ''],
      rules.map(({ rule, enforced, shadow }) => [
        rule,
        shown(enforced),
        barOf(enforced, highest, 12),
        shown(shadow),
        barOf(shadow, highest, 12),
      ]),
    ),
    section(
      ['step-up', 'asked', 'passed', '', 'failed', 'left', 'from'],
      // An older Cordon tells nothing of it.
      (stats.challenges ?? []).map(({ method, asked, passed, failed, abandoned, countries }) => [
        method,
        shown(asked),
        shown(passed),
        shareOf(passed, asked),
        shown(failed),
        shown(abandoned),
        countries.map(({ country, ...of }) => `${country} ${shareOf(of.passed, of.asked)}`).join(', '),
      ]),
    ),
    ...Object.entries(stats.top).map(([name, totals]) => topTable(name, totals)),
  ];
  return { json: stats, text: parts.join('') };
}

function topTable(name: string, totals: readonly Total[]): string {
  const some = totals.slice(0, topShown);
  const highest = Math.max(...some.map(({ count }) => count), 1);
  return section(
    [name.replace('_', ' '), 'count', ''],
    some.map(({ value, count }) => [value, shown(count), barOf(count, highest)]),
  );
}

function section(head: string[], rows: string[][]): string {
  return rows.length === 0 ? '' : table(head, rows);
}

function shown(count: number): string {
  return count.toLocaleString('en');
}

/** Passed of asked; a dash where nobody was asked in that time. */
function shareOf(passed: number, asked: number): string {
  return asked === 0 ? '–' : `${Math.round((100 * passed) / asked)} %`;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
