// A file that gets its name only when it is whole: what was broken off is not taken for all there is.

import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export interface Sink {
  write(piece: Uint8Array): void;
  finish(): void;
  abandon(): void;
}

/** Throws where it cannot be written; `-` is standard output. */
export function openNewFile(path: string): Sink {
  if (path === '-') return { write: (piece) => writeAll(1, piece), finish: () => {}, abandon: () => {} };
  const part = `${path}.part`;
  const file = openSync(part, 'w');
  return {
    write: (piece) => writeAll(file, piece),
    finish: () => {
      closeSync(file);
      renameSync(part, path);
    },
    abandon: () => {
      closeSync(file);
      rmSync(part, { force: true });
    },
  };
}

function writeAll(file: number, piece: Uint8Array): void {
  for (let at = 0; at < piece.byteLength; ) at += writeSync(file, piece, at);
}
