// How far a replay is, on standard error and only on a terminal. By bytes where it is known how many there are.

import { fstatSync } from 'node:fs';
import { SingleBar } from 'cli-progress';

export async function* withProgress(
  chunks: AsyncIterable<Uint8Array>,
  { stream, total }: { readonly stream: NodeJS.WriteStream; readonly total: number | null },
): AsyncGenerator<Uint8Array> {
  if (!stream.isTTY) return yield* chunks;
  const format = total === null ? '{value} MB read' : '{bar} {percentage}%  {value}/{total} MB';
  const bar = new SingleBar({ stream, format, barsize: 30, hideCursor: true, clearOnComplete: true });
  bar.start(megabytes(total ?? 0), 0);
  let read = 0;
  try {
    for await (const chunk of chunks) {
      read += chunk.byteLength;
      bar.update(megabytes(read));
      yield chunk;
    }
  } finally {
    bar.stop();
  }
}

/** Bytes of a file that standard input is; null for a pipe. */
export function sizeOfInput(): number | null {
  const stat = fstatSync(0);
  return stat.isFile() ? stat.size : null;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 100_000) / 10;
}
