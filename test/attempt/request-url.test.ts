/**
 * A plain URL read without a parser is what a parser says, whatever it is made of.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readUrl } from '../../src/attempt/request-url.ts';

const PARTS = ['protocol', 'hostname', 'pathname', 'search', 'href'] as const;
const partsOf = (url: ReturnType<typeof readUrl>) => PARTS.map((part) => url[part]);
const agrees = (text: string) => expect(partsOf(readUrl(text))).toEqual(partsOf(new URL(text)));

it.each([
  ['https://shop.acme.example/api/pay', true],
  ['https://shop.acme.example/products/1/', true],
  ['https://shop.acme.example/pay.php', true],
  ['https://shop.acme.example', false],
  ['https://shop.acme.example/', false],
  ['http://shop.acme.example/api/pay', false],
  ['https://Shop.acme.example/api/pay', false],
  ['https://shop.acme.example./api/pay', false],
  ['https://shop.acme.example:443/api/pay', false],
  ['https://shop.acme.example:8443/api/pay', false],
  ['https://xn--80ak6aa92e.example/pay', false],
  ['https://0x7f.1/pay', false],
  ['https://user@shop.acme.example/pay', false],
  ['https://shop.acme.example/api//pay', false],
  ['https://shop.acme.example/x/../api/pay', false],
  ['https://shop.acme.example/./pay', false],
  ['https://shop.acme.example/%2e%2e/pay', false],
  ['https://shop.acme.example/api\\pay', false],
  ['https://shop.acme.example/pay?', false],
  ['https://shop.acme.example/pay?a=b', false],
  ['https://shop.acme.example/pay#x', false],
  ['https://shop.acme.example/pay\n', false],
])('%s', (text, isPlain) => {
  agrees(text);
  expect(!(readUrl(text) instanceof URL)).toBe(isPlain);
});

it('agrees with a parser about anything else', () => {
  const piece = fc.constantFrom(
    'a',
    'B',
    '0',
    'x',
    'xn--',
    '.',
    '..',
    '/',
    '//',
    '\\',
    '%2e',
    '~',
    '-',
    '_',
    ':',
    '@',
    '?',
    '#',
    ' ',
    '\t',
    'é',
  );
  const host = fc.array(fc.constantFrom('a', 'b1', '0', '0x1', 'xn--a', '-', '.', 'A'), { maxLength: 5 });
  fc.assert(
    fc.property(host, fc.array(piece, { maxLength: 8 }), (labels, pieces) => {
      const text = `https://${labels.join('')}.example/${pieces.join('')}`;
      if (URL.canParse(text)) agrees(text);
      else expect(() => readUrl(text)).toThrow();
    }),
    { numRuns: 2_000 },
  );
});
