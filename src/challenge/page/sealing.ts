/**
 * Seals a payment for two (RFC 7516, general JSON serialization; ECDH-ES+A256KW and A256GCM of RFC 7518), by the browser's
 * own cryptography. Inside goes the private half of the shop's ephemeral key: by it Cordon can do what the shop will do.
 */
const ALG = 'ECDH-ES+A256KW';
const ENC = 'A256GCM';
const P256 = { name: 'ECDH', namedCurve: 'P-256' } as const;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 16;

export interface RecipientKey {
  readonly kid: string;
  readonly x: string;
  readonly y: string;
}

export interface Sealing {
  readonly own: RecipientKey;
  readonly shop: RecipientKey;
  readonly audience: string;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly lifeSeconds: number;
}

/** The body to send, as `application/jose+json`. */
export async function sealPayment(
  payment: object,
  { own, shop, audience, now, lifeSeconds }: Sealing,
): Promise<string> {
  const { subtle } = crypto;
  const key = (await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt'])) as CryptoKey;
  const [forOwn, forShop] = await Promise.all([wrapFor(own, key), wrapFor(shop, key)]);
  const jti = base64url(random(ID_BYTES));
  const claims = { aud: audience, iat: now, exp: now + lifeSeconds, jti, proof: forShop.secret, payment };
  const header = base64url(utf8(JSON.stringify({ alg: ALG, enc: ENC })));
  const iv = random(IV_BYTES);
  const terms = { name: 'AES-GCM', iv, additionalData: utf8(header) };
  const whole = new Uint8Array(await subtle.encrypt(terms, key, utf8(JSON.stringify(claims))));
  return JSON.stringify({
    protected: header,
    recipients: [forOwn.recipient, forShop.recipient],
    iv: base64url(iv),
    ciphertext: base64url(whole.subarray(0, -TAG_BYTES)),
    tag: base64url(whole.subarray(-TAG_BYTES)),
  });
}

/** The content key for one recipient, under an ephemeral key of its own. */
async function wrapFor({ kid, x, y }: RecipientKey, content: CryptoKey) {
  const { subtle } = crypto;
  const theirs = await subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y }, P256, false, []);
  const mine = (await subtle.generateKey(P256, true, ['deriveBits'])) as CryptoKeyPair;
  const jwk = (await subtle.exportKey('jwk', mine.privateKey)) as JsonWebKey;
  const agreement = { name: 'ECDH', public: theirs } as Parameters<SubtleCrypto['deriveBits']>[0];
  const shared = await subtle.deriveBits(agreement, mine.privateKey, 256);
  const wrapping = await subtle.importKey('raw', await concatKdf(shared), 'AES-KW', false, ['wrapKey']);
  const wrapped = await subtle.wrapKey('raw', content, wrapping, 'AES-KW');
  const epk = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y };
  return { secret: jwk.d, recipient: { header: { kid, epk }, encrypted_key: base64url(new Uint8Array(wrapped)) } };
}

/** One round of it gives the 256 bits (RFC 7518, section 4.6.2): no PartyUInfo, no PartyVInfo. */
function concatKdf(shared: ArrayBuffer): Promise<ArrayBuffer> {
  const name = utf8(ALG);
  const words = (value: number) => [0, 0, value >> 8, value & 255];
  const input = [words(1), new Uint8Array(shared), words(name.length), name, words(0), words(0), words(256)];
  return crypto.subtle.digest('SHA-256', new Uint8Array(input.flatMap((part) => [...part])));
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
