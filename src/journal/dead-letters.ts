/**
 * Messages of the record that could not be taken in, kept in KV until somebody has them tried again. An id is the
 * queue's own, so that one that is delivered twice is kept once.
 */
import type { Entry } from './entry.ts';
import { describe, insert } from './insertion.ts';
import { log } from './log.ts';
import { messageOf, readMessage } from './message.ts';

const PREFIX = 'dead-letter:';
const KEPT_SECONDS = 30 * 86_400;
/** Each takes a read, a transaction and a write. */
const AT_ONCE = 50;
const ID = /^[\w-]{1,128}$/;
/** So many entries one after the other, and none before them. */
const HOPELESS_AFTER = 3;

interface Metadata {
  readonly keptAt: number;
  readonly why: string;
  readonly entries: number;
}

export interface DeadLetter {
  readonly id: string;
  readonly kept_at: string;
  readonly expires_at: string;
  /** In the words of whoever did not take it. */
  readonly why: string;
  /** How many entries it holds; 0 where nobody can read it. */
  readonly entries: number;
}

export interface DeadLetterPage {
  readonly dead_letters: readonly DeadLetter[];
  readonly next_cursor: string | null;
}

export interface Replayed {
  /** Messages that were taken in and are gone. */
  readonly replayed: number;
  /** Those that were not, and why. */
  readonly left: readonly { readonly id: string; readonly why: string }[];
  /** Where to go on; null when all have been tried. */
  readonly next_cursor: string | null;
}

/** Hears of the entries that were put aside. Never throws. */
export type OnKept = (entries: readonly Entry[]) => unknown;

/** What was put aside may be anything. */
function namesMerchant(entry: unknown): entry is Entry {
  const { merchant } = (entry ?? {}) as { readonly merchant?: unknown };
  return merchant === null || typeof merchant === 'string';
}

export class DeadLetters {
  readonly #kv: KVNamespace;
  readonly #onKept: OnKept;

  constructor(kv: KVNamespace, onKept: OnKept = () => {}) {
    this.#kv = kv;
    this.#onKept = onKept;
  }

  async keep({ id, body, why }: { id: string; body: string; why: string }): Promise<void> {
    const reading = readMessage(body);
    const entries = reading.ok ? reading.entries.length : 0;
    log({ event: 'journal_dead_letter', id, entries, why });
    const metadata: Metadata = { keptAt: Date.now(), why: why.slice(0, 200), entries };
    await this.#kv.put(`${PREFIX}${id}`, body, { expirationTtl: KEPT_SECONDS, metadata });
    if (reading.ok) this.#onKept(reading.entries.filter(namesMerchant));
  }

  async list(cursor: string | null, limit = AT_ONCE): Promise<DeadLetterPage> {
    const page = await this.#kv.list<Metadata>({ prefix: PREFIX, cursor, limit });
    const letters = page.keys.map(({ name, metadata }): DeadLetter => {
      const { keptAt = 0, why = '', entries = 0 } = metadata ?? {};
      return {
        id: name.slice(PREFIX.length),
        kept_at: new Date(keptAt).toISOString(),
        expires_at: new Date(keptAt + KEPT_SECONDS * 1000).toISOString(),
        why,
        entries,
      };
    });
    return { dead_letters: letters, next_cursor: page.list_complete ? null : page.cursor };
  }

  /** Tries a page of them again, or those that are named. What is taken in is deleted; twice is the same as once. */
  async replay(records: D1Database, { ids, cursor }: { ids: readonly string[] | null; cursor: string | null }) {
    const page =
      ids === null ? await this.list(cursor) : { dead_letters: ids.map((id) => ({ id })), next_cursor: null };
    const left: { id: string; why: string }[] = [];
    for (const { id } of page.dead_letters) {
      const why = await this.#replayOne(records, id);
      if (why !== null) left.push({ id, why });
    }
    const replayed = page.dead_letters.length - left.length;
    return { replayed, left, next_cursor: page.next_cursor } satisfies Replayed;
  }

  /** Null where all of it was taken in. Of what was not, only that stays, as long as it would have. */
  async #replayOne(records: D1Database, id: string): Promise<string | null> {
    const name = `${PREFIX}${id}`;
    const { value: body, metadata } = ID.test(id) ? await this.#kv.getWithMetadata<Metadata>(name) : NOTHING;
    if (body === null) return 'there is no such message any more';
    const reading = readMessage(body);
    if (!reading.ok) return reading.why;
    const { entries } = reading;
    const { refused, why } = await refusedOf(entries, records);
    if (refused.length === 0) await this.#kv.delete(name);
    else if (refused.length < entries.length) {
      const { keptAt = Date.now() } = metadata ?? {};
      const said: Metadata = { keptAt, why: why.slice(0, 200), entries: refused.length };
      const left = messageOf(refused.map((entry) => JSON.stringify(entry)));
      // KV takes no shorter life than a minute.
      const expiration = Math.max(Math.floor(keptAt / 1000) + KEPT_SECONDS, Math.floor(Date.now() / 1000) + 61);
      await this.#kv.put(name, left, { expiration, metadata: said });
    }
    return refused.length === 0 ? null : why;
  }
}

const NOTHING = { value: null, metadata: null } as const;

/** What is not taken in, together or by itself, and why. Where nothing is, it is D1, and the rest is not tried. */
async function refusedOf(entries: readonly Entry[], records: D1Database) {
  const together = await whyNot(entries, records);
  if (together === null) return { refused: [], why: '' };
  const refused: Entry[] = [];
  let why = together;
  for (const [index, entry] of entries.entries()) {
    const isHopeless = index >= HOPELESS_AFTER && refused.length === index;
    const alone = isHopeless ? why : await whyNot([entry], records);
    if (alone === null) continue;
    refused.push(entry);
    why = alone;
  }
  return { refused, why };
}

async function whyNot(entries: readonly Entry[], records: D1Database): Promise<string | null> {
  try {
    await insert(records, entries);
    return null;
  } catch (error) {
    return describe(error);
  }
}
