/**
 * Cards as keyed fingerprints: the same under one key, unrelated under any other, and never the number itself.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { deriveFingerprintKeys, fingerprintCard } from '../../src/attempt/card-fingerprint.ts';
import { parseCardNumber } from '../../src/attempt/card-number.ts';

const CARD = '4242424242424242';
let masterKey: CryptoKey;

beforeAll(async () => {
  masterKey = await masterKeyOf('a master key of 32 bytes, made up');
});

function masterKeyOf(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new TextEncoder().encode(text), 'HKDF', false, ['deriveKey']);
}

async function fingerprintOf(digits: string, { merchant = 'acme', version = 1, master = masterKey } = {}) {
  return fingerprintCard(digits, await deriveFingerprintKeys(master, merchant, version));
}

describe('is the same', () => {
  it('each time it is asked for', async () => {
    expect(await fingerprintOf(CARD)).toEqual(await fingerprintOf(CARD));
  });

  it.each(['4242 4242 4242 4242', '4242-4242-4242-4242', '42 42-4242 42424242'])(
    'for the number typed as %s',
    async (typed) => {
      expect(await fingerprintOf(parseCardNumber(typed) ?? '')).toEqual(await fingerprintOf(CARD));
    },
  );
});

describe('is another one', () => {
  it.each([
    ['for another card', () => fingerprintOf('5555555555554444')],
    ['for the same digits and one more', () => fingerprintOf(`${CARD}0`)],
    ['for another merchant', () => fingerprintOf(CARD, { merchant: 'acme2' })],
    ['for another version of the key', () => fingerprintOf(CARD, { version: 2 })],
    [
      'under another master key',
      async () => fingerprintOf(CARD, { master: await masterKeyOf('another one of the same length...') }),
    ],
  ])('%s', async (_, other) => {
    expect((await other()).fingerprint).not.toBe((await fingerprintOf(CARD)).fingerprint);
  });

  it('for no two of many cards', async () => {
    const keys = await deriveFingerprintKeys(masterKey, 'acme', 1);
    const cards = Array.from({ length: 200 }, (_, i) => `424242${String(i).padStart(10, '0')}`);
    const fingerprints = await Promise.all(cards.map((digits) => fingerprintCard(digits, keys)));
    expect(new Set(fingerprints.map(({ fingerprint }) => fingerprint)).size).toBe(cards.length);
  });

  it('for a merchant whose id ends as the version of another begins', async () => {
    const one = await fingerprintOf(CARD, { merchant: 'acme1', version: 1 });
    const other = await fingerprintOf(CARD, { merchant: 'acme', version: 11 });
    expect(one.fingerprint).not.toBe(other.fingerprint);
    expect(other.formerFingerprints).not.toContain(one.fingerprint);
  });
});

describe('during a rotation', () => {
  it('has no former fingerprint under the first key', async () => {
    expect((await fingerprintOf(CARD, { version: 1 })).formerFingerprints).toEqual([]);
  });

  it.each([2, 3, 10])('brings the fingerprint of the key before version %i', async (version) => {
    const before = await fingerprintOf(CARD, { version: version - 1 });
    const now = await fingerprintOf(CARD, { version });
    expect(now.formerFingerprints).toEqual([before.fingerprint]);
    expect(now.fingerprint).not.toBe(before.fingerprint);
  });
});

describe('gives nothing away', () => {
  it('holds neither the number nor any long part of it', async () => {
    const { fingerprint, formerFingerprints } = await fingerprintOf(CARD, { version: 2 });
    for (const text of [fingerprint, ...formerFingerprints]) {
      expect(text).toMatch(/^fp_[\w-]{43}$/);
      expect(text).not.toContain(CARD.slice(0, 8));
    }
  });

  it('keeps no more of the number than the eight that name its issuer', async () => {
    const card = await fingerprintOf('5555555555554444');
    expect(card.bin).toBe('555555');
    expect(card.issuer).toBe('55555555');
    expect(JSON.stringify(card)).not.toContain('555555555');
  });

  it('derives keys that cannot be exported', async () => {
    const [key] = await deriveFingerprintKeys(masterKey, 'acme', 1);
    expect(key.extractable).toBe(false);
    expect(key.usages).toEqual(['sign']);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });
});
