// What a replay comes to, on standard output: a table for people, JSON for programs.

import Table from 'cli-table3';
import type { LeftOut } from '../../src/replay/left-out.ts';
import type { Stopped, Summary } from '../../src/replay/summary.ts';
import type { Tried } from '../../src/replay/sweep.ts';
import type { ByLabel } from './labels.ts';

/** One configuration's results. */
export interface Result {
  readonly name: string;
  readonly version: string;
  readonly summary: Summary;
  readonly labels: ByLabel | null;
  readonly leftOut: readonly LeftOut[];
}

export function tellJson(results: readonly Result[], swept: Tried | null): string {
  const [tried, against] = results.map(({ name, version, summary, labels, leftOut }) => ({
    config: name,
    config_version: version,
    not_replayed: leftOut,
    ...summary,
    ...(labels === null ? {} : { labels: Object.fromEntries(labels.rows()) }),
  }));
  const all = { ...tried, ...(against === undefined ? {} : { against }), ...(swept ?? {}) };
  return `${JSON.stringify(all, null, 2)}\n`;
}

export function tellTables(results: readonly Result[], swept: Tried | null): string {
  const [first] = results;
  if (first === undefined) return '';
  const { attempts, from, to } = first.summary;
  const parts = [`${attempts} attempts${from === null ? '' : `, ${from} to ${to}`}`, tableOf(results)];
  if (first.labels !== null) parts.push(labelTable(results));
  if (swept !== null) parts.push(limitTable(swept));
  for (const { name, leftOut } of results) {
    if (leftOut.length > 0) parts.push(`Not replayed of ${name}: ${leftOut.join(', ')} (docs/backtest.md).`);
  }
  return `${parts.join('\n\n')}\n`;
}

function tableOf(results: readonly Result[]): string {
  const table = newTable(['', ...results.map(({ name }) => name)]);
  const row = (title: string, cell: (summary: Summary) => string | number): void => {
    table.push([title, ...results.map(({ summary }) => String(cell(summary)))]);
  };
  for (const decision of ['allow', 'review', 'challenge', 'block'] as const) {
    row(decision, ({ decisions }) => decisions[decision]);
  }
  row('challenges passed', ({ challenges }) => challenges.passed);
  for (const rule of namesIn(results, ({ blocks_by_rule }) => blocks_by_rule)) {
    row(`blocked by ${rule}`, ({ blocks_by_rule }) => blocks_by_rule[rule] ?? 0);
  }
  for (const rule of namesIn(results, ({ challenges_by_rule }) => challenges_by_rule)) {
    row(`challenged by ${rule}`, ({ challenges_by_rule }) => challenges_by_rule[rule] ?? 0);
  }
  for (const rule of namesIn(results, ({ reviews_by_rule }) => reviews_by_rule)) {
    row(`for review by ${rule}`, ({ reviews_by_rule }) => reviews_by_rule[rule] ?? 0);
  }
  row('failures stopped', ({ failures }) => shareOf(failures));
  row('successes stopped', ({ successes }) => shareOf(successes));
  for (const currency of namesIn(results, ({ amounts }) => amounts)) {
    row(`successes stopped, ${currency}`, ({ amounts }) => money(amounts[currency]?.successes_stopped, currency));
    row(`let through, ${currency}`, ({ amounts }) => money(amounts[currency]?.through, currency));
  }
  return table.toString();
}

function labelTable(results: readonly Result[]): string {
  const columns = ['stopped', 'blocked', 'challenged'] as const;
  const heads = results.flatMap(({ name }) => columns.map((column) => `${column}\n${results.length > 1 ? name : ''}`));
  const table = newTable(['', 'attempts', ...heads]);
  const [first] = results;
  for (const [label, { attempts }] of first?.labels?.rows() ?? []) {
    const cells = results.flatMap(({ labels }) => {
      const counts = labels?.rows().find(([name]) => name === label)?.[1];
      return columns.map((column) => percent(counts?.[column] ?? 0, attempts));
    });
    table.push([label, String(attempts), ...cells]);
  }
  return table.toString();
}

/** As written is marked by `=`, what is suggested by `→`. */
function limitTable({ limits, suggestions }: Tried): string {
  if (limits.length === 0) return 'No velocity rule is configured: there are no limits to try.';
  const table = newTable(['rule', 'limit', 'failures stopped', 'successes stopped']);
  for (const { rule, limit, is_written, failures, successes } of limits) {
    const isSuggested = suggestions.some((one) => one.rule === rule && one.suggested === limit);
    const mark = isSuggested ? '→ ' : is_written ? '= ' : '';
    table.push([rule, `${mark}${limit}`, shareOf(failures), shareOf(successes)]);
  }
  return table.toString();
}

function newTable(head: readonly string[]) {
  const right = head.slice(1).map(() => 'right' as const);
  return new Table({ head: [...head], style: { head: [], border: [] }, colAligns: ['left', ...right] });
}

function namesIn(results: readonly Result[], part: (summary: Summary) => object): readonly string[] {
  return [...new Set(results.flatMap(({ summary }) => Object.keys(part(summary))))].toSorted();
}

function shareOf({ attempts, stopped }: Stopped): string {
  return `${stopped} of ${attempts} (${percent(stopped, attempts)})`;
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)}%`;
}

/** ISO 4217 says how many digits stand behind the point; Intl knows. */
function money(minor: number | undefined, currency: string): string {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return ((minor ?? 0) / 10 ** digits).toFixed(digits);
}
