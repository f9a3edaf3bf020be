// A new file, written a great many lines at a time.

import { openNewFile, type Sink } from '../cordon/new-file.ts';

const linesAtOnce = 5_000;

export class LineSink {
  readonly #sink: Sink;
  #lines: string[] = [];

  /** `-` is standard output. */
  constructor(path: string) {
    this.#sink = openNewFile(path);
  }

  write(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length >= linesAtOnce) this.#flush();
  }

  finish(): void {
    this.#flush();
    this.#sink.finish();
  }

  abandon(): void {
    this.#sink.abandon();
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#sink.write(Buffer.from(`${this.#lines.join('\n')}\n`));
    this.#lines = [];
  }
}
