/**
 * The bare floors' HMAC: of a card number, under a key that is derived and imported once an isolate, as Cordon's is.
 */
const encoder = new TextEncoder();
let key: Promise<CryptoKey> | null = null;

export async function fingerprint(number: string): Promise<string> {
  key ??= deriveKey();
  const mac = await crypto.subtle.sign('HMAC', await key, encoder.encode(number));
  return new Uint8Array(mac).toHex();
}

async function deriveKey(): Promise<CryptoKey> {
  const master = await crypto.subtle.importKey('raw', encoder.encode('the floor'), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode('acme') };
  return crypto.subtle.deriveKey(derivation, master, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
}
