/**
 * Finds the one card number of a body, and refuses a body in which an origin could find another one.
 */
import { holdsCardNumber, parseCardNumber } from './card-number.ts';
import { type Fields, looseName, type Scalar, textAt } from './fields.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

/**
 * The card's digits, or null where the route reads none. `pointer` is the route's card field: it must be there, and
 * neither the field under another spelling nor a card number anywhere else may be. `notCards` are fields whose numbers
 * only look like one (gift cards, loyalty cards), by the merchant's own word.
 */
export function readCardNumber(
  fields: Fields,
  pointer: string | undefined,
  notCards: readonly string[] = [],
): Read<string | null> {
  const elsewhere = findElsewhere(fields, pointer, notCards);
  if (!elsewhere.ok) return elsewhere;
  if (pointer === undefined) return readable(null);
  const typed = textAt(fields, pointer);
  if (typed === null) return unreadable({ because: 'missing', field: pointer });
  const digits = parseCardNumber(typed);
  return digits === null ? unreadable({ because: 'invalid_card_number', field: pointer }) : readable(digits);
}

/**
 * Refuses a query that holds a card number, for URLs are logged everywhere, or the card field's name, for some servers
 * let a query outrank the body.
 */
export function checkQuery(query: URLSearchParams, pointer: string | undefined): Read<null> {
  const spelling = pointer === undefined ? null : looseName(pointer);
  for (const [name, value] of query) {
    if (looseName(name) === spelling) return unreadable({ because: 'second_card_field', field: name });
    if (holdsCardNumber(value, name) || holdsCardNumber(name, '')) return unreadable({ because: 'card_number_in_url' });
  }
  return readable(null);
}

/** As `checkQuery`, for a whole URL. Most have no query, and making its parameters costs more than asking for it. */
export function checkUrl(url: URL, pointer: string | undefined): Read<null> {
  return url.search === '' ? readable(null) : checkQuery(url.searchParams, pointer);
}

function findElsewhere(fields: Fields, pointer: string | undefined, notCards: readonly string[]): Read<null> {
  const spelling = pointer === undefined ? null : looseName(pointer);
  for (const [other, value] of fields) {
    if (other === pointer || isExempt(other, notCards)) continue;
    if (looseName(other) === spelling) return unreadable({ because: 'second_card_field', field: other });
    if (hides(other, value)) return unreadable({ because: 'hidden_card_number', field: other });
  }
  return readable(null);
}

/** Whether a field, or its very name, holds what looks like a card number. */
export function hides(pointer: string, value: Scalar): boolean {
  // A pointer writes ~ and / as ~0 and ~1: one digit more in front of a number.
  const names = pointer.includes('~') ? pointer.replaceAll('~1', '/').replaceAll('~0', '~') : pointer;
  if (holdsCardNumber(names, '')) return true;
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  return holdsCardNumber(String(value), pointer);
}

/** Whether the merchant says that this is no card. */
export function isExempt(pointer: string, notCards: readonly string[]): boolean {
  // `*` stands for any index of a list: /items/*/gift_card.
  return notCards.some((exempt) => exempt === pointer || exempt === pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*'));
}
