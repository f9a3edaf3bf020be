/**
 * Where a page ended, as a text that callers hand back. It names the last row, so that rows which come meanwhile move
 * nothing: going back in time they are not seen, going forward they are at the end.
 */
import { merchantOf } from '../gate/evaluation-id.ts';

export type Order = 'newest_first' | 'oldest_first';

export interface Place {
  readonly merchant: string;
  readonly order: Order;
}

const MARKS: Readonly<Record<Order, string>> = { newest_first: 'd', oldest_first: 'a' };

/** `after`: the id of the last row of the page. */
export function writeCursor(after: string, order: Order): string {
  return new TextEncoder().encode(MARKS[order] + after).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** The id behind a cursor of this merchant and order; null for anything else. */
export function readCursor(cursor: string, { merchant, order }: Place): string | null {
  const text = decode(cursor);
  const id = text.slice(1);
  return text.startsWith(MARKS[order]) && merchantOf(id) === merchant && writeCursor(id, order) === cursor ? id : null;
}

function decode(cursor: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(cursor, { alphabet: 'base64url' }));
  } catch {
    return '';
  }
}
