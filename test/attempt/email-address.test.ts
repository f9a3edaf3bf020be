/**
 * How most e-mail addresses are written is read the short way: it must come to what the long way comes to, which a space
 * before the address leads to.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEmail } from '../../src/attempt/email-address.ts';

const piece = fc.constantFrom(
  ...[
    'a',
    'b2',
    '-',
    '--',
    '.',
    '..',
    '+',
    '+tag',
    '_',
    '@',
    'xn--',
    'xn--p1ai',
    'xn--a',
    '0x1f',
    '123',
    'com',
    'example',
    "'",
  ],
  ...['gmail.com', 'googlemail.com', 'A', 'ß', 'é', ' ', '\u00ad', '/', '%41', 'a'.repeat(40)],
);
const pieces = (maxLength: number) => fc.array(piece, { maxLength }).map((all) => all.join(''));
const written = fc.tuple(pieces(4), fc.constantFrom('@', '@', '@', ''), pieces(5)).map((all) => all.join(''));

it('an address is read alike by the short way and by the long one', () => {
  fc.assert(
    fc.property(written, (text) => {
      expect(readEmail(text)).toEqual(readEmail(` ${text}`));
    }),
    { numRuns: 5_000 },
  );
});

it.each([
  ['payer@example.com', { address: 'payer@example.com', domain: 'example.com' }],
  ['j.o.e+shop@googlemail.com', { address: 'joe@gmail.com', domain: 'gmail.com' }],
  [`${'a'.repeat(64)}@example.com`, { address: `${'a'.repeat(64)}@example.com`, domain: 'example.com' }],
  [`${'a'.repeat(65)}@example.com`, null],
  [`a@${'b'.repeat(63)}.com`, { address: `a@${'b'.repeat(63)}.com`, domain: `${'b'.repeat(63)}.com` }],
  [`a@${'b'.repeat(64)}.com`, null],
  [
    `a@${'b23456789.'.repeat(25)}com`,
    { address: `a@${'b23456789.'.repeat(25)}com`, domain: `${'b23456789.'.repeat(25)}com` },
  ],
  [`a@${'b23456789.'.repeat(25)}comm`, null],
  ['+tag@example.com', null],
  ['a@example.0x1f', null],
  ['a@example.123', null],
  ['a@xn--.com', null],
  ['a@localhost', null],
])('%s', (text, read) => {
  expect(readEmail(text)).toEqual(read);
});
