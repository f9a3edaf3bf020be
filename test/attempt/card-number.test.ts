/**
 * A card number as it is typed, its check digit and its BIN. Only public test numbers.
 */
import { describe, expect, it } from 'vitest';
import { binOf, isLuhnValid, parseCardNumber } from '../../src/attempt/card-number.ts';

describe('reads the same digits however they are typed', () => {
  it.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242 4242-4242 4242',
    '42 42424242 42424-2',
    '4-2-4-2-4-2-4-2-4-2-4-2-4-2-4-2',
  ])('%s', (typed) => {
    expect(parseCardNumber(typed)).toBe('4242424242424242');
  });

  it.each([
    ['12 digits', '123456789012'],
    ['13 digits', '4222222222222'],
    ['14 digits', '30569309025904'],
    ['15 digits', '378282246310005'],
    ['19 digits', '6304000000000000000'],
    ['a number that fails its check digit', '4242424242424241'],
    ['leading zeros', '0000424242424242'],
  ])('takes %s', (_, typed) => {
    expect(parseCardNumber(typed)).toBe(typed);
  });
});

describe('reads nothing else', () => {
  it.each([
    ['11 digits', '42424242424'],
    ['11 digits with separators', '4242 4242 424'],
    ['20 digits', '42424242424242424242'],
    ['two spaces', '4242  4242 4242 4242'],
    ['space and hyphen', '4242 -4242 4242 4242'],
    ['a leading space', ' 4242424242424242'],
    ['a trailing space', '4242424242424242 '],
    ['a leading hyphen', '-4242424242424242'],
    ['a trailing line break', '4242424242424242\n'],
    ['tabs', '4242\t4242\t4242\t4242'],
    ['dots', '4242.4242.4242.4242'],
    ['no-break spaces', '4242\u00a04242\u00a04242\u00a04242'],
    ['non-breaking hyphens', '4242\u20114242\u20114242\u20114242'],
    ['full-width digits', '４２４２４２４２４２４２４２４２'],
    ['Arabic-Indic digits', '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢'],
    ['a zero-width space', '42424242\u200b42424242'],
    ['a letter', '4242424242424242x'],
    ['a NUL', '4242424242424242\0'],
    ['a plus', '+4242424242424242'],
    ['an exponent', '4.242424242424242e15'],
    ['two numbers', '4242424242424242,5555555555554444'],
    ['two lines', '4242424242424242\n5555555555554444'],
    ['nothing', ''],
    ['separators alone', ' - - '],
  ])('%s', (_, typed) => {
    expect(parseCardNumber(typed)).toBeNull();
  });
});

describe('the check digit', () => {
  const valid = [
    '4242424242424242',
    '4000056655665556',
    '5555555555554444',
    '2223003122003222',
    '378282246310005',
    '6011111111111117',
    '3056930009020004',
    '30569309025904',
    '36227206271667',
    '3566002020360505',
    '6200000000000005',
    '4222222222222',
  ];

  it.each(valid)('holds for %s', (digits) => {
    expect(isLuhnValid(digits)).toBe(true);
  });

  it.each(valid)('fails for %s with any one digit changed', (digits) => {
    const changed = [...digits].map(
      (digit, i) => digits.slice(0, i) + ((Number(digit) + 1) % 10) + digits.slice(i + 1),
    );
    expect(changed.filter(isLuhnValid)).toEqual([]);
  });

  it('fails for two neighbours swapped', () => {
    expect(isLuhnValid('5555555555554444')).toBe(true);
    expect(isLuhnValid('5555555555545444')).toBe(false);
  });
});

it('keeps the first six digits as the BIN, whatever the length', () => {
  expect(binOf('4242424242424242')).toBe('424242');
  expect(binOf('378282246310005')).toBe('378282');
  expect(binOf('123456789012')).toHaveLength(6);
});
