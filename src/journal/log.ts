/**
 * The log: one line of JSON an event, and the only place that writes one. Whatever is handed in, a line is bounded, holds
 * the fields of its event and no others, and has no character that a terminal or a viewer of logs would obey.
 */
import type { Kind, Level } from './event.ts';
import { EVENTS, type Line } from './events.ts';
import { harmlessChange, harmlessId, harmlessText, hashOf, ownId, wordOf } from './harmless.ts';

export const LINE_LIMIT = 8_192;
const MEMBERS_LIMIT = 32;
const FRAMES_LIMIT = 8;

// JSON escapes the first 32 control characters; the others, line separators and what nobody sees are left to us.
const NOT_ASCII = /[^ -~]/;
const UNSEEN = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

const WRITERS: Readonly<Record<Level, (text: string) => void>> = {
  info: (text) => console.log(text),
  error: (text) => console.error(text),
};

/** Writes a line. Never throws. */
export function log(line: Line): void {
  WRITERS[EVENTS[line.event].level](textOf(line));
}

/** The line as it is written. */
export function textOf(line: Line): string {
  const said: Record<string, unknown> = { event: line.event };
  const given = line as unknown as Readonly<Record<string, unknown>>;
  for (const { name, kind } of fieldsOf(line.event)) {
    const value = given[name];
    if (value !== undefined) said[name] = value === null ? null : harmless(kind, value);
  }
  const text = visible(JSON.stringify(said));
  if (text.length <= LINE_LIMIT) return text;
  const { event, id, merchant } = said;
  return JSON.stringify({ event, id, merchant, cut: true });
}

interface Named {
  readonly name: string;
  readonly kind: Kind;
}

/** Each payment writes a line: what its fields are is read out of the list once. */
const fieldsByEvent = new Map<Line['event'], readonly Named[]>();

function fieldsOf(event: Line['event']): readonly Named[] {
  const known = fieldsByEvent.get(event);
  if (known !== undefined) return known;
  const fields = Object.entries(EVENTS[event].fields).map(([name, kind]) => {
    return { name, kind: kind.replace('?', '') as Kind };
  });
  fieldsByEvent.set(event, fields);
  return fields;
}

/** How the platform's own messages begin that tell an operator more than `Error`, and quote nothing. */
const PLATFORM = /^(?:D1_[A-Z_]{3,30}|KV (?:GET|PUT|LIST|DELETE) failed: [1-5]\d\d|Network connection lost)/;

/** What failed, by its name: a message may quote what somebody sent. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return PLATFORM.exec(error.message)?.[0] ?? wordOf(error.name);
}

/** A fault of Cordon's own, with where it was. */
export function logUnexpected(error: unknown): void {
  log({ event: 'unexpected_error', error: nameOf(error), stack: framesOf(error) });
}

// Only those behind the message: it may quote what a payer sent, and a line of it look like a frame.
function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const { stack, message } = error;
  const begin = stack.indexOf(message);
  const frames = begin < 0 ? '' : stack.slice(begin + message.length);
  return frames.split('\n').filter((line) => /^\s+at /.test(line));
}

/** Most lines say what many before them said: a merchant, a route, a version. Only what is harmless as it stands is kept. */
const known: Readonly<Record<string, Set<string>>> = {
  id: new Set(),
  hash: new Set(),
  word: new Set(),
  text: new Set(),
};
const KNOWN_LIMIT = 1_000;
const KNOWN_LENGTH_LIMIT = 64;

function harmless(kind: Kind, value: unknown): unknown {
  const texts = typeof value === 'string' ? known[kind] : undefined;
  if (texts === undefined) return madeHarmless(kind, value);
  const text = value as string;
  if (texts.has(text)) return text;
  const made = madeHarmless(kind, text) as string;
  if (made === text && text.length <= KNOWN_LENGTH_LIMIT) {
    if (texts.size >= KNOWN_LIMIT) texts.clear();
    texts.add(text);
  }
  return made;
}

function madeHarmless(kind: Kind, value: unknown): unknown {
  switch (kind) {
    case 'evaluation':
      return ownId(String(value));
    case 'hash':
      return hashOf(String(value));
    case 'id':
      return harmlessId(String(value));
    case 'word':
      return wordOf(String(value));
    case 'text':
      return harmlessText(String(value));
    case 'texts':
      return listed(value, MEMBERS_LIMIT).map((one) => harmlessText(String(one)));
    case 'frames':
      return listed(value, FRAMES_LIMIT).map((one) => harmlessText(String(one).trim()));
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    case 'flag':
      return value === true;
    case 'faults':
      return listed(value, FAULTS_LIMIT).map(faultOf);
    case 'change':
      return harmlessChange(value);
    default:
      return kind satisfies never;
  }
}

const FAULTS_LIMIT = 20;

function faultOf(fault: unknown): { path: string; message: string } {
  const { path = '', message = '' } = (fault ?? {}) as { path?: unknown; message?: unknown };
  return { path: harmlessText(String(path)), message: harmlessText(String(message)) };
}

function listed(value: unknown, limit: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, limit) : [];
}

function visible(json: string): string {
  return NOT_ASCII.test(json) ? json.replace(UNSEEN, escaped) : json;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
