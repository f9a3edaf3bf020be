/**
 * Entries as queue messages: `{"v":1,"entries":[…]}`, each well below what a queue takes, and back again. Pure.
 */
import type { Entry } from './entry.ts';

/** A queue takes 128 KB a message and 256 KB a call. */
const MESSAGE_BYTES = 60_000;
const MESSAGES_AT_ONCE = 4;
const VERSION = 1;

export interface Packed {
  readonly messages: readonly string[];
  /** How many entries they hold, from the first. */
  readonly taken: number;
}

/** The first entries as messages of one call to the queue. An entry that is too long for a message goes cut. */
export function packed(entries: readonly Entry[]): Packed {
  const messages: string[] = [];
  let texts: string[] = [];
  let bytes = 0;
  let taken = 0;
  for (const entry of entries) {
    const { text, length } = textOf(entry);
    if (texts.length > 0 && bytes + length > MESSAGE_BYTES) {
      messages.push(messageOf(texts));
      texts = [];
      bytes = 0;
      if (messages.length === MESSAGES_AT_ONCE) return { messages, taken };
    }
    texts.push(text);
    bytes += length + 1;
    taken++;
  }
  if (texts.length > 0) messages.push(messageOf(texts));
  return { messages, taken };
}

/** The message of entries that are JSON already. */
export function messageOf(texts: readonly string[]): string {
  return `{"v":${VERSION},"entries":[${texts.join(',')}]}`;
}

const encoder = new TextEncoder();

function textOf(entry: Entry): { readonly text: string; readonly length: number } {
  const text = JSON.stringify(entry);
  const length = encoder.encode(text).byteLength;
  if (length <= MESSAGE_BYTES) return { text, length };
  const short = JSON.stringify(cut(entry));
  return { text: short, length: encoder.encode(short).byteLength };
}

/** Without what may be long: that it was cut is part of what is left. */
function cut(entry: Entry): Entry {
  switch (entry.kind) {
    case 'decision':
      return { ...entry, reasons: entry.reasons.slice(0, 20), counts: [], risk: null, challenge: null };
    case 'change':
      return { ...entry, before: CUT, after: CUT };
    default:
      return entry;
  }
}

const CUT = { cut: true };

export type MessageReading =
  | { readonly ok: true; readonly entries: readonly Entry[] }
  | { readonly ok: false; readonly why: string };

/** The entries of a message. Their fields are the tables' to judge. */
export function readMessage(body: unknown): MessageReading {
  try {
    const message = (typeof body === 'string' ? JSON.parse(body) : body) as { v?: unknown; entries?: unknown };
    if (message?.v !== VERSION || !Array.isArray(message.entries))
      return { ok: false, why: 'no message of this release' };
    return { ok: true, entries: message.entries as Entry[] };
  } catch {
    return { ok: false, why: 'no JSON' };
  }
}
