// Tables out of files, asked as those are that a deployment imported.

import { signalOf } from '../../src/config/feeds/loaded-tables.ts';
import { classNamed } from '../../src/network/class-text.ts';
import { countryOfBin, nameOfNetwork, type Table, type TableKind } from '../../src/network/table.ts';
import { TableImport } from '../../src/network/table-import.ts';
import type { Listened, Tables } from '../../src/network/tables.ts';
import { textOf } from './files.ts';

interface Files {
  readonly feeds: ReadonlyMap<string, string>;
  readonly networks: string | null;
  readonly bins: string | null;
}

/** Throws for a file that is no such table. */
export function tablesIn({ feeds, networks, bins }: Files): Tables {
  const byName = new Map([...feeds].map(([name, file]) => [name, tableIn(file, 'addresses')] as const));
  const classes = networks === null ? null : tableIn(networks, 'networks');
  const cards = bins === null ? null : tableIn(bins, 'bins');
  return {
    prepare: () => null,
    consult(asked: readonly Listened[], whence) {
      const signals = asked.flatMap(({ name, weight }) => {
        const table = byName.get(name);
        const signal = table === undefined ? null : signalOf(table, whence, { name, weight });
        return signal === null ? [] : [{ source: `feed:${name}`, ...signal }];
      });
      const missing = asked.filter(({ name }) => !byName.has(name));
      const silent = missing.map(({ name }) => ({ source: `feed:${name}`, reason: 'missing' as const }));
      return { asked: asked.length, signals, silent };
    },
    classOf(asn) {
      const name = classes === null ? null : nameOfNetwork(classes, asn);
      return name === null ? null : classNamed(name);
    },
    issuerCountry: (bin) => (cards === null ? null : countryOfBin(cards, bin)),
  };
}

function tableIn(file: string, kind: TableKind): Table {
  const reading = new TableImport({ kind });
  reading.write(textOf(file));
  const read = reading.end();
  if (read.ok) return read.table;
  const [first] = read.report.faults;
  const where = first === undefined ? '' : `; line ${first.line}: ${first.why}`;
  throw new Error(`${file} is no table of ${kind} (${read.because})${where}`);
}
