// A CSV file of a processor as lines of the replay, in order of time. What is wrong with a row is told by its line, and
// the others go on.

import { parse } from 'csv-parse/sync';
import { readReplayLine } from '../../../src/replay/replay-line.ts';
import { fromAdyen } from './adyen.ts';
import type { Columns } from './columns.ts';
import { BadRow, Row } from './row.ts';
import { fromStripe } from './stripe.ts';

export const importers = { stripe: fromStripe, adyen: fromAdyen } as const;
export type ImporterName = keyof typeof importers;

export interface Fault {
  /** Of the file, from 1. */
  readonly line: number;
  readonly fault: string;
}

export interface Imported {
  /** In order of time. */
  readonly lines: readonly string[];
  readonly faults: readonly Fault[];
  /** Rows of what happens in shops, and the like. */
  readonly skipped: number;
}

interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

export function importCsv(text: string, name: ImporterName, columns: Columns): Imported {
  const faults: Fault[] = [];
  const found: { readonly at: number; readonly text: string }[] = [];
  let skipped = 0;
  for (const { record, info } of rowsOf(text, (line, fault) => faults.push({ line, fault }))) {
    const read = lineOf(new Row(record), importers[name], columns);
    if (read === null) skipped += 1;
    else if ('fault' in read) faults.push({ line: info.lines, ...read });
    else found.push(read);
  }
  const lines = found.sort((a, b) => a.at - b.at).map((one) => one.text);
  return { lines, faults: faults.toSorted((a, b) => a.line - b.line), skipped };
}

function rowsOf(text: string, tell: (line: number, fault: string) => void): readonly Parsed[] {
  return parse(text, {
    bom: true,
    delimiter: delimiterOf(text),
    info: true,
    skip_empty_lines: true,
    columns: (head: readonly string[]) => head.map((name) => name.trim().toLowerCase()),
    skip_records_with_error: true,
    on_skip: (error) => {
      tell(Number((error as { lines?: number } | undefined)?.lines ?? 0), 'is no row of the file’s columns');
      return undefined;
    },
  }) as unknown as readonly Parsed[];
}

/** What stands most between the names of the columns: spreadsheets of half of Europe write `;`, for their amounts have commas. */
function delimiterOf(text: string): string {
  const [head = ''] = text.split(/\r?\n/, 1);
  const counted = [',', ';', '\t'].map((delimiter) => [head.split(delimiter).length, delimiter] as const);
  return counted.reduce((most, one) => (one[0] > most[0] ? one : most))[1];
}

type Reading = { readonly at: number; readonly text: string } | { readonly fault: string } | null;

function lineOf(row: Row, importer: (row: Row, columns: Columns) => object | null, columns: Columns): Reading {
  try {
    const line = importer(row, columns);
    if (line === null) return null;
    const text = JSON.stringify(line);
    const read = readReplayLine(text);
    return read.ok ? { at: read.line.at, text } : { fault: read.fault };
  } catch (error) {
    if (error instanceof BadRow) return { fault: error.message };
    throw error;
  }
}
