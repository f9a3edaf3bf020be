// `npm run backtest -- import stripe FILE`: asked, done, and told.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ColumnOption, type Columns, columnOptions } from './imports/columns.ts';
import { type Imported, type ImporterName, importCsv, importers } from './imports/importing.ts';

const faultsTold = 20;

export const importUsage = `       npm run -s backtest -- import stripe|adyen FILE [--ip COLUMN] … > attempts.ndjson

  stripe            payments as the dashboard exports them, with all columns
  adyen             the received payment details report
  --ip, --card, --bin, --session, --device COLUMN
                    where the file has what its processor does not write by itself, such as "ip (metadata)"
`;

/** Writes the lines to standard output, and what is wrong with rows to standard error. Throws for what it is asked wrongly. */
export function runImport(args: readonly string[]): void {
  const { name, file, columns } = readImport(args);
  const imported = importCsv(readFileSync(file, 'utf8'), name, columns);
  for (const line of imported.lines) process.stdout.write(`${line}\n`);
  process.stderr.write(tell(imported));
  if (imported.lines.length === 0) process.exitCode = 2;
}

function readImport(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { ip: text, card: text, bin: text, session: text, device: text };
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [name = '', file, ...more] = positionals;
  if (!isImporter(name)) throw new Error(`import takes ${Object.keys(importers).join(' or ')}`);
  if (file === undefined || more.length > 0) throw new Error('import takes one file');
  const named = columnOptions.map((option) => [option, values[option] === undefined ? [] : [values[option]]] as const);
  return { name, file, columns: Object.fromEntries(named) as Record<ColumnOption, string[]> satisfies Columns };
}

function isImporter(name: string): name is ImporterName {
  return Object.hasOwn(importers, name);
}

function tell({ lines, faults, skipped }: Imported): string {
  const told = faults.slice(0, faultsTold).map(({ line, fault }) => `line ${line}: ${fault}\n`);
  const more = faults.length - told.length;
  const rest = more > 0 ? [`… and ${more} more\n`] : [];
  const left = skipped > 0 ? `, ${skipped} not of a checkout` : '';
  return [...told, ...rest, `${lines.length} attempts, ${faults.length} bad lines${left}\n`].join('');
}
