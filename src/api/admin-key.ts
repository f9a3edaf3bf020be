/**
 * Who may manage: the bearer of the admin key. Compared as digests, in constant time.
 */
const encoder = new TextEncoder();

/** Whether the request carries the key as `Authorization: Bearer …`. */
export async function bearsKey(headers: Headers, key: string): Promise<boolean> {
  const [, given] = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (given === undefined) return false;
  const [a, b] = await Promise.all([digest(given), digest(key)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

// timingSafeEqual throws on unequal lengths; digests are always of one length.
function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', encoder.encode(text));
}
