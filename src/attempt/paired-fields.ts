/**
 * Lists of `{key, value}` or `{name, value}`, as WooCommerce's Store API has them (`payment_data`): each pair is read
 * as a field of its own. Source: woocommerce/woocommerce, StoreApi/Utilities/CheckoutTrait.php.
 */
import { childPointer, type Field, type Fields, loosened } from './fields.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

const PLACE = /^(?<index>\d+)\/(?<member>[^/]+)(?<rest>\/.*)?$/s;

/** `/data/0/key: k` and `/data/0/value: v` become `/data/k: v`. What is no pair stays where it was. */
export function readPairs(fields: Fields, lists: readonly string[]): Read<Fields> {
  return lists.reduce<Read<Fields>>((read, list) => (read.ok ? readList(read.value, list) : read), readable(fields));
}

function readList(fields: Fields, list: string): Read<Fields> {
  const keys = keysOf(fields, list);
  if ('because' in keys) return unreadable(keys);
  const read = new Map<string, Field>();
  for (const [pointer, value] of fields) {
    const place = placeIn(list, pointer);
    if (place !== null && isKey(place.member)) continue;
    const key = place === null ? undefined : keys.get(place.index);
    // A value without a key, or no pair at all: whoever reads the list may read it in another way.
    if (place !== null && key === undefined) return unreadable({ because: 'not_a_pair', field: pointer });
    if (place === null && isInside(list, pointer)) return unreadable({ because: 'not_a_pair', field: pointer });
    const isValue = place?.member === 'value' && key !== undefined;
    const at = isValue ? `${childPointer(list, key)}${place.rest}` : pointer;
    if (read.has(at)) return unreadable({ because: 'duplicate_name', field: at });
    read.set(at, value);
  }
  return readable(read);
}

/** Index → key. WordPress makes keys lower case and drops what is no letter, digit, - or _: so are they compared. */
function keysOf(fields: Fields, list: string): ReadonlyMap<string, string> | Unreadable {
  const keys = new Map<string, string>();
  const seen = new Set<string>();
  for (const [pointer, value] of fields) {
    const place = placeIn(list, pointer);
    if (place === null || !isKey(place.member)) continue;
    if (typeof value !== 'string' || place.rest !== '') return { because: 'not_a_pair', field: pointer };
    const loose = loosened(value);
    if (keys.has(place.index) || seen.has(loose)) {
      return { because: 'duplicate_name', field: childPointer(list, value) };
    }
    keys.set(place.index, value);
    seen.add(loose);
  }
  return keys;
}

function isKey(member: string): boolean {
  return member === 'key' || member === 'name';
}

function isInside(list: string, pointer: string): boolean {
  return pointer.startsWith(`${list}/`);
}

interface Place {
  readonly index: string;
  readonly member: string;
  /** What follows the member; empty for the member itself. */
  readonly rest: string;
}

function placeIn(list: string, pointer: string): Place | null {
  if (!isInside(list, pointer)) return null;
  const { index, member, rest = '' } = PLACE.exec(pointer.slice(list.length + 1))?.groups ?? {};
  return index === undefined || member === undefined ? null : { index, member, rest };
}
