// Writes the result of an attack: as a table for people, as JSON for programs.

import { styleText } from 'node:util';
import Table from 'cli-table3';
import { footnote } from './campaigns.ts';
import { type CampaignResult, type HonestPayments, stoppedPercent } from './result.ts';
import type { Tally } from './sender.ts';

export interface Report {
  results: CampaignResult[];
  honest: HonestPayments;
  faults: string[];
}

type Row = [name: string, sent: number, reached: number, found: number, guardedReached: number, guardedFound: number];

export function printTable({ results, faults }: Report): void {
  // No colours of the table's own: `styleText` knows about NO_COLOR and terminals, it does not.
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', ...Array(6).fill('right')] });
  const rows = results.map(toRow);
  table.push(
    [
      { rowSpan: 2, content: 'Campaign' },
      { rowSpan: 2, content: 'Attempts\nsent' },
      ...headRun('No guard'),
      ...headRun('With Cordon'),
      { rowSpan: 2, content: 'Stopped' },
    ],
    ['reached the\nprocessor', 'cards\nfound', 'reached the\nprocessor', 'cards\nfound'],
    ...rows.map(write),
    write(total(rows)).map((cell) => styleText('bold', cell)),
  );
  process.stdout.write(`\n${table.toString()}\n\n${footnote}\n\n`);
  printRefusals(results);
  if (faults.length === 0)
    process.stdout.write(
      `${styleText('green', '✓')} Cordon held: no more got through than its rules allow, and honest customers could pay.\n`,
    );
  for (const fault of faults) process.stdout.write(`${styleText(['red', 'bold'], '✗ FAULT')} ${fault}\n`);
}

export function printJson({ results, honest, faults }: Report): void {
  const campaigns = results.map(({ campaign, unguarded, guarded }) => ({
    name: campaign.name.replace(/ ¹$/, ''),
    failure_limit: campaign.failureLimit === 'unlimited' ? null : campaign.failureLimit,
    unguarded: describe(unguarded),
    guarded: describe(guarded),
    stopped_percent: stoppedPercent(unguarded.reached, guarded.reached),
  }));
  process.stdout.write(
    `${JSON.stringify({ campaigns, honest_payments: honest, faults, held: faults.length === 0 }, null, 2)}\n`,
  );
}

function printRefusals(results: readonly CampaignResult[]): void {
  const sum = (kind: keyof Tally['answers']): number =>
    results.reduce((total, { guarded }) => total + guarded.answers[kind], 0);
  process.stdout.write(
    `Cordon's answers: ${sum('refused')} refused, ${sum('declined')} declined by the processor, ${sum('succeeded')} succeeded, ${sum('error')} errors.\n`,
  );
}

function describe(tally: Tally): object {
  const { sent, reached, cardsFound, answers, surprises } = tally;
  return { sent, reached, cards_found: cardsFound, answers, unexpected: surprises };
}

function toRow({ campaign, unguarded, guarded }: CampaignResult): Row {
  return [campaign.name, guarded.sent, unguarded.reached, unguarded.cardsFound, guarded.reached, guarded.cardsFound];
}

function total(rows: readonly Row[]): Row {
  const sum = (column: 1 | 2 | 3 | 4 | 5): number => rows.reduce((count, row) => count + row[column], 0);
  return ['Total', sum(1), sum(2), sum(3), sum(4), sum(5)];
}

function write(row: Row): string[] {
  return [...row.map(String), `${stoppedPercent(row[2], row[4]).toFixed(1)} %`];
}

function headRun(title: string): Table.Cell[] {
  return [{ colSpan: 2, hAlign: 'center', content: title }];
}
