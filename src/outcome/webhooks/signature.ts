/**
 * Whether a webhook was signed with one of the secrets. Compared by WebCrypto itself, in constant time.
 */
export type HmacHash = 'SHA-1' | 'SHA-256' | 'SHA-512';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Signed {
  readonly hash: HmacHash;
  readonly text: Bytes;
  /** Any of these may be the one. */
  readonly signatures: readonly Bytes[];
}

const encoder = new TextEncoder();

/** Whether one of the keys made one of the signatures. A key without bytes signs nothing. */
export async function isSignedByAny(keys: readonly Bytes[], { hash, text, signatures }: Signed): Promise<boolean> {
  for (const bytes of keys) {
    if (bytes.byteLength === 0) continue;
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['verify']);
    for (const signature of signatures) {
      if (await crypto.subtle.verify('HMAC', key, signature, text)) return true;
    }
  }
  return false;
}

export function bytesOfText(text: string): Bytes {
  return new Uint8Array(encoder.encode(text));
}

/** Null for what is not hexadecimal. */
export function bytesOfHex(hex: string): Bytes | null {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return null;
  const pairs: readonly string[] = hex.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** Null for what is not Base64; white space, which some senders break long lines with, is passed over. */
export function bytesOfBase64(base64: string): Bytes | null {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
