// Everything that the command line touches besides Cordon.

import type { Sink } from './new-file.ts';
import type { Surroundings } from './target.ts';
import { UsageError } from './usage.ts';

export interface World extends Surroundings {
  write(text: string): void;
  complain(text: string): void;
  readFile(path: string): string;
  /** A file that gets its name when it is whole; `-`: standard output. */
  openFile(path: string): Sink;
  askForCard(): Promise<string>;
  askForProof(): Promise<string>;
  /** What somebody at a terminal answers; null where nobody sits there. */
  askAloud(question: string): Promise<string | null>;
  /** Whether somebody looks at what `complain` says. */
  isWatched: boolean;
  /** Ctrl-C, for what goes on until then. */
  stop?: AbortSignal;
}

export function readText(file: string, world: World): string {
  try {
    return world.readFile(file);
  } catch (error) {
    throw new UsageError(`The file cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.`);
  }
}
