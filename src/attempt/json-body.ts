/**
 * Strict JSON (RFC 8259): what two parsers could read differently is refused. Duplicate names, numbers beyond
 * 2^53, byte order marks and deep nesting are where parsers differ (RFC 8259 sections 4, 6, 8.1, 9).
 */
import { childPointer, EMPTY, FIELD_LIMIT, type Field, type FieldLookup, type Fields, type Scalar } from './fields.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

const DEPTH_LIMIT = 64;

interface Room {
  readonly fields: number;
  readonly pointerChars: number;
}

/** Four times the longest body: 10,000 fields of 52 characters each. */
const REQUEST_ROOM: Room = { fields: FIELD_LIMIT, pointerChars: 512 * 1024 };
/** A configuration may hold lists of ten thousand entries of several fields each. */
const CONFIGURATION_ROOM: Room = { fields: 200_000, pointerChars: 16 * 1024 * 1024 };
// 19 digits is the longest card number: a number beyond that is no card, however it is read.
const LARGEST_MISTAKABLE_NUMBER = 1e19;

export type Json = Scalar | readonly Json[] | { readonly [name: string]: Json };

/** Parses a request's JSON text into its fields, or says what about it is ambiguous. */
export function readJsonFields(text: string): Read<Fields> {
  const document = readJsonDocument(text);
  return document.ok ? readable(document.value.fields) : document;
}

/**
 * Parses a processor's signed JSON text: nobody can have written it to be read in two ways, but a shop's metadata in
 * it may well hold a 64-bit number. That one stands rounded; all other rules are the same.
 */
export function readSignedJsonFields(text: string): Read<Fields> {
  const document = readJsonDocument(text, { mayRound: true });
  return document.ok ? readable(document.value.fields) : document;
}

/** Parses a JSON text into its value under the same rules. */
export function readJson(text: string): Read<Json> {
  const document = readJsonDocument(text);
  return document.ok ? readable(document.value.root) : document;
}

/** Parses a configuration under the same rules, with room for its long lists. */
export function readConfigurationJson(text: string): Read<Json> {
  const document = readJsonDocument(text, { room: CONFIGURATION_ROOM });
  return document.ok ? readable(document.value.root) : document;
}

/** An origin's own answer: it is trusted, so only text that is no JSON at all gives undefined. */
export function readAnswerJson(text: string): Json | undefined {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}

/** The scalars of a value by their pointers, without a walk over all of it. */
export function lookUpIn(root: Json): FieldLookup {
  return {
    get: (pointer) => {
      const value = valueAt(root, namesIn(pointer));
      return typeof value === 'object' && value !== null ? undefined : value;
    },
  };
}

/** What stands under names inside one another: own members and elements only. */
export function valueAt(root: Json | undefined, names: readonly string[]): Json | undefined {
  let value = root;
  for (const name of names) {
    const isOwn: boolean = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    value = isOwn ? (value as Readonly<Record<string, Json>>)[name] : undefined;
  }
  return value;
}

/** Only a configuration's pointers are looked up in an answer: a few, again and again. */
const namesOfPointers = new Map<string, readonly string[]>();
const POINTERS_LIMIT = 1_000;

function namesIn(pointer: string): readonly string[] {
  const known = namesOfPointers.get(pointer);
  if (known !== undefined) return known;
  const tokens = pointer.split('/').slice(1);
  const names = tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (namesOfPointers.size < POINTERS_LIMIT) namesOfPointers.set(pointer, names);
  return names;
}

export interface JsonDocument {
  readonly root: Json;
  readonly fields: Fields;
}

interface Leniency {
  readonly mayRound?: boolean;
  readonly room?: Room;
}

/** Parses a JSON text into its value and its fields at once. */
export function readJsonDocument(
  text: string,
  { mayRound = false, room = REQUEST_ROOM }: Leniency = {},
): Read<JsonDocument> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const walk = walkJson(parsed.value, room);
  if ('because' in walk) return unreadable(walk);
  if (walk.inexact !== null && !mayRound) return unreadable({ because: 'inexact_number', field: walk.inexact });
  if (!walk.isWellFormed) return unreadable({ because: 'syntax' });
  if (walk.members !== countNames(text)) return unreadable({ because: 'duplicate_name' });
  return readable({ root: parsed.value, fields: walk.fields });
}

function parseJson(text: string): Read<Json> {
  try {
    return readable(JSON.parse(text) as Json);
  } catch {
    return unreadable({ because: 'syntax' });
  }
}

interface Walk {
  readonly fields: Fields;
  readonly members: number;
  /** Where a number stands that not every parser reads as the same number. */
  readonly inexact: string | null;
  /** False where a lone surrogate stands: kept by some readers, replaced by others, so that two names become one. */
  readonly isWellFormed: boolean;
}

// An explicit stack: JSON.parse takes any depth, recursion over what it returns would not. A name that stands over
// many fields stands in the pointer of each: the sum of the pointers is what memory and time are spent on.
function walkJson(root: Json, room: Room): Walk | Unreadable {
  const fields = new Map<string, Field>();
  const stack: { value: Json; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 0 }];
  let members = 0;
  let pointerChars = 0;
  let inexact: string | null = null;
  let isWellFormed = true;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, pointer, depth } = next;
    pointerChars += pointer.length;
    if (pointerChars > room.pointerChars) return { because: 'too_long_names' };
    if (value === null || typeof value !== 'object') {
      fields.set(pointer, value);
      if (fields.size > room.fields) return { because: 'too_many_fields', limit: room.fields };
      isWellFormed &&= pointer.isWellFormed() && (typeof value !== 'string' || value.isWellFormed());
      if (isInexact(value)) inexact = pointer;
      continue;
    }
    if (depth === DEPTH_LIMIT) return { because: 'too_deep', limit: DEPTH_LIMIT };
    const entries = Object.entries(value);
    if (!Array.isArray(value)) members += entries.length;
    if (entries.length === 0 && pointer !== '') {
      fields.set(pointer, EMPTY);
      if (fields.size > room.fields) return { because: 'too_many_fields', limit: room.fields };
      isWellFormed &&= pointer.isWellFormed();
    }
    for (const [name, child] of entries) {
      stack.push({ value: child, pointer: childPointer(pointer, name), depth: depth + 1 });
    }
  }
  return { fields, members, inexact, isWellFormed };
}

/** Whether not every reader reads this as the same number: beyond 2^53, and still short enough for a card. */
export function isInexact(value: Scalar): boolean {
  if (typeof value !== 'number') return false;
  const size = Math.abs(value);
  return size > Number.MAX_SAFE_INTEGER && size < LARGEST_MISTAKABLE_NUMBER;
}

/**
 * Counts the names in a text that is known to be valid JSON: one colon outside strings for each. JSON.parse keeps
 * only the last of equal names, so a document with fewer members than names has duplicates.
 */
function countNames(json: string): number {
  let names = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i);
    if (char === 0x5c) i++;
    else if (char === 0x22) inString = !inString;
    else if (char === 0x3a && !inString) names++;
  }
  return names;
}
