/**
 * CSV that a spreadsheet shows and never runs, and that its readers read back.
 */
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/records/csv.ts';
import { inertJson, inertText } from '../../src/records/inert-text.ts';

describe('a cell', () => {
  it.each([
    ['a word', 'a word', '"a word"'],
    ['nothing', null, ''],
    ['a number', -5, '-5'],
    ['a quote', 'say "no"', '"say ""no"""'],
    ['a comma', 'a,b', '"a,b"'],
    ['an equals sign', '=1+1', '"\'=1+1"'],
    ['a plus', '+1', '"\'+1"'],
    ['a minus', '-1+1', '"\'-1+1"'],
    ['an at', '@SUM(A1)', '"\'@SUM(A1)"'],
    ['wide signs', '＝1', '"\'＝1"'],
    ['a formula behind spaces', '  =1', '"\'  =1"'],
    ['a formula behind a quote', '"=1', '"\'""=1"'],
    ['a formula where a semicolon separates', 'a;=1', '"a;\'=1"'],
    ['a formula behind a semicolon and a quote', 'a;"=1', '"a;\'""=1"'],
    ['a tab', '\t=1', '�=1'],
    ['a carriage return', '\r=1', '�=1'],
    ['a line end', 'a\n=1', 'a�=1'],
    ['a NUL', '\0=1', '�=1'],
    ['an escape', '\u001b[31mred', '�[31mred'],
    ['a CSI of eight bits', '\u009b31m', '�31m'],
    ['a turned text', 'a\u202eb', 'a�b'],
    ['a line separator', 'a\u2028=1', 'a�=1'],
    ['half a character', 'a\ud800b', 'a�b'],
  ])('of %s', (_, cell, expected) => {
    expect(csvLine([cell])).toBe(`${expected}\r\n`);
  });
});

describe('every first character', () => {
  it('leaves no cell that begins with what a spreadsheet would run', () => {
    for (let code = 0; code < 0x3000; code++) {
      for (const text of [`${String.fromCharCode(code)}=1+1`, `${String.fromCharCode(code)}1`]) {
        const read = csvLine([text]).replace(/^"(.*)"\r\n$/su, '$1');
        expect([code, /^[=+\-@\t\r\n\0]/.test(read)]).toEqual([code, false]);
      }
    }
  });
});

describe('JSON', () => {
  it.each(['\u0000\u001b[2J', '\u007f\u009b1m', '\u202e\u2066', '\u2028\u2029', '\ufeff\u00ad', '\u{e0041}', '\ud800'])(
    'keeps %j, and shows none of it',
    (text) => {
      const json = inertJson({ [text]: text });
      expect(json).toMatch(/^[ -~]*$/);
      expect(JSON.parse(json)).toEqual({ [text]: text });
    },
  );

  it('leaves what can be seen', () => {
    expect(inertJson(['é', '漢', '😀'])).toBe('["é","漢","😀"]');
    expect(inertText('é 漢 😀')).toBe('é 漢 😀');
  });
});
