/**
 * What a body tries: a number, a fingerprint, a token or an attached card; an attempt, an attachment, or nothing.
 */
import { describe, expect, it } from 'vitest';
import { readAttempt } from '../../src/attempt/attempt-reading.ts';
import { EMPTY, type Field } from '../../src/attempt/fields.ts';
import { readFormFields } from '../../src/attempt/form-body.ts';
import { compileReading, type WrittenReading } from '../../src/attempt/reading-rules.ts';

const CARD = '4242424242424242';
const OTHER = '5555555555554444';
const number = { kind: 'number', digits: CARD };
const token = { kind: 'token', value: 'pm_1' };
const fingerprint = { kind: 'fingerprint', value: 'Xt5' };
const attached = { kind: 'attached', payment: 'pay_1' };

const WRITTEN: WrittenReading = {
  fields: { card_number: ['/card/number', '/source/number'], card_fingerprint: '/print', token: ['/pm', '/source'] },
  card: 'optional',
  not_tokens: ['new'],
  attempt_unless: { '/confirm': [false, 'false', null] },
  attached_to: '{id}',
};
const YES = { '/confirm': true };

function read(fields: Record<string, Field>, change: Partial<WrittenReading> = {}, id: string | null = 'pay_1') {
  const variables = new Map(id === null ? [] : [['id', id]]);
  const result = readAttempt(new Map(Object.entries(fields)), compileReading({ ...WRITTEN, ...change }), variables);
  return result.ok ? result.value : result.why;
}

const because = (why: string, field: string) => ({ because: why, field });

describe('the card of an attempt', () => {
  it.each<[string, Record<string, Field>, unknown, unknown[]]>([
    ['is its number', { '/card/number': CARD }, number, [attached]],
    ['is its number in another place', { '/source/number': CARD }, number, [attached]],
    ['is a fingerprint', { '/print': 'Xt5' }, fingerprint, [attached]],
    ['is a token', { '/pm': 'pm_1' }, token, [attached]],
    ['is a token that is a number', { '/pm': 12 }, { kind: 'token', value: '12' }, [attached]],
    [
      'is the number before its other names',
      { '/pm': 'pm_1', '/print': 'Xt5', '/card/number': CARD },
      number,
      [fingerprint, token, attached],
    ],
    ['is one token named twice', { '/pm': 'pm_1', '/source': 'pm_1' }, token, [attached]],
    ['is what is attached where it holds none', {}, attached, []],
    ['is what is attached where its fields are empty', { '/card/number': '', '/pm': null }, attached, []],
    ['is not a word that stands for no token', { '/pm': 'new' }, attached, []],
  ])('%s', (_, fields, card, alsoKnownAs) => {
    expect(read({ ...YES, ...fields })).toEqual([{ kind: 'attempt', card, alsoKnownAs }]);
  });

  // An origin that takes a card with a flaw for none would pay with the one attached.
  describe('that needs more than its number', () => {
    const needs = { card_needs: ['/card/cvc', '/card/year'] };
    const whole = { ...YES, '/card/number': CARD, '/card/cvc': '123', '/card/year': '30', '/card/name': 'A B' };

    it('is its number beside all of it', () => {
      expect(read(whole, needs)).toEqual([{ kind: 'attempt', card: number, alsoKnownAs: [attached] }]);
    });

    it('is what is attached, or a token, where no number is sent', () => {
      expect(read({ ...YES, '/card/cvc': '123' }, needs)).toMatchObject([{ card: attached }]);
      expect(read({ ...YES, '/pm': 'pm_1' }, needs)).toMatchObject([{ card: token }]);
    });

    const GONE = Symbol('gone');
    it.each<[string, Record<string, Field | typeof GONE>, string, string]>([
      ['without one of them', { '/card/cvc': GONE }, 'missing', '/card/cvc'],
      ['with nothing at all in its place', { '/card/year': null }, 'not_text', '/card/year'],
      ['with a number where a text is meant', { '/card/cvc': 123 }, 'not_text', '/card/cvc'],
      ['with a list in the place of one', { '/card/cvc': EMPTY }, 'not_text', '/card/cvc'],
      ['with more below one of them', { '/card/cvc': GONE, '/card/cvc/0': '1' }, 'missing', '/card/cvc'],
      ['with more below another', { '/card/name/first': 'A' }, 'not_text', '/card/name/first'],
      ['with a wrong check digit', { '/card/number': '4242424242424241' }, 'invalid_card_number', '/card/number'],
      ['with hyphens', { '/card/number': '4242-4242-4242-4242' }, 'invalid_card_number', '/card/number'],
      ['that is no text', { '/card/number': 4242424242424242 }, 'not_text', '/card/number'],
    ])('is refused %s', (_, change, why, field) => {
      const fields: Record<string, Field | typeof GONE> = { ...whole, ...change };
      for (const [at, value] of Object.entries(fields)) if (value === GONE) delete fields[at];
      expect(read(fields as Record<string, Field>, needs)).toEqual(because(why, field));
    });
  });

  it('is nobody’s where nothing names one', () => {
    expect(read(YES, { attached_to: undefined })).toEqual([{ kind: 'attempt', card: null, alsoKnownAs: [] }]);
  });

  it('is attached to the payment that a field names', () => {
    expect(read({ ...YES, '/payment': 'pay_2' }, { attached_to: '/payment' }, null)).toEqual([
      { kind: 'attempt', card: { kind: 'attached', payment: 'pay_2' }, alsoKnownAs: [] },
    ]);
  });

  it.each<[string, Partial<WrittenReading>, Record<string, Field>, string]>([
    ['a number', { card: 'required' }, { '/pm': 'pm_1' }, '/card/number'],
    ['a number, for that is the default', { card: undefined }, { '/pm': 'pm_1' }, '/card/number'],
    ['a token', { card: 'required', fields: { token: '/pm' } }, {}, '/pm'],
  ])('must be %s where it is required', (_, change, fields, place) => {
    expect(read({ ...YES, ...fields }, change)).toEqual(because('missing', place));
  });
});

describe('the money of an attempt', () => {
  const fields = { token: '/pm', amount: '/amount', currency: '/currency' };
  const NOT_SAID = {};

  it.each<[Field | undefined, Field | undefined, object]>([
    [1999, 'EUR', { amountMinor: 1999, currency: 'EUR' }],
    ['1999', 'eur', { amountMinor: 1999, currency: 'EUR' }],
    [1999, 'QQQ', { amountMinor: 1999 }],
    [1999, 'EURO', { amountMinor: 1999 }],
    [0, undefined, { amountMinor: 0 }],
    ['999999999999999', undefined, { amountMinor: 999_999_999_999_999 }],
    ['9999999999999999', undefined, NOT_SAID],
    [19.99, undefined, NOT_SAID],
    ['19.99', undefined, NOT_SAID],
    ['01999', undefined, NOT_SAID],
    ['1 999', undefined, NOT_SAID],
    ['', '', NOT_SAID],
    [-5, '€', NOT_SAID],
    [true, 978, NOT_SAID],
    [null, 'EURO', NOT_SAID],
    [EMPTY, EMPTY, NOT_SAID],
    [undefined, undefined, NOT_SAID],
  ])('is read of %s and %s', (amount, currency, said) => {
    const written: Record<string, Field> = { '/confirm': true };
    if (amount !== undefined) written['/amount'] = amount;
    if (currency !== undefined) written['/currency'] = currency;
    expect(read(written, { fields })).toEqual([{ kind: 'attempt', card: attached, alsoKnownAs: [], ...said }]);
  });

  it('is not looked for where the route names no place', () => {
    const [reading] = read({ '/confirm': true, '/amount': 5 }, { fields: { token: '/pm' } }) as readonly object[];
    expect(reading).not.toHaveProperty('amountMinor');
  });
});

describe('an attempt', () => {
  it.each<[Record<string, Field>, 'attempt' | 'attachment']>([
    [{}, 'attachment'],
    [{ '/confirm': null }, 'attachment'],
    [{ '/confirm': false }, 'attachment'],
    [{ '/confirm': 'false' }, 'attachment'],
    [{ '/confirm': true }, 'attempt'],
    [{ '/confirm': 'true' }, 'attempt'],
    [{ '/confirm': '' }, 'attempt'],
    [{ '/confirm': 'False' }, 'attempt'],
    [{ '/confirm': ' false' }, 'attempt'],
    [{ '/confirm': 0 }, 'attempt'],
    [{ '/confirm': '0' }, 'attempt'],
    [{ '/confirm': EMPTY }, 'attempt'],
  ])('is %j an %s', (fields, kind) => {
    expect(read({ '/card/number': CARD, ...fields })).toEqual([{ kind, card: number, alsoKnownAs: [attached] }]);
  });

  it('is no request that neither pays nor carries a card', () => {
    expect(read({ '/amount': 5 })).toEqual([]);
  });

  it('is every request without conditions, and none with conditions that ask nothing', () => {
    expect(read({}, { attempt_unless: undefined })).toMatchObject([{ kind: 'attempt' }]);
    expect(read({ '/confirm': true }, { attempt_unless: {} })).toEqual([]);
    expect(read({ '/pm': 'pm_1' }, { attempt_unless: {} })).toMatchObject([{ kind: 'attachment', card: token }]);
  });

  it('is one unless all conditions hold', () => {
    const both = { attempt_unless: { '/confirm': [null], '/capture': [null] } };
    expect(read({}, both)).toEqual([]);
    expect(read({ '/capture': 'x' }, both)).toMatchObject([{ kind: 'attempt' }]);
  });
});

describe('is refused', () => {
  it.each<[string, Record<string, Field>, unknown]>([
    ['two numbers', { '/card/number': CARD, '/source/number': OTHER }, because('second_card_field', '/source/number')],
    ['a number elsewhere', { '/pm': OTHER }, because('hidden_card_number', '/pm')],
    ['another spelling of the number', { '/Card/Number': 'x' }, because('second_card_field', '/Card/Number')],
    ['another spelling of a token', { '/PM': 'pm_2' }, because('second_field', '/PM')],
    ['another spelling of a condition', { '/Confirm': true }, because('second_field', '/Confirm')],
    ['a list for a condition', { '/confirm/0': true }, because('not_text', '/confirm/0')],
    ['a list for a token', { '/pm/0': 'pm_1' }, because('not_text', '/pm/0')],
    ['an object for a token', { '/pm/id': 'pm_1' }, because('not_text', '/pm/id')],
    ['a list where a token or an object is', { '/source/0': 'src_1' }, because('not_text', '/source/0')],
    ['a list where an object is read', { '/card/0': 'x' }, because('not_text', '/card/0')],
    ['a list for the whole body', { '/0': false, '/1': 'pm_1' }, because('not_text', '/0')],
    ['a list of bodies', { '/0/confirm': true }, because('not_text', '/0/confirm')],
    ['an empty list for a token', { '/pm': EMPTY }, because('not_text', '/pm')],
    ['true for a token', { '/pm': true }, because('not_text', '/pm')],
    ['true for a number', { '/card/number': true }, because('missing', '/card/number')],
    ['what is no number', { '/card/number': 'tok_1' }, because('invalid_card_number', '/card/number')],
  ])('%s', (_, fields, why) => {
    expect(read(fields)).toEqual(why);
  });

  it('whatever a request within the request calls a payment', () => {
    const change = { refuse_containing: { '/requests/*/path': ['checkout'] } };
    const inside = (path: string, at = '/requests/3/path') => read({ [at]: path }, change);
    for (const path of ['/wc/store/v1/checkout', '/wc/store/CHECKOUT?x', '//h/wc/check%6fut', '/wc/store/check-out']) {
      expect(inside(path)).toEqual(because('payment_inside', '/requests/3/path'));
    }
    expect(inside('/wc/checkout', '/Requests/3/Path')).toMatchObject({ because: 'payment_inside' });
    expect(inside('/wc/store/v1/cart/add-item')).toEqual([]);
    expect(inside('checkout', '/requests/3/body/note')).toEqual([]);
  });
});

it('may have a number for a name, or be a list where an index is configured', () => {
  expect(read({ '/7': 'x', '/confirm': true, '/pm': 'pm_1' })).toMatchObject([{ kind: 'attempt' }]);
  expect(read({ '/0/pm': 'pm_1' }, { fields: { token: '/0/pm' }, attempt_unless: undefined })).toMatchObject([
    { kind: 'attempt' },
  ]);
});

describe('pairs', () => {
  const pairs = { pairs: ['/data'], fields: { token: '/data/pm-token' }, attempt_unless: undefined };
  const readPairs = (list: unknown[], rest: Record<string, Field> = {}) => {
    const entries = list.flatMap((entry, i) =>
      Object.entries(entry as object).map(([name, value]) => [`/data/${i}/${name}`, value] as [string, Field]),
    );
    return read({ ...Object.fromEntries(entries), ...rest }, pairs);
  };

  it.each([
    [
      'key and value',
      [
        { key: 'x', value: 'y' },
        { key: 'pm-token', value: 'pm_1' },
      ],
    ],
    ['name and value', [{ name: 'pm-token', value: 'pm_1' }]],
    ['value before key', [{ value: 'pm_1', key: 'pm-token' }]],
  ])('are read as fields: %s', (_, list) => {
    expect(readPairs(list)).toMatchObject([{ card: token }]);
  });

  it('may be an empty list', () => {
    expect(readPairs([], { '/data': EMPTY })).toMatchObject([{ kind: 'attempt' }]);
  });

  it.each([
    [
      'a key twice',
      [
        { key: 'pm-token', value: 'a' },
        { key: 'pm-token', value: 'b' },
      ],
      'duplicate_name',
    ],
    [
      'a key in two spellings',
      [
        { key: 'a', value: 'a' },
        { key: 'A!', value: 'b' },
      ],
      'duplicate_name',
    ],
    ['two keys in one', [{ key: 'a', name: 'b', value: 'c' }], 'duplicate_name'],
    ['a key in another spelling', [{ key: 'PM-Token', value: 'a' }], 'second_field'],
    ['a value without a key', [{ value: 'a' }], 'not_a_pair'],
    ['a key that is no text', [{ key: 1, value: 'a' }], 'not_a_pair'],
    ['an empty entry', [{ '': 'x' }], 'not_a_pair'],
    ['a number in a value', [{ key: 'x', value: OTHER }], 'hidden_card_number'],
    ['a list for a value', [{ key: 'pm-token', 'value/0': 'a' }], 'not_text'],
  ])('are refused with %s', (_, list, why) => {
    expect(readPairs(list)).toMatchObject({ because: why });
  });

  it('are refused with a field beside the list’s entries', () => {
    expect(read({ '/data/pm-token': 'pm_1' }, pairs)).toMatchObject({ because: 'not_a_pair' });
  });

  it('are read in a form too', () => {
    const form = readFormFields('data[0][key]=pm-token&data[0][value]=pm_1');
    expect(form.ok && read(Object.fromEntries(form.value), pairs)).toMatchObject([{ card: token }]);
  });
});
