/**
 * What a gate left on disk, read after the runtime is gone. A copy is opened, so that SQLite's recovery of the
 * write-ahead log touches nothing that the next runtime starts from.
 */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GATE_FOLDER } from './bare-config.ts';

export interface LedgerOnDisk {
  /** Counter key → count. */
  readonly counters: ReadonlyMap<string, number>;
  /** Evaluation → its outcome. */
  readonly outcomes: ReadonlyMap<string, { readonly status: string; readonly counted: number }>;
}

/** The ledger of the only gate in a storage folder; empty when no gate was ever asked. */
export async function readLedger(storageFolder: string): Promise<LedgerOnDisk> {
  const copy = await mkdtemp(join(tmpdir(), 'cordon-ledger-'));
  try {
    await cp(join(storageFolder, GATE_FOLDER), copy, { recursive: true, force: true });
    const files = (await readdir(copy)).filter((file) => /^[0-9a-f]{64}\.sqlite$/.test(file));
    if (files.length !== 1) throw new Error(`${files.length} gates on disk`);
    return readTables(join(copy, files[0] ?? ''));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function readTables(file: string): LedgerOnDisk {
  const database = new DatabaseSync(file);
  try {
    const counters = database.prepare('SELECT key, count FROM counters').all();
    const outcomes = database.prepare('SELECT evaluation, status, counted FROM outcomes').all();
    return {
      counters: new Map(counters.map(({ key, count }) => [String(key), Number(count)])),
      outcomes: new Map(
        outcomes.map((row) => [String(row.evaluation), { status: String(row.status), counted: Number(row.counted) }]),
      ),
    };
  } finally {
    database.close();
  }
}
