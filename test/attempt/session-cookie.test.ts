/**
 * What is signed verifies, and nothing else does: every reading of a session's cookie, with both edges of its ages.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { deriveDigestKey } from '../../src/attempt/card-fingerprint.ts';
import {
  deriveSessionKey,
  readSession,
  SESSION_COOKIE,
  type Session,
  type SessionRules,
  sessionIdentity,
  writeSession,
} from '../../src/attempt/session-cookie.ts';

const NOW = Date.UTC(2026, 10, 22);
const ID = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
const visit: Session = { id: ID, bornAt: NOW - 60_000, issuedAt: NOW - 60_000 };
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let masterKey: CryptoKey;
let rules: SessionRules;

beforeAll(async () => {
  const secret = new TextEncoder().encode('a master key of 32 bytes, made up');
  masterKey = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  rules = { key: await deriveSessionKey(masterKey, 'acme'), minAgeMs: 2_000, maxAgeMs: 3_600_000 };
});

const written = (change: Partial<Session> = {}) => writeSession({ ...visit, ...change }, rules.key);
const read = (value: string, now = NOW) => readSession(`${SESSION_COOKIE}=${value}`, rules, now);
const kindOf = async (value: string, now = NOW) => (await read(value, now)).kind;

it('is read as it was written', async () => {
  const session = { id: ID, bornAt: NOW - 90_000, issuedAt: NOW - 5_000 };
  const value = await writeSession(session, rules.key);
  expect(value).toMatch(/^v1\.[A-Za-z0-9_-]{80}$/);
  expect(await read(value)).toEqual({ kind: 'good', session });
});

it('whatever its times and bytes are', async () => {
  const time = fc.integer({ min: 0, max: NOW - 2_000 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), time, time, async (id, bornAt, issuedAt) => {
      const value = await writeSession({ id, bornAt, issuedAt }, rules.key);
      const reading = await readSession(`${SESSION_COOKIE}=${value}`, { ...rules, maxAgeMs: NOW + 1 }, NOW);
      expect(reading).toEqual({ kind: 'good', session: { id, bornAt, issuedAt } });
    }),
  );
});

describe('no altered cookie verifies', () => {
  it('with any one of its characters changed to any other', async () => {
    const value = await written();
    for (let at = 'v1.'.length; at < value.length; at++) {
      const others = [...BASE64URL].filter((character) => character !== value[at]);
      const altered = others.map((character) => value.slice(0, at) + character + value.slice(at + 1));
      const kinds = new Set(await Promise.all(altered.map((it) => kindOf(it))));
      expect([at, ...kinds]).toEqual([at, 'forged']);
    }
  });

  it('with any of its bits turned', async () => {
    const bytes = Uint8Array.fromBase64((await written()).slice(3), { alphabet: 'base64url' });
    const turns = fc.uniqueArray(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(turns, async (bits) => {
        const altered = Uint8Array.from(bytes);
        for (const bit of bits) altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await kindOf(`v1.${altered.toBase64({ alphabet: 'base64url' })}`)).toBe('forged');
      }),
    );
  });

  it('nor one that was made up', async () => {
    const made = fc.stringMatching(/^v1\.[A-Za-z0-9_-]{80}$/);
    await fc.assert(
      fc.asyncProperty(made, async (value) => {
        expect(await kindOf(value)).toBe('forged');
      }),
    );
    const anything = fc.string({ unit: 'binary', maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        expect(['good', 'young']).not.toContain((await read(value)).kind);
      }),
    );
  });

  it('nor one made of two', async () => {
    const [one, other] = [await written(), await written({ id: ID.toReversed() })];
    for (let at = 4; at < one.length; at++) {
      const mixed = one.slice(0, at) + other.slice(at);
      if (mixed !== one && mixed !== other) expect(await kindOf(mixed)).toBe('forged');
    }
  });

  it.each([
    ['another version', (value: string) => value.replace('v1', 'v2')],
    ['no version', (value: string) => value.slice(3)],
    ['one character less', (value: string) => value.slice(0, -1)],
    ['one character more', (value: string) => `${value}A`],
    ['padding', (value: string) => `${value}=`],
    ['base64 of the other kind', (value: string) => value.replace(/.$/, '+')],
    ['a space within', (value: string) => `${value.slice(0, 40)} ${value.slice(40)}`],
    ['quotes', (value: string) => `"${value}"`],
    ['nothing', () => ''],
    ['the form alone', () => 'v1.'],
    ['very much', (value: string) => value.repeat(500)],
  ])('with %s it is malformed', async (_, alter) => {
    expect(await kindOf(alter(await written()))).toBe('malformed');
  });
});

describe('under another key it is forged', () => {
  it.each([
    ['another merchant’s', () => deriveSessionKey(masterKey, 'acme2')],
    ['the merchant’s own for digests', () => deriveDigestKey(masterKey, 'acme')],
    ['another deployment’s', async () => deriveSessionKey(await otherMaster(), 'acme')],
  ])('%s', async (_, key) => {
    expect(await kindOf(await writeSession(visit, await key()))).toBe('forged');
  });
});

function otherMaster(): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(32), 'HKDF', false, ['deriveKey']);
}

describe('at', () => {
  it.each([
    ['its birth', 0, 0, 'young'],
    ['the end of its youth', 1_999, 1_999, 'young'],
    ['the age that is asked for', 2_000, 2_000, 'good'],
    ['its last moment', 3_599_999, 3_599_999, 'good'],
    ['its end', 3_600_000, 3_600_000, 'stale'],
    ['a year', 365 * 86_400_000, 365 * 86_400_000, 'stale'],
    ['its end, renewed a moment ago', 3_600_000, 1, 'good'],
    ['the clock of another place, a little ahead', -9_999, -9_999, 'young'],
    ['a time to come', -10_001, -10_001, 'future'],
    ['a renewal to come', 60_000, -10_001, 'future'],
    ['a birth to come', -10_001, 60_000, 'future'],
  ])('%s', async (_, age, sinceIssue, kind) => {
    expect(await kindOf(await written({ bornAt: NOW - age, issuedAt: NOW - sinceIssue }))).toBe(kind);
  });

  it('no age is too young where none is asked for', async () => {
    const value = await written({ bornAt: NOW, issuedAt: NOW });
    expect((await readSession(`${SESSION_COOKIE}=${value}`, { ...rules, minAgeMs: 0 }, NOW)).kind).toBe('good');
  });
});

it.each([
  ['no header', () => null],
  ['other cookies', () => 'a=1; b=2'],
  ['another name', (value: string) => `cordon-session=${value}; __Host-cordon-session2=${value}`],
])('is absent with %s', async (_, header) => {
  expect((await readSession(header(await written()), rules, NOW)).kind).toBe('absent');
});

it.each([
  ['itself', (value: string) => value],
  ['another good one', () => written({ id: ID.toReversed() })],
  ['nonsense', () => 'x'],
])('is nobody’s when it comes with %s', async (_, second) => {
  const value = await written();
  const other = await second(value);
  for (const pair of [
    [value, other],
    [other, value],
  ]) {
    const header = pair.map((it) => `${SESSION_COOKIE}=${it}`).join('; a=1; ');
    expect((await readSession(header, rules, NOW)).kind).toBe('doubled');
  }
});

describe('the identity', () => {
  it('is short, keyed, and nothing of the cookie', async () => {
    const [acme, other] = [await deriveDigestKey(masterKey, 'acme'), await deriveDigestKey(masterKey, 'other')];
    const identity = await sessionIdentity(ID.toHex(), acme);
    expect(identity).toMatch(/^se_[A-Za-z0-9_-]{22}$/);
    expect(await sessionIdentity(ID.toHex(), acme)).toBe(identity);
    expect(await sessionIdentity(ID.toHex(), other)).not.toBe(identity);
    expect(await sessionIdentity(ID.toReversed().toHex(), acme)).not.toBe(identity);
    expect(await written()).not.toContain(identity.slice(3));
    expect(identity).not.toContain(ID.toBase64({ alphabet: 'base64url' }).slice(0, 8));
  });
});
