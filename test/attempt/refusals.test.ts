/**
 * A refusal names a field, and a payer may choose a field's name: no card number in it is ever repeated, for what a
 * refusal says goes to the client and into the log.
 */
import { describe, expect, it } from 'vitest';
import { readFormFields } from '../../src/attempt/form-body.ts';
import { readJsonFields } from '../../src/attempt/json-body.ts';
import { describeUnreadable } from '../../src/attempt/unreadable-words.ts';
import { readCardNumber } from './card-number-at.ts';

const CARD = '5555555555554444';
const DIGITS = /5\D?5\D?5\D?5\D?5\D?5\D?5\D?5/;

describe('repeats no card number that stands in a name', () => {
  it.each([
    ['of a form, twice', () => readFormFields(`${CARD}=1&${CARD}=2`)],
    ['of a form, twice, in brackets', () => readFormFields(`a[5555-5555-5555-4444]=1&a[5555-5555-5555-4444]=2`)],
    ['of a JSON object, twice', () => readJsonFields(`{"${CARD}":1,"${CARD}":2}`)],
    ['of an inexact number', () => readJsonFields(`{"${CARD}":9007199254740993}`)],
    ['beside the card field', () => readCardNumber(new Map([[`/${CARD}`, 'x']]), '/card/number')],
    [
      'beside the card field, with spaces',
      () => readCardNumber(new Map([['/5555 5555 5555 4444', 'x']]), '/card/number'),
    ],
    [
      'beside the card field, with hyphens',
      () => readCardNumber(new Map([['/5555-5555-5555-4444', 'x']]), '/card/number'),
    ],
    ['of a field that holds another one', () => readCardNumber(new Map([['/5555 5555 5555 4444/x', CARD]]), undefined)],
  ])('%s', (_, read) => {
    const refused = read();
    expect(refused.ok).toBe(false);
    if (!refused.ok) expect(describeUnreadable(refused.why)).not.toMatch(DIGITS);
  });
});

// A document that holds a whole number in a name is refused as such; what is shorter may still be most of one.
describe('repeats no card number that a GraphQL request made a name', () => {
  const name = `_${CARD}`;
  it.each([
    { because: 'graphql_in_url', field: name },
    { because: 'graphql_member', field: `/${name}` },
    { because: 'graphql_defined_twice', name },
    { because: 'graphql_undefined', name },
    { because: 'graphql_conflict', field: `a.${name}` },
    { because: 'graphql_directive', name },
  ] as const)('$because', (why) => {
    expect(describeUnreadable(why)).not.toMatch(DIGITS);
  });
});

it('repeats no value', () => {
  const fields = new Map([['/card/number', `${CARD}x`]]);
  const refused = readCardNumber(fields, '/card/number');
  expect(refused).toEqual({ ok: false, why: { because: 'invalid_card_number', field: '/card/number' } });
});
