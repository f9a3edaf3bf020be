/**
 * What the gates of a tenant left on disk, read from a copy after the runtime is gone: as many outcomes as answers,
 * or what was fast did not do its work.
 */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The number of outcomes on record, over all gates of a tenant. */
export async function outcomesOnDisk(storageFolder: string, tenant: string): Promise<number> {
  const copy = await mkdtemp(join(tmpdir(), 'cordon-bench-disk-'));
  try {
    await cp(join(storageFolder, tenant), copy, { recursive: true, force: true });
    const files = (await readdir(copy)).filter((file) => /^[0-9a-f]{64}\.sqlite$/.test(file));
    return files.reduce((sum, file) => sum + outcomesIn(join(copy, file)), 0);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function outcomesIn(file: string): number {
  const database = new DatabaseSync(file);
  try {
    return Number(database.prepare('SELECT count(*) AS count FROM outcomes').get()?.count);
  } finally {
    database.close();
  }
}
