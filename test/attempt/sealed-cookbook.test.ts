/**
 * Sealed cards against the JOSE cookbook (RFC 7520). The library that opens them opens its vectors, from the recipient's
 * side and from the sender's, which is how Cordon looks at what the shop will see; and what is not a sealed card is refused.
 */
import { flattenedDecrypt, generalDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { openSealed } from '../../src/attempt/sealed-card.ts';
import { COMPRESSED, EPHEMERAL, KEY_WRAPPED, PEREGRIN, PLAINTEXT, SEVERAL_RECIPIENTS } from './jose-cookbook.ts';

const textOf = ({ plaintext }: { readonly plaintext: Uint8Array }) => new TextDecoder().decode(plaintext);
const { recipients, ...shared } = SEVERAL_RECIPIENTS;
const [, second] = recipients;
const pinned = { keyManagementAlgorithms: ['ECDH-ES+A256KW'] };

describe('the library opens', () => {
  it('5.4, key agreement with key wrapping, and AES-GCM', async () => {
    expect(textOf(await generalDecrypt(structuredClone(KEY_WRAPPED), { ...PEREGRIN }))).toBe(PLAINTEXT);
  });

  it('5.13, the second of several recipients: ECDH-ES+A256KW', async () => {
    const jwe = { ...shared, ...second };
    expect(textOf(await flattenedDecrypt(jwe, { ...PEREGRIN }, pinned))).toBe(PLAINTEXT);
  });

  it('5.13 from the sender’s side: the ephemeral key is the private one, and the recipient’s the public', async () => {
    const { d: _, kid: __, use: ___, ...theirs } = PEREGRIN;
    const jwe = { ...shared, encrypted_key: second?.encrypted_key ?? '', header: { ...second?.header, epk: theirs } };
    expect(textOf(await flattenedDecrypt(jwe, { ...EPHEMERAL }, pinned))).toBe(PLAINTEXT);
  });

  it('and not with a private half of another key, nor for another recipient', async () => {
    const { d: _, kid: __, use: ___, ...theirs } = PEREGRIN;
    const jwe = { ...shared, encrypted_key: second?.encrypted_key ?? '', header: { ...second?.header, epk: theirs } };
    const other = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, true, [
      'deriveBits',
    ])) as CryptoKeyPair;
    await expect(flattenedDecrypt(jwe, other.privateKey, pinned)).rejects.toThrow('decryption operation failed');
    // The platform looks whether both halves belong together.
    await expect(flattenedDecrypt(jwe, { ...EPHEMERAL, d: PEREGRIN.d }, pinned)).rejects.toThrow('Invalid EC key');
  });
});

const rules = { ownKeys: new Map(), originKeys: new Map(), audience: null, maxAgeMs: 300_000 };
it.each([
  ['5.4: another wrapping and cipher, one recipient', KEY_WRAPPED],
  ['5.9: compressed', COMPRESSED],
  ['5.13: three recipients, another cipher, a header that nothing protects', SEVERAL_RECIPIENTS],
])('as a sealed card is refused %s', async (_, jwe) => {
  const opened = await openSealed(JSON.stringify(jwe), rules, { host: 'shop.acme.example', now: Date.now() });
  expect(opened).toEqual({ ok: false, why: { because: 'sealed_card', fault: 'malformed' } });
});
