/**
 * Which texts hold what any reader would take for a card number, and which only look like it.
 * Both mistakes cost: a miss lets a tester hide a card, a false find refuses an honest payment.
 */
import { describe, expect, it } from 'vitest';
import { holdsCardNumber, isLuhnValid } from '../../src/attempt/card-number.ts';

const CARD = '4242424242424242';

describe('finds a card number', () => {
  it.each([
    ['alone', CARD],
    ['with spaces', '4242 4242 4242 4242'],
    ['with hyphens', '4242-4242-4242-4242'],
    ['with dots', '4242.4242.4242.4242'],
    ['of fifteen digits', '378282246310005'],
    ['of fourteen digits', '30569309025904'],
    ['of nineteen digits', '6304000000000000000'],
    ['inside words', `my card is ${CARD}, thanks`],
    ['at the end of a line', `card: ${CARD}\nname: A`],
    ['in JSON in a string', JSON.stringify({ card: { number: CARD } })],
    ['in JSON in JSON in a string', JSON.stringify(JSON.stringify({ number: CARD }))],
    ['as a number in JSON in a string', `{"number":${CARD}}`],
    ['in a form in a string', `a=1&card[number]=${CARD}&b=2`],
    ['behind a semicolon', `1;card=${CARD}`],
    ['in XML', `<pan>${CARD}</pan>`],
    ['in a list with commas', `1,2,${CARD},3`],
    ['after other runs of digits', `20261122, 123456789012345: ${CARD}`],
    ['in full-width digits', '４２４２４２４２４２４２４２４２'],
    ['in mathematical digits', '𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐'],
    ['beside other letters than ASCII', `Kärtchen ${CARD} für mich`],
    ['between underscores', `_${CARD}_`],
    ['with a trailing dot', `${CARD}.`],
    ['with a sign', `+${CARD}`],
  ])('%s', (_, text) => {
    expect(holdsCardNumber(text, '/note')).toBe(true);
  });

  it.each([
    ['a number, then its security code', `${CARD} 123`],
    ['a number, then its expiry', '4242 4242 4242 4242 12/29'],
    ['a count, then a number', `1 ${CARD}`],
    ['a hyphen and a counter', `${CARD}-1`],
    ['a tab-separated line', `1\t${CARD}\t123`],
    ['two numbers in one line', `${CARD} 5555555555554444`],
  ])('beside other digits: %s', (_, text) => {
    expect(holdsCardNumber(text, '/note')).toBe(true);
  });

  const separated = [
    ['no-break spaces', '4242\u00a04242\u00a04242\u00a04242'],
    ['narrow no-break spaces', '4242\u202f4242\u202f4242\u202f4242'],
    ['tabs', '4242\t4242\t4242\t4242'],
    ['line breaks', '4242\n4242\n4242\n4242'],
    ['two spaces', '4242  4242  4242  4242'],
    ['underscores', '4242_4242_4242_4242'],
    ['non-breaking hyphens', '4242\u20114242\u20114242\u20114242'],
    ['en dashes', '4242–4242–4242–4242'],
    ['zero-width spaces', '4242\u200b4242\u200b4242\u200b4242'],
    ['slashes', '4242/4242/4242/4242'],
  ] as const;

  // `number` is what Stripe, Hyperswitch and Adyen call the field: a reader that strips, strips it there.
  it.each(['/card/no', '/cc', '/payment/number', '/source/number'])('under any separator where %s says so', (name) => {
    expect(separated.filter(([, text]) => !holdsCardNumber(text, name))).toEqual([]);
  });

  it('under spaces of any kind, wherever it stands', () => {
    expect(separated.slice(0, 2).filter(([, text]) => !holdsCardNumber(text, '/note'))).toEqual([]);
  });

  it.each(['/note', '/card/no'])('in Arabic-Indic digits, which Python and Java read as digits, under %s', (name) => {
    expect(holdsCardNumber('٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢', name)).toBe(true);
  });

  it.each(['/card_number', '/pan', '/cc', '/payment/CardNo'])('of thirteen digits where %s says so', (name) => {
    expect(holdsCardNumber('6759000000005', name)).toBe(true);
    expect(holdsCardNumber('4222222222222', name)).toBe(true);
  });
});

describe('finds none in', () => {
  it.each([
    ['nothing', '', '/note'],
    ['a number that fails its check digit', '4242424242424241', '/note'],
    ['a number of no scheme', '9999999999999995', '/note'],
    ['twenty digits', '42424242424242424242', '/note'],
    ['a number glued to letters', `id${CARD}x`, '/id'],
    ['a hex token', 'a4242424242424242f', '/token'],
    ['a SHA-256', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '/hash'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000', '/account_id'],
    ['the nil UUID', '00000000-0000-0000-0000-000000000000', '/account_id'],
    ['an EAN-13', '4006381333931', '/ean'],
    ['a thirteen-digit number that passes the check digit', '6759000000005', '/items/0/ean'],
    ['a time in milliseconds', '1763770000000', '/created_at'],
    ['a time in microseconds', '1763770000000003', '/created_at'],
    ['an RFC 3339 time', '2026-11-22T00:21:15.123456Z', '/created_at'],
    ['a phone number', '+49 170 1234567', '/phone'],
    ['a phone number in national form', '0170 1234567', '/phone'],
    ['an IBAN', 'NL91ABNA0417164300', '/iban'],
    ['a printed IBAN', 'NL91 ABNA 0417 1643 00', '/iban'],
    ['an amount', '1999.00', '/amount'],
    ['an address', '203.0.113.9', '/ip'],
    ['a payment id', 'pay_01HZY3V9T4X2QK4242424242424242', '/id'],
    ['a snowflake', '1180948312345678901', '/id'],
  ])('%s', (_, text, name) => {
    expect(holdsCardNumber(text, name)).toBe(false);
  });

  // Each passes the check digit: one in ten of such values does, so one in ten of such payments would be refused.
  it.each([
    ['a phone number under its usual name', '+491701234560', '/phone_number'],
    ['a phone number of a company', '491701234560', '/company/phone'],
    ['a barcode under its usual name', '4006381333932', '/items/0/article_number'],
    ['a shop system’s id of fourteen digits, which no Visa has', '43212345678908', '/items/0/variant_id'],
    ['an analytics client id', '444332211.1612345672', '/ga_client_id'],
    ['the phone of whom the card belongs to', '+49 170 1234560', '/card/billing/phone'],
  ])('%s', (_, text, name) => {
    expect(isLuhnValid(text.replaceAll(/\D/g, ''))).toBe(true);
    expect(holdsCardNumber(text, name)).toBe(false);
  });

  // What the name of a whole object says is not what the name of the field says.
  it.each([
    ['a UUID in a card’s object', 'a4242424-2b42-4c24-a2bc-e4f2abcdefab', '/card/id'],
    ['a token in a card’s object', 'tok_4242a4242b4242c4242', '/card/token'],
    ['a printed IBAN', 'DE12 5001 0517 0648 4898 90', '/iban'],
    ['another printed IBAN', 'DE75 5121 0800 1245 1261 99', '/refund/iban'],
  ])('%s', (_, text, name) => {
    expect(holdsCardNumber(text, name)).toBe(false);
  });
});
