/**
 * Looks over a whole body and query: no field may be taken for one that is read, and no card number may stand where
 * none is read.
 */
import { holdsCardNumber } from './card-number.ts';
import { type Field, type Fields, looseName, loosened } from './fields.ts';
import { decodeLeniently } from './query-pattern.ts';
import { placeName, type ReadingRules, startsWithIndex } from './reading-rules.ts';
import { pairsOf, type RequestUrl } from './request-url.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

/**
 * Refuses a body in which an origin could find another card, or another word, than the one that is read: a field that
 * is read under another spelling, one with a list or an object in its place, a card number anywhere else.
 */
export function checkElsewhere(fields: Fields, rules: ReadingRules): Read<null> {
  for (const [pointer, value] of fields) {
    const isNumber = rules.numbers.includes(pointer);
    if (isNumber || isExempt(pointer, rules.notCards)) continue;
    const meant = rules.spellings.get(looseName(pointer));
    if (meant !== undefined && !meant.includes(pointer)) return unreadable(secondField(pointer, meant, rules));
    if (hides(pointer, value)) return unreadable({ because: 'hidden_card_number', field: pointer });
    if (isForbidden(pointer, value, rules)) return unreadable({ because: 'payment_inside', field: pointer });
    if (isNested(pointer, rules)) return unreadable({ because: 'not_text', field: pointer });
  }
  return readable(null);
}

/**
 * Refuses a query that holds a card number, for URLs are logged everywhere, or the name of a field that is read, for
 * some servers let a query outrank the body (WordPress, Rails) or fill in for it.
 */
export function checkQuery(query: Iterable<readonly [string, string]>, rules: ReadingRules): Read<null> {
  for (const [name, value] of query) {
    const meant = rules.spellings.get(looseName(name));
    if (meant !== undefined) return unreadable(secondField(name, meant, rules));
    // Rack passes over brackets before a name.
    const [root = '', ...deeper] = name.replace(/^[[\]]+/, '').split(/[[.]/);
    if (deeper.length > 0 && rules.roots.has(looseName(root)))
      return unreadable({ because: 'second_field', field: name });
    if (holdsCardNumber(value, name) || holdsCardNumber(name, '')) return unreadable({ because: 'card_number_in_url' });
  }
  return readable(null);
}

/** As `checkQuery`, for a whole URL. Most have no query, and making its parameters costs more than asking for it. */
export function checkUrl(url: RequestUrl, rules: ReadingRules): Read<null> {
  return url.search === '' ? readable(null) : checkQuery(pairsOf(url), rules);
}

function secondField(field: string, meant: readonly string[], { numbers }: ReadingRules): Unreadable {
  const isCard = meant.some((pointer) => numbers.includes(pointer));
  return { because: isCard ? 'second_card_field' : 'second_field', field };
}

/** Whether a request within the request is meant for a payment (WordPress' batches). */
function isForbidden(pointer: string, value: Field, { forbidden }: ReadingRules): boolean {
  if (forbidden.length === 0 || typeof value !== 'string') return false;
  const place = placeName(pointer);
  const words = forbidden.filter((one) => one.place === place).flatMap((one) => one.words);
  if (words.length === 0) return false;
  const loose = loosened(decodeLeniently(value));
  return words.some((word) => loose.includes(word));
}

/** Whether it stands where a text is meant: many a server makes a text of a list with one entry. */
function isNested(pointer: string, { closed, objects }: ReadingRules): boolean {
  if (closed.some((below) => pointer.startsWith(below))) return true;
  return objects.some((above) => {
    if (!pointer.startsWith(above)) return false;
    // A form may have a number for a name; every list has a first element.
    return above === '/' ? /^\/0(?:\/|$)/.test(pointer) : startsWithIndex(pointer.slice(above.length));
  });
}

/** Whether a field, or its very name, holds what looks like a card number. */
export function hides(pointer: string, value: Field): boolean {
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
