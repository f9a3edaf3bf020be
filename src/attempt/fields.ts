/**
 * A body as its readers hand it on: every scalar under its JSON Pointer (RFC 6901), whatever the format was.
 */
import { FamiliarNames } from './familiar-names.ts';

export type Scalar = string | number | boolean | null;

/** What an empty list or object leaves: nothing to read, and yet not nothing. */
export const EMPTY = Symbol('empty');
export type Field = Scalar | typeof EMPTY;

/** JSON Pointer → scalar. A form's `card[number]` stands under `/card/number`. */
export type Fields = ReadonlyMap<string, Field>;

/** What can say which scalar stands at a pointer. */
export type FieldLookup = Pick<Fields, 'get'>;

/** Every field is looked at. */
export const FIELD_LIMIT = 10_000;
/** Of a form: PHP (`max_input_vars`) and qs (`parameterLimit`) see no more, so that further ones mean nothing there. */
export const FORM_FIELD_LIMIT = 1_000;

/** One reference token appended to a pointer, escaped as RFC 6901 section 3 says. */
export function childPointer(parent: string, token: string): string {
  return `${parent}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A pointer as a careless reader sees it: `/card/number`, `/Card_Number` and `/card.number` are all the same. */
export function looseName(pointer: string): string {
  const known = looseNames.get(pointer);
  if (known !== undefined) return known;
  const loose = loosened(pointer);
  looseNames.keep(pointer, loose);
  return loose;
}

/** A checkout's fields have the same names every time. */
const looseNames = new FamiliarNames<string>(1_000);

/** As `looseName`, of what is no name and must not be remembered: a value. */
export function loosened(text: string): string {
  return text
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** The text at a pointer: a non-empty string, or a number in full; null for anything else. */
export function textAt(fields: FieldLookup, pointer: string | undefined): string | null {
  const value = pointer === undefined ? undefined : fields.get(pointer);
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' ? String(value) : null;
}

/** Array indexes and numbered names stay below this; no part of a card number worth keeping does. */
const NAMED_DIGITS = 8;

/** A name as it may be repeated: whoever writes a card number into a name must not find it in a log. */
export function nameable(pointer: string): string {
  if (pointer === '') return 'the body itself';
  const digits = pointer.match(/\p{Nd}/gu)?.length ?? 0;
  return digits < NAMED_DIGITS ? pointer : pointer.replaceAll(/\p{Nd}/gu, '…');
}
