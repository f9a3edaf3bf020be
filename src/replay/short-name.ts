/**
 * Names of the form that the guard's keyed digests have, made without a key and at once: a replay keeps them in memory
 * alone, for as long as it runs, and a million digests would be most of its time. No secret, no signature.
 */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** As long as a fingerprint of a card: 128 bits of hash, and then nothing but the form. */
export function cardName(kind: 'pf' | 'tk', value: string): string {
  return `${kind}_${hashOf(value)}${'A'.repeat(21)}`;
}

/** As long as other digests. */
export function shortName(kind: 'se' | 'em' | 'de', value: string): string {
  return `${kind}_${hashOf(value)}`;
}

/** MurmurHash3's way of mixing (public domain, by Austin Appleby) over four words; 22 digits of base64url. */
function hashOf(text: string): string {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef ^ text.length];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x85ebca6b) ^ (b >>> 13);
    b = Math.imul(b ^ code, 0xc2b2ae35) ^ (c >>> 16);
    c = Math.imul(c ^ code, 0x27d4eb2f) ^ (d >>> 15);
    d = Math.imul(d ^ code, 0x165667b1) ^ (a >>> 14);
  }
  a = mixed(a ^ (d >>> 7));
  b = mixed(b ^ a);
  c = mixed(c ^ b);
  d = mixed(d ^ c);
  a = mixed(a ^ d);
  return digitsOf(a) + digitsOf(b) + digitsOf(c) + digitsOf(d).slice(0, 4);
}

function mixed(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** 32 bits in six digits. */
function digitsOf(word: number): string {
  let digits = '';
  for (let shift = 0; shift < 36; shift += 6) digits += DIGITS[(shift < 32 ? word >>> shift : 0) & 63];
  return digits;
}
