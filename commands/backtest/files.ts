// Files that are named on the command line.

import { readFileSync } from 'node:fs';

export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${file} cannot be read`);
  }
}
