/**
 * One card number, in its place and nowhere else: everything an origin could take for another one is refused.
 */
import { describe, expect, it } from 'vitest';
import { checkQuery as checkQueryBy } from '../../src/attempt/card-field.ts';
import type { Scalar } from '../../src/attempt/fields.ts';
import { numberRules, readCardNumber } from './card-number-at.ts';

const CARD = '4242424242424242';
const OTHER = '5555555555554444';
const AT = '/card/number';

const baseline: Record<string, Scalar> = {
  [AT]: CARD,
  '/card/cvc': '123',
  '/card/expiry': '12/29',
  '/amount': 1999,
  '/currency': 'EUR',
  '/email': 'a@example.com',
  '/saved': false,
  '/note': null,
};

const checkQuery = (query: URLSearchParams, pointer: string) => checkQueryBy(query, numberRules(pointer));

function read(change: Record<string, Scalar> = {}, pointer: string | undefined = AT) {
  return readCardNumber(new Map(Object.entries({ ...baseline, ...change })), pointer);
}

describe('reads the card', () => {
  it.each([
    ['as text', CARD],
    ['as a number', Number(CARD)],
    ['with spaces', '4242 4242 4242 4242'],
    ['with hyphens', '4242-4242-4242-4242'],
  ])('%s', (_, typed) => {
    expect(read({ [AT]: typed })).toEqual({ ok: true, value: CARD });
  });

  it('although it fails its check digit: that is the processor’s to decline', () => {
    expect(read({ [AT]: '4242424242424241' })).toEqual({ ok: true, value: '4242424242424241' });
  });

  it.each([
    ['another field with the same ending', { '/order/number': 'A-17' }],
    ['a field below a similar name', { '/card/number_of_items': 2 }],
    ['the BIN and the last four', { '/card/bin': '424242', '/card/last4': '4242' }],
    ['a phone and a time', { '/phone': '+31 20 1234567', '/at': 1_763_770_000_000 }],
    ['a UUID and a token', { '/id': '550e8400-e29b-41d4-a716-446655440000', '/token': 'tok_1a2b3c4d5e6f' }],
  ])('beside %s', (_, change) => {
    expect(read(change)).toEqual({ ok: true, value: CARD });
  });

  it('of none where the route has no card field', () => {
    expect(readCardNumber(new Map([['/token', 'tok_1']]), undefined)).toEqual({ ok: true, value: null });
  });
});

describe('refuses a card field', () => {
  it.each([
    ['that is missing', new Map<string, Scalar>([['/amount', 1]])],
    ['that is empty', new Map<string, Scalar>([[AT, '']])],
    ['that is null', new Map<string, Scalar>([[AT, null]])],
    ['that is true', new Map<string, Scalar>([[AT, true]])],
    ['in an empty body', new Map<string, Scalar>()],
  ])('%s', (_, fields) => {
    expect(readCardNumber(fields, AT)).toEqual({ ok: false, why: { because: 'missing', field: AT } });
  });

  it.each([
    '42424242424',
    '4242  4242 4242 4242',
    ` ${CARD}`,
    'tok_visa',
    `${CARD}x`,
    `${CARD},${OTHER}`,
    1e300,
    -4242424242424242,
    0,
  ])('that holds %s', (typed) => {
    expect(read({ [AT]: typed })).toEqual({ ok: false, why: { because: 'invalid_card_number', field: AT } });
  });
});

describe('refuses the field under another spelling, whatever it holds', () => {
  it.each([
    '/Card/Number',
    '/card/NUMBER',
    '/card_number',
    '/cardNumber',
    '/card-number',
    '/card.number',
    '/card number',
    '/card/ number',
    '/card/number ',
    '/card/number\0',
    '/card/number/',
    '/card/num\u200bber',
    '/ｃard/number',
    '/card/\ufeffnumber',
    '/card~1number',
    '/card[number',
    '/card\u00ad/number',
    '/CARD/ＮＵＭＢＥＲ',
  ])('%j', (field) => {
    expect(read({ [field]: 'x' })).toEqual({ ok: false, why: { because: 'second_card_field', field } });
  });
});

describe('refuses a card number elsewhere', () => {
  it.each([
    ['in another field', '/payment/pan', OTHER],
    ['as a number', '/payment/pan', Number(OTHER)],
    ['the same one', '/copy', CARD],
    ['with spaces', '/x', '5555 5555 5555 4444'],
    ['in JSON in a string', '/payload', JSON.stringify({ card: { number: OTHER } })],
    ['in a form in a string', '/payload', `card[number]=${OTHER}`],
    ['in full-width digits', '/x', '５５５５５５５５５５５５４４４４'],
    ['below the card field', '/card/number/0', OTHER],
    ['under __proto__', '/__proto__/number', OTHER],
    ['of thirteen digits under a telling name', '/x/card', '6759000000005'],
  ])('%s', (_, field, value) => {
    expect(read({ [field]: value })).toEqual({ ok: false, why: { because: 'hidden_card_number', field } });
  });

  it.each([
    `/x/~0${OTHER}`,
    `/x/~1${OTHER}`,
    `/cards/${OTHER}`,
    '/cards/5555 5555 5555 4444',
    '/5555-5555-5555-4444/x',
    `/card/number/${OTHER}`,
  ])('in a name: %s', (field) => {
    expect(read({ [field]: 'x' })).toMatchObject({ ok: false, why: { because: 'hidden_card_number' } });
  });

  it('where the route has no card field', () => {
    const refused = readCardNumber(new Map([['/pan', OTHER]]), undefined);
    expect(refused).toEqual({ ok: false, why: { because: 'hidden_card_number', field: '/pan' } });
  });
});

describe('the query', () => {
  it.each(['', 'a=1&b=2', 'order=550e8400-e29b-41d4-a716-446655440000', 't=1763770000000', 'card=4242'])(
    'takes ?%s',
    (query) => {
      expect(checkQuery(new URLSearchParams(query), '/ccnum').ok).toBe(true);
    },
  );

  it.each([
    `card=${CARD}`,
    `x=${OTHER}`,
    'x=5555+5555+5555+4444',
    'x=5555-5555-5555-4444',
    'x=%35%35%35%35%35%35%35%35%35%35%35%35%34%34%34%34',
    `${OTHER}`,
    `${OTHER}=1`,
    `a=1&b=2&c=${OTHER}`,
    `a=1;card=${OTHER}`,
    `q={"number":"${OTHER}"}`,
    'card=6759000000005',
  ])('refuses ?%s', (query) => {
    const refused = checkQuery(new URLSearchParams(query), '/ccnum');
    expect(refused).toEqual({ ok: false, why: { because: 'card_number_in_url' } });
  });

  it.each(['ccnum=1', 'CC_NUM=', 'cc%2Enum=x', 'cc[num]=5555/5555/5555/4444'])(
    'refuses the card field’s name: ?%s',
    (query) => {
      const refused = checkQuery(new URLSearchParams(query), '/ccnum');
      expect(refused).toMatchObject({ ok: false, why: { because: 'second_card_field' } });
    },
  );
});
