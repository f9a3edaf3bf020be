/**
 * What processors say, kept in memory and written at most once a minute; and whether one of them has fallen silent.
 */
import type { Processor } from '../outcome/processor-event.ts';
import type { AlertStore } from './alert-store.ts';
import type { Tally } from './outcome-history.ts';
import { hear, isQuiet, notePayments, type ProcessorHistory } from './processor-history.ts';

const NOTE = 'processors';
const WRITTEN_EVERY_MS = 60_000;

export class Hearing {
  readonly #store: AlertStore;
  #histories: ReadonlyMap<Processor, ProcessorHistory>;
  #writtenAt = 0;

  constructor(store: AlertStore) {
    this.#store = store;
    const histories = store.note<readonly ProcessorHistory[]>(NOTE) ?? [];
    this.#histories = new Map(histories.map((history) => [history.name, history]));
  }

  hear(processor: Processor, events: number, now: number): void {
    const heard = hear(this.#histories.get(processor) ?? null, processor, events, now);
    this.#histories = new Map([...this.#histories, [processor, heard]]);
    if (now - this.#writtenAt >= WRITTEN_EVERY_MS) this.#write(now);
  }

  /** `processors`: those that are to report; of others nothing is kept. */
  notePayments(tally: Tally, processors: readonly Processor[], now: number): void {
    const known = [...this.#histories.values()].filter(({ name }) => processors.includes(name));
    if (known.length === this.#histories.size && (known.length === 0 || tally.payments === 0)) return;
    this.#histories = new Map(known.map((history) => [history.name, notePayments(history, tally)]));
    this.#write(now);
  }

  quiet(now: number): readonly ProcessorHistory[] {
    return [...this.#histories.values()].filter((history) => isQuiet(history, now));
  }

  /** What they used to say is no measure any more. */
  forget(processors: readonly ProcessorHistory[], now: number): void {
    const forgotten = new Set(processors.map(({ name }) => name));
    this.#histories = new Map([...this.#histories].filter(([name]) => !forgotten.has(name)));
    this.#write(now);
  }

  #write(now: number): void {
    this.#writtenAt = now;
    this.#store.putNote(NOTE, [...this.#histories.values()]);
  }
}
