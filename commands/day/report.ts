// The day as a table: for people on a terminal, as Markdown for the documentation, as JSON for programs.

import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Layer } from './layers.ts';
import type { Tally } from './tally.ts';

export interface Report {
  seed: number;
  layers: Layer[];
  tally: Tally;
  faults: string[];
}

export function printTable(report: Report): void {
  const rows = listRows(report);
  const table = new Table({
    head: rows[0] ?? [],
    style: { head: [], border: [] },
    colAligns: ['left', ...Array((rows[0]?.length ?? 1) - 1).fill('right')],
    wordWrap: true,
  });
  table.push(...rows.slice(1));
  process.stdout.write(`\n${table.toString()}\n\nHow many got through to the shop, by layer. Seed ${report.seed}.\n`);
  printFaults(report);
}

export function printMarkdown(report: Report): void {
  const [head = [], ...rows] = listRows(report);
  const titles = ['malicious', 'honest'];
  const stress = (cells: string[]): string[] =>
    titles.includes(cells[0] ?? '') ? cells.map((cell) => `**${cell}**`) : cells;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  process.stdout.write([head, rule, ...rows.map(stress)].map(line).join(''));
}

export function printJson({ seed, layers, tally, faults }: Report): void {
  const names = layers.map(({ id }) => id);
  process.stdout.write(`${JSON.stringify({ seed, layers: names, rows: tally.rows(), faults }, null, 2)}\n`);
}

function printFaults({ faults }: Report): void {
  for (const fault of faults) process.stdout.write(`${styleText(['red', 'bold'], '✗ FAULT')} ${fault}\n`);
  if (faults.length === 0) {
    process.stdout.write(`${styleText('green', '✓')} Nobody who means well was refused.\n`);
  }
}

function listRows({ layers, tally }: Report): string[][] {
  const all = tally.rows();
  const head = ['who', 'came', ...layers.map(({ name }) => name)];
  const part = (title: string, isMalicious: boolean): string[][] => {
    const rows = all.filter((row) => row.isMalicious === isMalicious);
    const sum = (pick: (row: (typeof rows)[number]) => number): string =>
      String(rows.reduce((total, row) => total + pick(row), 0));
    const totals = [title, sum(({ sent }) => sent), ...layers.map((_, i) => sum(({ passed }) => passed[i] ?? 0))];
    return [...rows.map(({ kind, sent, passed }) => [kind, String(sent), ...passed.map(String)]), totals];
  };
  return [head, ...part('malicious', true), ...part('honest', false)];
}
