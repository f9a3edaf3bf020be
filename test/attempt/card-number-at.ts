/**
 * The digits of the one card of a body, by a route that reads nothing but a card number.
 */
import { readAttempt } from '../../src/attempt/attempt-reading.ts';
import type { Fields } from '../../src/attempt/fields.ts';
import { compileReading, type ReadingRules } from '../../src/attempt/reading-rules.ts';
import type { Read } from '../../src/attempt/unreadable.ts';

export function numberRules(pointer: string | undefined): ReadingRules {
  return compileReading({ fields: { card_number: pointer } });
}

/** Null where the route reads none. */
export function readCardNumber(fields: Fields, pointer: string | undefined): Read<string | null> {
  const read = readAttempt(fields, numberRules(pointer), new Map());
  if (!read.ok) return read;
  const card = read.value[0]?.card ?? null;
  return { ok: true, value: card?.kind === 'number' ? card.digits : null };
}
