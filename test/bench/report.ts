/**
 * The results as a table for people, and as JSON.
 */
import { cpus } from 'node:os';
import Table from 'cli-table3';
import type { Measured, Ratio, RoundsOptions, Side } from './measurement.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface Report {
  readonly options: RoundsOptions & { readonly disk: boolean };
  readonly measured: readonly Measured[];
  readonly faults: readonly string[];
}

const HEAD = [
  'case',
  'worker',
  'requests/s',
  'p50 ms',
  'p95 ms',
  'CPU µs',
  'MB more',
  'of each floor',
  'CPU',
  'calls (at once)',
  'rows r/w',
];

export function printTable({ options, measured, faults }: Report): void {
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
  for (const { case: benchCase, floors, cordons } of measured) {
    const content = benchCase.beside === undefined ? benchCase.name : `${benchCase.name}\n(beside ${benchCase.beside})`;
    const name = { rowSpan: floors.length + cordons.length, content };
    const target = benchCase.target === null ? '' : ` ≥ ${benchCase.target}`;
    const rows = [
      ...floors.map((floor) => [...cells(floor), '', '', ...price(floor)]),
      ...cordons.map((side) => {
        return [...cells(side), ...ratioCells(side.ratios, target), ...price(side)];
      }),
    ];
    for (const [i, row] of rows.entries()) table.push(i === 0 ? [name, ...row] : row);
  }
  const { seconds, rounds, connections, disk } = options;
  process.stdout.write(`${table.toString()}\n`);
  process.stdout.write(`Medians (least–most) of ${rounds} rounds of ${seconds} s, ${connections} connections, `);
  process.stdout.write(
    `${cpus().length} processors, storage ${disk ? 'on disk' : 'in memory'}. Of each floor, in the order of their rows: it is 1, more is better. Calls: by itself, and with the others beside it.\nOn a processor:\n`,
  );
  for (const one of measured) process.stdout.write(`${busyLine(one)}\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
}

export function printJson({ options, measured, faults }: Report): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), options, measured, faults }, null, 1)}\n`);
}

function cells({ tenant, perSecond, p50Ms, p95Ms, cpuMicros, grownMb }: Side): string[] {
  const latency = (spread: Spread) => spread.median.toFixed(1);
  const grown = Number.isNaN(grownMb.median) ? '' : ranged(grownMb, 0);
  return [tenant, ranged(perSecond, 0), latency(p50Ms), latency(p95Ms), cpuMicros.median.toFixed(0), grown];
}

/** A line for each floor, in the order of their rows; `target` is asked for beside the first. */
function ratioCells(ratios: readonly Ratio[], target: string): string[] {
  const rates = ratios.map(({ rate }, i) => `${ranged(rate, 2)}${i === 0 ? target : ''}`);
  return [rates.join('\n'), ratios.map(({ cpu }) => ranged(cpu, 2)).join('\n')];
}

function price({ price: { objectCalls, callsInCompany, rowsRead, rowsWritten } }: Side): string[] {
  const calls = objectCalls === 0 ? '0' : `${objectCalls} (${callsInCompany.toFixed(2)})`;
  return [calls, `${rowsRead}/${rowsWritten}`];
}

function ranged({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** Which process the rates hang on: it must be the runtime. */
function busyLine({ case: { name }, floors, cordons }: Measured): string {
  const samples = [...floors, ...cordons].flatMap((side) => side.samples);
  const share = (name: 'runtime' | 'origin' | 'generator') => {
    const { median, most } = spreadOf(samples.map(({ busy }) => busy[name] * 100));
    return `${name} ${median.toFixed(0)}% (at most ${most.toFixed(0)}%)`;
  };
  return `- ${name}: ${share('runtime')}, ${share('origin')}, ${share('generator')}.`;
}
