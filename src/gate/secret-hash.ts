/**
 * Comparing what is kept of a secret: its hash, in hex.
 */

/** In constant time. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}
