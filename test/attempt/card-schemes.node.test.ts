/**
 * The table of schemes against the library that it is made of, at every edge of it; and what looking numbers up in it
 * does not cost, however many a body holds.
 */
import creditCardType from 'credit-card-type';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkElsewhere } from '../../src/attempt/card-field.ts';
import { lengthsOfScheme } from '../../src/attempt/card-schemes.ts';
import { readFormFields } from '../../src/attempt/form-body.ts';
import { readJsonFields } from '../../src/attempt/json-body.ts';
import { NOTHING_READ } from '../../src/attempt/reading-rules.ts';

const calls = vi.hoisted(() => ({ lookUps: 0 }));
vi.mock('credit-card-type', async (original) => {
  const { default: real } = await original<{ default: typeof creditCardType }>();
  const counting = (digits: string) => {
    calls.lookUps++;
    return real(digits);
  };
  return { default: Object.assign(counting, real) };
});

const expected = (digits: string) => creditCardType(digits).flatMap(({ lengths }) => lengths);
const LENGTHS = [12, 13, 14, 15, 16, 17, 18, 19];

afterEach(() => {
  calls.lookUps = 0;
});

describe('the best scheme', () => {
  const edges = creditCardType('').flatMap(({ patterns }) =>
    patterns.flatMap((pattern) => (Array.isArray(pattern) ? pattern : [pattern])).map(Number),
  );
  const starts = [...new Set(edges.flatMap((edge) => [edge - 1, edge, edge + 1]))].map(String);

  it('is the library’s at every edge of its table', () => {
    for (const start of starts) {
      for (const length of LENGTHS) {
        for (const filling of ['0', '5', '9']) {
          const digits = start.padEnd(length, filling);
          expect([digits, lengthsOfScheme(digits)]).toEqual([digits, expected(digits)]);
        }
      }
    }
  });

  it('is the library’s for any digits', () => {
    const digits = fc.integer({ min: 12, max: 19 }).chain((length) =>
      fc.oneof(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join('')),
        fc
          .tuple(fc.constantFrom(...starts), fc.nat())
          .map(([start, rest]) => `${start}${rest}`.padEnd(length, '7').slice(0, length)),
      ),
    );
    fc.assert(
      fc.property(digits, (one) => void expect(lengthsOfScheme(one)).toEqual(expected(one))),
      { numRuns: 2_000 },
    );
  });
});

describe('a body of nothing but numbers that might be cards', () => {
  it.each([
    ['one of no scheme', () => '9999999999999995'],
    ['each another', (i: number) => withCheckDigit(`9${String(i).padStart(14, '0')}`)],
    ['times', (i: number) => withCheckDigit(`25010112000${String(i % 60).padStart(2, '0')}00`)],
  ])('asks the library not once: %s', (_, numberAt) => {
    const json = readJsonFields(JSON.stringify({ number: Array.from({ length: 6_500 }, (_, i) => numberAt(i)) }));
    const form = readFormFields(Array.from({ length: 1_000 }, (_, i) => `number[]=${numberAt(i)}`).join('&'));
    for (const fields of [json, form]) {
      if (!fields.ok) throw new Error(fields.why.because);
      expect(checkElsewhere(fields.value, NOTHING_READ).ok).toBe(true);
    }
    expect(calls.lookUps).toBe(0);
  });
});

function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
