/**
 * A body that its payer carries: opens at the URL that it was sent to, for its merchant, in time, and unaltered.
 */
import { describe, expect, it } from 'vitest';
import {
  deriveSealKey,
  openBody,
  SEALED_LIMIT_BYTES,
  type SealedBody,
  sealBody,
} from '../../src/step-up/sealed-body.ts';
import { masterKey } from '../support/passes.ts';

const NOW = Date.parse('2026-11-01T12:00:00Z');
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const sealed: SealedBody = {
  merchant: 'acme',
  evaluation: 'ev_1',
  method: 'POST',
  place: '/pay?order=7',
  contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  expiresAt: NOW + 60_000,
  body: bytes('number=4242424242424242&note=a%0Ab\n{}'),
};
const here = { merchant: 'acme', method: 'POST', place: '/pay?order=7', now: NOW };
const keyOf = async (merchant = 'acme') => deriveSealKey(await masterKey(), merchant);
const seal = async (change: Partial<SealedBody> = {}) =>
  (await sealBody({ ...sealed, ...change }, await keyOf())) ?? '';

it('opens as it was, byte for byte', async () => {
  const opened = await openBody(await seal(), await keyOf(), here);
  expect(opened).toEqual({ kind: 'opened', sealed });
});

it('says nothing to anybody else, nor twice the same', async () => {
  const [one, other] = [await seal(), await seal()];
  expect(one).not.toBe(other);
  const parts = one.split('.');
  expect(atob(parts[0] ?? '')).toBe('{"alg":"dir","enc":"A256GCM"}');
  expect(parts[1]).toBe('');
});

describe('does not open', () => {
  it.each<[string, Partial<typeof here>, string]>([
    ['at another path', { place: '/pay/more' }, 'elsewhere'],
    ['with another query', { place: '/pay?order=8' }, 'elsewhere'],
    ['by another method', { method: 'PUT' }, 'elsewhere'],
    ['when its time is over', { now: NOW + 60_000 }, 'expired'],
    ['for another merchant under the same key', { merchant: 'other' }, 'altered'],
  ])('%s', async (_, change, kind) => {
    expect(await openBody(await seal(), await keyOf(), { ...here, ...change })).toEqual({ kind });
  });

  it('under the key of another merchant', async () => {
    expect(await openBody(await seal(), await keyOf('other'), here)).toEqual({ kind: 'altered' });
  });

  it('when any character of it is another', async () => {
    const token = await seal({ body: bytes('n=4') });
    const key = await keyOf();
    const opened: number[] = [];
    for (let at = 0; at < token.length; at++) {
      const bent = `${token.slice(0, at)}${token[at] === 'A' ? 'Q' : 'A'}${token.slice(at + 1)}`;
      if ((await openBody(bent, key, here)).kind === 'opened') opened.push(at);
    }
    // The last of a part holds bits that nobody reads; another spelling of the same is the same.
    expect(opened.filter((at) => token[at + 1] !== '.' && at !== token.length - 1)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['no token', 'x'],
    ['another form', 'a.b.c.d.e'],
    [
      'a key that was wrapped',
      'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA',
    ],
    [
      'compressed',
      `${btoa('{"alg":"dir","enc":"A256GCM","zip":"DEF"}')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
    ],
  ])('for %s', async (_, token) => {
    expect(await openBody(token, await keyOf(), here)).toEqual({ kind: 'altered' });
  });
});

it('is not made of what is too large, and what is made can be sent', async () => {
  const of = (length: number) => seal({ body: new Uint8Array(length).fill(0x61) });
  expect(await of(SEALED_LIMIT_BYTES)).toBe('');
  const largest = await of(SEALED_LIMIT_BYTES - 1_000);
  expect(largest.length).toBeGreaterThan(100_000);
  expect(largest.length).toBeLessThan(128 * 1024 - 5_000);
});
