/**
 * Seals payments as an attacker can: every part by itself, so that each may be another. Written after RFC 7516 and RFC 7518
 * alone; that what it makes by default is what others read is seen in test/attempt/sealed-interop.node.test.ts.
 */
import { exports } from 'cloudflare:workers';
import { pay, type Try } from './shopper.ts';

export interface Point {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}
export interface Published extends Point {
  readonly kid: string;
  readonly use: string;
}
export interface Pair {
  readonly jwk: Point & { readonly kid: string };
  readonly privateKey: CryptoKey;
}

const P256 = { name: 'ECDH', namedCurve: 'P-256' };
const ALG = 'ECDH-ES+A256KW';
const encoder = new TextEncoder();
/** The text in UTF-8. */
export const utf8 = (text: string) => encoder.encode(text) as Uint8Array<ArrayBuffer>;
export const SEALED_TYPE = 'application/jose+json';

export const base64url = (bytes: Uint8Array | string) =>
  (typeof bytes === 'string' ? encoder.encode(bytes) : bytes).toBase64({ alphabet: 'base64url', omitPadding: true });
export const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

/** A shop's key pair. */
export async function makePair(kid: string): Promise<Pair> {
  const { publicKey, privateKey } = (await crypto.subtle.generateKey(P256, true, ['deriveBits'])) as CryptoKeyPair;
  const { x = '', y = '' } = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey;
  return { jwk: { kty: 'EC', crv: 'P-256', x, y, kid }, privateKey };
}

/** A merchant's keys for sealing, as a page gets them: Cordon's first. */
export async function publishedBy(host: string): Promise<readonly [Published, Published, ...Published[]]> {
  const answer = await exports.default.fetch(`https://${host}/.cordon/jwks.json`);
  const { keys } = (await answer.json()) as { keys: readonly Published[] };
  const sealing = keys.filter(({ use }) => use === 'enc');
  const own = sealing.filter(({ kid }) => kid.startsWith('cordon.'));
  return [...own.slice(0, 1), ...sealing.filter(({ kid }) => !kid.startsWith('cordon.')), ...own.slice(1)] as never;
}

/** What goes into a seal; whatever is left out is as it should be. */
export interface Parts {
  readonly own: Published;
  readonly origin: Point & { readonly kid: string };
  readonly payment?: unknown;
  /** Replace or add members beside `payment`; undefined leaves one out. */
  readonly claims?: Record<string, unknown>;
  /** Of the whole plaintext. */
  readonly text?: (text: string) => string;
  readonly protectedHeader?: string;
  /** The content key that the shop's recipient holds. */
  readonly originCek?: Uint8Array<ArrayBuffer>;
  readonly cek?: Uint8Array<ArrayBuffer>;
  readonly iv?: Uint8Array<ArrayBuffer>;
  /** Replaces what has been encrypted. */
  readonly ciphertext?: Uint8Array<ArrayBuffer>;
  readonly tag?: Uint8Array<ArrayBuffer>;
}

export interface Jwe {
  protected: string;
  recipients: { header: Record<string, unknown>; encrypted_key: string }[];
  iv: string;
  ciphertext: string;
  tag: string;
}

export const PINNED_HEADER = JSON.stringify({ alg: ALG, enc: 'A256GCM' });
export const PAYMENT = { card: { number: '4242424242424242', cvc: '123' }, amount: 1999 };

export async function seal(parts: Parts): Promise<Jwe> {
  const { own, origin, cek = random(32), originCek = cek, iv = random(12) } = parts;
  const [forOwn, forOrigin] = [await wrapFor(own, cek), await wrapFor(origin, originCek)];
  const text = (parts.text ?? ((same) => same))(plaintextOf(parts, forOrigin.secret));
  const header = base64url(parts.protectedHeader ?? PINNED_HEADER);
  const whole = await encrypt(utf8(text), { cek, iv, aad: utf8(header) });
  const { ciphertext = whole.slice(0, -16), tag = whole.slice(-16) } = parts;
  return {
    protected: header,
    recipients: [forOwn.recipient, forOrigin.recipient],
    iv: base64url(iv),
    ciphertext: base64url(ciphertext),
    tag: base64url(tag),
  };
}

export function plaintextOf(
  { payment = PAYMENT, claims = {} }: Pick<Parts, 'payment' | 'claims'>,
  proof: string,
): string {
  const iat = Math.floor(Date.now() / 1000);
  const usual = { aud: 'shop.acme.example', iat, exp: iat + 240, jti: base64url(random(16)), proof };
  return JSON.stringify({ ...usual, ...claims, payment });
}

export async function encrypt(
  text: Uint8Array<ArrayBuffer>,
  { cek, iv, aad }: Record<'cek' | 'iv' | 'aad', Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', cek, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: aad }, key, text));
}

/** The content key for one recipient (RFC 7518, section 4.6), and the private half of its ephemeral key. */
export async function wrapFor(
  { kid, ...point }: Point & { kid: string; use?: string; alg?: string },
  cek: Uint8Array<ArrayBuffer>,
) {
  const { kty, crv, x, y } = point;
  const theirs = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, P256, false, []);
  const mine = (await crypto.subtle.generateKey(P256, true, ['deriveBits'])) as CryptoKeyPair;
  const secret = (await crypto.subtle.exportKey('jwk', mine.privateKey)) as JsonWebKey;
  const agreement = { name: 'ECDH', public: theirs } as unknown as SubtleCryptoDeriveKeyAlgorithm;
  const shared = new Uint8Array(await crypto.subtle.deriveBits(agreement, mine.privateKey, 256));
  const kek = await crypto.subtle.importKey('raw', await concatKdf(shared), 'AES-KW', false, ['wrapKey']);
  const wrapped = await crypto.subtle.importKey('raw', cek, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
  const encryptedKey = new Uint8Array(await crypto.subtle.wrapKey('raw', wrapped, kek, 'AES-KW'));
  const epk = { kty: 'EC', crv: 'P-256', x: secret.x, y: secret.y };
  return { secret: secret.d ?? '', recipient: { header: { kid, epk }, encrypted_key: base64url(encryptedKey) } };
}

async function concatKdf(shared: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const name = encoder.encode(ALG);
  const parts = [[0, 0, 0, 1], shared, [0, 0, 0, name.length], name, [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]];
  const input = new Uint8Array(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', input));
}

/** One attempt with this body. */
export function paySealed(jwe: Jwe | string, attempt: Try = {}): Promise<Response> {
  const body = typeof jwe === 'string' ? jwe : JSON.stringify(jwe);
  return pay({ body, ...attempt, headers: { 'content-type': SEALED_TYPE, ...attempt.headers } });
}

/** A merchant whose route of payments takes sealed bodies, for the shop that has these keys. */
export function sealedShop(keys: readonly Pair[], change: Record<string, unknown> = {}): Record<string, unknown> {
  const route = {
    name: 'pay',
    match: { methods: ['POST'], path: '/api/pay' },
    body: 'sealed',
    fields: { card_number: '/card/number', amount: '/amount', currency: '/currency', email: '/email' },
    outcome: {
      failed: [{ status: [402] }],
      succeeded: [{ status: [200], json: { '/status': ['succeeded'] } }],
      decline_reason: '/error/decline_code',
    },
  };
  return { routes: [route], sealed: { origin_keys: keys.map(({ jwk }) => jwk) }, ...change };
}
