/**
 * The journal's entries as they leave the isolate: caught before the queue, so that a test need not wait for it.
 */
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import type { Entry } from '../../src/journal/entry.ts';

type EntryOf<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

export class Written {
  readonly messages: string[] = [];

  /** Takes the queue's place until `vi.restoreAllMocks()`. */
  constructor() {
    vi.spyOn(env.JOURNAL, 'sendBatch').mockImplementation(async (batch) => {
      for (const { body } of batch) this.messages.push(body as string);
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
    });
  }

  get entries(): readonly Entry[] {
    return this.messages.flatMap((message) => (JSON.parse(message) as { entries: Entry[] }).entries);
  }

  of<K extends Entry['kind']>(kind: K): readonly EntryOf<K>[] {
    return this.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
  }

  /** The entries of a kind, once there are as many. */
  async once<K extends Entry['kind']>(kind: K, count = 1): Promise<readonly EntryOf<K>[]> {
    await vi.waitFor(() => expect(this.of(kind).length).toBeGreaterThanOrEqual(count), {
      timeout: 5_000,
      interval: 50,
    });
    return this.of(kind);
  }
}
