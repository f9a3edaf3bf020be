// One pass over a file of attempts: each policy judges each attempt, and every decision is told to whoever counts.

import type { Replay, Replayed } from '../../src/replay/replay.ts';
import { type ReplayLine, readReplayLine } from '../../src/replay/replay-line.ts';
import { linesOf } from './lines.ts';

/** What is wrong with the file, by the number of its line. */
export class BadLine extends Error {
  constructor(line: number, fault: string) {
    super(`line ${line}: ${fault}`);
  }
}

export interface Told {
  /** From 1. */
  readonly number: number;
  readonly line: ReplayLine;
  /** In the order of the replays. */
  readonly replayed: readonly Replayed[];
}

export async function runReplays(
  chunks: AsyncIterable<Uint8Array>,
  replays: readonly Replay[],
  tell: (told: Told) => void,
): Promise<void> {
  let [number, before] = [0, Number.NEGATIVE_INFINITY];
  for await (const lines of linesOf(chunks)) {
    for (const text of lines) {
      number += 1;
      const read = readReplayLine(text);
      if (!read.ok) throw new BadLine(number, read.fault);
      const { line } = read;
      if (line.at < before) throw new BadLine(number, 'is earlier than the line before it');
      before = line.at;
      const replayed: Replayed[] = [];
      for (const replay of replays) {
        const next = replay.next(line);
        replayed.push(next instanceof Promise ? await next : next);
      }
      tell({ number, line, replayed });
    }
  }
}
