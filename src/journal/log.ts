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

/** Writes a line. Never throws. */
export function log(line: Line): void {
  const text = textOf(line);
  if (formOf(line.event).level === 'error') console.error(text);
  else console.log(text);
}

/** The line as it is written. */
export function textOf(line: Line): string {
  const { fields } = formOf(line.event);
  const text = `${membersOf(line, fields)}}`;
  if (text.length <= LINE_LIMIT) return text;
  const names = fields.filter(({ name }) => name === 'id' || name === 'merchant');
  return `${membersOf(line, names)},"cut":true}`;
}

/** Each value is written by itself: most were written before, and the whole need not be looked over again. */
function membersOf(line: Line, fields: readonly Named[]): string {
  const given = line as unknown as Readonly<Record<string, unknown>>;
  let text = `{"event":"${line.event}"`;
  for (const { name, opening, kind } of fields) {
    const value = given[name];
    const json = value === undefined ? undefined : value === null ? 'null' : jsonOf(kind, value);
    if (json !== undefined) text += opening + json;
  }
  return text;
}

interface Named {
  readonly name: string;
  /** What stands before its value in a line. */
  readonly opening: string;
  readonly kind: Kind;
}

interface Form {
  readonly level: Level;
  readonly fields: readonly Named[];
}

/** Each payment writes a line: what its fields are is read out of the list once. */
const forms = new Map<Line['event'], Form>();

function formOf(event: Line['event']): Form {
  const known = forms.get(event);
  if (known !== undefined) return known;
  const { level, fields } = EVENTS[event];
  const named = Object.entries(fields).map(([name, kind]) => {
    return { name, opening: `,"${name}":`, kind: kind.replace('?', '') as Kind };
  });
  const form = { level, fields: named };
  forms.set(event, form);
  return form;
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
const known: Readonly<Partial<Record<Kind, Map<string, string>>>> = {
  id: new Map(),
  hash: new Map(),
  word: new Map(),
  text: new Map(),
};
const KNOWN_LIMIT = 1_000;
const KNOWN_LENGTH_LIMIT = 64;

/** A value in JSON, harmless; undefined for what JSON has no word for. */
function jsonOf(kind: Kind, value: unknown): string | undefined {
  if (kind === 'number' || kind === 'flag') return String(madeHarmless(kind, value));
  const texts = typeof value === 'string' ? known[kind] : undefined;
  const before = texts?.get(value as string);
  if (before !== undefined) return before;
  const made = madeHarmless(kind, value);
  const json: string | undefined = JSON.stringify(made);
  if (json === undefined) return undefined;
  const text = visible(json);
  if (texts !== undefined && made === value && (value as string).length <= KNOWN_LENGTH_LIMIT) {
    if (texts.size >= KNOWN_LIMIT) texts.clear();
    texts.set(value as string, text);
  }
  return text;
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
