/**
 * A child process of the benchmark that runs one of its files and talks by messages. It ends when its parent does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export class Child {
  readonly #process: ChildProcess;
  readonly #died: Promise<null>;

  constructor(file: 'generator.ts' | 'origin.ts') {
    this.#process = fork(join(import.meta.dirname, file), { serialization: 'advanced' });
    this.#died = new Promise((resolve) => this.#process.once('exit', () => resolve(null)));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The next message. */
  async receive(): Promise<unknown> {
    const message = new Promise<{ readonly said: unknown }>((resolve) => {
      this.#process.once('message', (said) => resolve({ said }));
    });
    const received = await Promise.race([message, this.#died]);
    if (received === null) throw new Error('a process of the benchmark has ended');
    return received.said;
  }

  async ask(question: object): Promise<unknown> {
    const answer = this.receive();
    this.#process.send(question);
    return answer;
  }

  close(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}
