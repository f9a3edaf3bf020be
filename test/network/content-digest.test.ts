/**
 * What is a digest of a body: one spelling each, all that are known right, and none of a kind that proves nothing.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDigestOf, readContentDigest } from '../../src/network/content-digest.ts';
import { digestOf } from '../support/signer.ts';

const BODY = '{"token":"tok_1"}';
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));

async function isRight(field: string, body = BODY): Promise<boolean | string> {
  const reading = readContentDigest(field);
  return reading.kind === 'digests' ? isDigestOf(reading.digests, bytes(body)) : reading.kind;
}

describe('of a body', () => {
  it.each([
    ['sha-256', () => digestOf(BODY), true],
    ['sha-512', () => digestOf(BODY, 'sha-512'), true],
    ['both', async () => `${await digestOf(BODY)}, ${await digestOf(BODY, 'sha-512')}`, true],
    ['both without a space', async () => `${await digestOf(BODY)},${await digestOf(BODY, 'sha-512')}`, true],
    ['one that nobody knows beside it', async () => `md5=:AAAA:, ${await digestOf(BODY)}`, true],
    ['one of two wrong', async () => `${await digestOf('x')}, ${await digestOf(BODY, 'sha-512')}`, false],
    ['the other of two wrong', async () => `${await digestOf(BODY)}, ${await digestOf('x', 'sha-512')}`, false],
    ['of another body', () => digestOf(`${BODY} `), false],
    ['of no body', () => digestOf(''), false],
    ['of another length', async () => (await digestOf(BODY)).replace('sha-256', 'sha-512'), false],
    ['empty', async () => 'sha-256=::', false],
    ['without padding', async () => (await digestOf(BODY)).replace(/=:$/, ':'), false],
    ['in base64url', async () => 'sha-256=:-_-_:', 'malformed'],
    ['in hex', async () => 'sha-256=:zz:', false],
    ['twice', async () => `${await digestOf(BODY)}, ${await digestOf(BODY)}`, 'malformed'],
    ['with a parameter', async () => `${await digestOf(BODY)};x`, 'malformed'],
    ['as a text', async () => 'sha-256="AAAA"', 'malformed'],
    ['as RFC 3230 had it', async () => 'SHA-256=AAAA=', 'malformed'],
    ['in upper case', async () => (await digestOf(BODY)).replace('sha', 'SHA'), 'malformed'],
    ['of kinds that prove nothing', async () => 'md5=:AAAA:, unixsum=:AA==:', 'none_known'],
    ['with the name of a member of objects', async () => 'constructor=:AAAA:', 'none_known'],
    ['nothing', async () => '', 'malformed'],
    ['a comma', async () => `${await digestOf(BODY)},`, 'malformed'],
    ['giant', async () => `${await digestOf(BODY)}, x=:${'A'.repeat(1_024)}:`, 'malformed'],
  ])('%s', async (_, field, expected) => {
    expect(await isRight(await field())).toBe(expected);
  });

  it('is that of no other bytes', async () => {
    const field = await digestOf(BODY);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: BODY.length * 8 - 1 }), async (bit) => {
        const changed = bytes(BODY);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const reading = readContentDigest(field);
        return reading.kind === 'digests' && !(await isDigestOf(reading.digests, changed));
      }),
    );
  });

  it('has one spelling: bits beyond the last byte are refused', async () => {
    const field = await digestOf('spare bits');
    const last = field.at(-3) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const next = alphabet[alphabet.indexOf(last) + 1] ?? '';
    expect(await isRight(field, 'spare bits')).toBe(true);
    expect(await isRight(`${field.slice(0, -3)}${next}${field.slice(-2)}`, 'spare bits')).toBe(false);
  });
});
