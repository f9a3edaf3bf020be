/**
 * Everything that a run leaves behind, searched for secrets of a payer: each in the spellings that a log, a row or an
 * answer could hold it in.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A place to look in: a file, a log, an answer. */
export interface Trace {
  readonly where: string;
  readonly bytes: Buffer;
}

export function trace(where: string, text: string): Trace {
  return { where, bytes: Buffer.from(text) };
}

/** Every file below a folder as it lies on disk, write-ahead logs included. */
export async function filesBelow(folder: string): Promise<readonly Trace[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ where: file, bytes: await readFile(file) })));
}

/** Where a secret stands, in any spelling. */
export function findSecret(secret: string, traces: readonly Trace[]): readonly string[] {
  const spellings = spellingsOf(secret);
  return traces.flatMap(({ where, bytes }) =>
    spellings.filter((spelling) => bytes.includes(spelling)).map((spelling) => `${where}: ${spelling}`),
  );
}

/** As digits, in groups, and as they look percent-encoded, in base64, and hashed without a key. */
function spellingsOf(secret: string): readonly string[] {
  const groups = secret.match(/.{1,4}/g) ?? [];
  const fullWidth = [...secret].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(`${' '.repeat(shift)}${secret}`)
      .toString('base64')
      .slice(4, -4),
  );
  const grouped = groups.length > 1 ? [' ', '-', '.', '+', '%20'].map((between) => groups.join(between)) : [];
  return [secret, fullWidth, ...grouped, ...base64.filter((text) => text.length >= 8)];
}
