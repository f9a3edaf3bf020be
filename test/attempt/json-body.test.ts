/**
 * Strict JSON: a text is read under its pointers, or refused where two parsers could read it differently.
 */
import { describe, expect, it } from 'vitest';
import { EMPTY } from '../../src/attempt/fields.ts';
import {
  lookUpIn,
  readAnswerJson,
  readJson,
  readJsonFields,
  readSignedJsonFields,
} from '../../src/attempt/json-body.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('reads every scalar under its pointer', () => {
  it.each([
    ['a member', '{"a":1}', { '/a': 1 }],
    ['members of members', '{"card":{"number":"4242","cvc":null}}', { '/card/number': '4242', '/card/cvc': null }],
    ['elements', '["a",true,{"b":2}]', { '/0': 'a', '/1': true, '/2/b': 2 }],
    ['escaped names', '{"\\u0061":1}', { '/a': 1 }],
    ['names with / and ~', '{"a/b":1,"c~d":2}', { '/a~1b': 1, '/c~0d': 2 }],
    ['an empty name', '{"":1,"a":{"":2}}', { '/': 1, '/a/': 2 }],
    ['the same name in different objects', '{"a":{"a":1},"b":{"a":2}}', { '/a/a': 1, '/b/a': 2 }],
    ['the same name in two elements', '[{"a":1},{"a":2}]', { '/0/a': 1, '/1/a': 2 }],
    ['__proto__ as a name like any other', '{"__proto__":{"a":1},"b":2}', { '/__proto__/a': 1, '/b': 2 }],
    ['constructor and toString', '{"constructor":1,"toString":2}', { '/constructor': 1, '/toString': 2 }],
    [
      'colons, quotes and backslashes in strings',
      '{"a:":":\\":\\\\","b":"{\\"c\\":1}"}',
      { '/a:': ':":\\', '/b': '{"c":1}' },
    ],
    ['a string that ends in a backslash', '{"a":"\\\\","b":1}', { '/a': '\\', '/b': 1 }],
    ['white space', ' {\t"a" :\r\n 1 } ', { '/a': 1 }],
    ['a number in any notation', '{"a":1.50,"b":-2e2,"c":0.1}', { '/a': 1.5, '/b': -200, '/c': 0.1 }],
    [
      'the largest exact numbers',
      '{"a":9007199254740991,"b":-9007199254740991}',
      { '/a': 2 ** 53 - 1, '/b': -(2 ** 53 - 1) },
    ],
    ['a number too large for any card', '{"a":1e19,"b":1e300}', { '/a': 1e19, '/b': 1e300 }],
    ['a scalar at the top', '"text"', { '': 'text' }],
    ['null at the top', 'null', { '': null }],
    ['an empty object', '{}', {}],
    ['an empty list and an empty object', '{"a":[],"b":{}}', { '/a': EMPTY, '/b': EMPTY }],
    ['characters beyond the basic plane', '{"a":"😀"}', { '/a': '😀' }],
    ['an escaped surrogate pair', '{"a":"\\ud83d\\ude00"}', { '/a': '😀' }],
    ['a mark inside a string', '{"a":"\ufeff"}', { '/a': '\ufeff' }],
  ])('%s', (_, text, fields) => {
    const read = readJsonFields(text);
    expect(read.ok && Object.fromEntries(read.value)).toEqual(fields);
  });
});

describe('refuses a name that occurs twice in one object', () => {
  it.each([
    ['at the top', '{"a":1,"a":2}'],
    ['with equal values', '{"a":1,"a":1}'],
    ['three times', '{"a":1,"a":2,"a":3}'],
    ['written with an escape', '{"a":1,"\\u0061":2}'],
    ['written with an escape first', '{"\\u0061":1,"a":2}'],
    ['written with another case of the escape', '{"\\u00e9":1,"\\u00E9":2}'],
    ['deep inside', '{"x":[{"y":{"a":1,"b":2,"a":3}}]}'],
    ['around an object', '{"card":{"number":"1"},"card":{"number":"2"}}'],
    ['that is empty', '{"":1,"":2}'],
    ['that is __proto__', '{"__proto__":1,"__proto__":2}'],
    ['that looks like an index', '{"0":1,"0":2}'],
    ['with colons in names and values', '{"a:":":","a:":"::"}'],
    ['with an escaped quote', '{"a\\"":1,"a\\"":2}'],
    ['beside an empty object', '{"a":{},"a":{}}'],
  ])('%s', (_, text) => {
    expect(readJsonFields(text)).toEqual({ ok: false, why: { because: 'duplicate_name' } });
    expect(readJson(text)).toEqual({ ok: false, why: { because: 'duplicate_name' } });
  });
});

describe('refuses as malformed', () => {
  it.each([
    ['nothing', ''],
    ['white space alone', ' \n'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a trailing comma', '{"a":1,}'],
    ['a trailing comma in an array', '[1,]'],
    ['NaN', '{"a":NaN}'],
    ['Infinity', '{"a":Infinity}'],
    ['undefined', '{"a":undefined}'],
    ['single quotes', "{'a':1}"],
    ['a bare name', '{a:1}'],
    ['a comment', '{"a":1/* b */}'],
    ['a line comment', '{"a":1} // b'],
    ['a leading zero', '{"a":01}'],
    ['a leading plus', '{"a":+1}'],
    ['a bare point', '{"a":.5}'],
    ['hexadecimal', '{"a":0x10}'],
    ['two documents', '{"a":1}{"a":2}'],
    ['two lines of documents', '{"a":1}\n{"a":2}'],
    ['a NUL at the end', '{"a":1}\0'],
    ['a line break in a string', '{"a":"\n"}'],
    ['a tab in a string', '{"a":"\t"}'],
    ['an unknown escape', '{"a":"\\x41"}'],
    ['half an escape', '{"a":"\\u00"}'],
    ['a no-break space between tokens', '{"a":\u00a01}'],
    ['a vertical tab between tokens', '{"a":\u000b1}'],
    ['a prefix against hijacking', ')]}\',\n{"a":1}'],
    ['half a document', '{"a":'],
  ])('%s', (_, text) => {
    expect(readJsonFields(text)).toEqual({ ok: false, why: { because: 'syntax' } });
  });
});

describe('refuses what parsers read differently', () => {
  it.each([
    ['a number beyond 2^53', '{"a":{"b":9007199254740993}}', { because: 'inexact_number', field: '/a/b' }],
    ['its negative', '{"a":-9007199254740993}', { because: 'inexact_number', field: '/a' }],
    ['a card of nineteen digits as a number', '[6304000000000000000]', { because: 'inexact_number', field: '/0' }],
    ['the same with an exponent', '{"a":6.304e18}', { because: 'inexact_number', field: '/a' }],
    ['65 levels', nested(65), { because: 'too_deep', limit: 64 }],
    ['100,000 levels', nested(100_000), { because: 'too_deep', limit: 64 }],
  ])('%s', (_, text, why) => {
    expect(readJsonFields(text)).toEqual({ ok: false, why });
  });

  it('takes 64 levels', () => {
    expect(readJsonFields(nested(64)).ok).toBe(true);
  });

  // RFC 8259, 8.2: "unpredictable". Go and Java put U+FFFD there, Python keeps it, Rust refuses.
  it.each([
    ['in a value', '{"a":"\\ud800"}'],
    ['in a name', '{"a\\udfff":1}'],
    ['twice, as names that only some keep apart', '{"a\\ud800":1,"a\\ud801":2}'],
  ])('a lone surrogate %s', (_, text) => {
    expect(readJsonFields(text).ok).toBe(false);
  });
});

describe('an origin’s own answer', () => {
  it.each([
    [
      'with a duplicate name: the last one stands',
      '{"status":"failed","status":"succeeded"}',
      { '/status': 'succeeded' },
    ],
    ['with large numbers', '{"id":9007199254740993}', { '/id': 9007199254740992 }],
    [
      'at any size and depth',
      `{"a":${nested(65)},"b":[${'1,'.repeat(20_000)}2],"c":"x"}`,
      { '/c': 'x', '/b/20000': 2 },
    ],
    ['by own names only', '{"a":{}}', { '/a/constructor': undefined, '/constructor': undefined, '/a': undefined }],
    ['by escaped names', '{"a/b":{"c~d":1}}', { '/a~1b/c~0d': 1 }],
  ])('is read %s', (_, text, fields) => {
    const answer = lookUpIn(readAnswerJson(text) ?? null);
    for (const [pointer, value] of Object.entries(fields)) expect(answer.get(pointer)).toBe(value);
  });

  it.each(['', 'ok', '<html>', '{"a":'])('is none: %.20s', (text) => {
    expect(readAnswerJson(text)).toBeUndefined();
  });
});

describe('a signed document', () => {
  it('may hold a number that is not exact', () => {
    const read = readSignedJsonFields('{"a":9007199254740993,"b":1}');
    expect(read.ok && Object.fromEntries(read.value)).toEqual({ '/a': 9007199254740992, '/b': 1 });
  });

  it.each([
    ['two of one name', '{"a":1,"a":2}'],
    ['depth', nested(65)],
    ['half a character', '{"a":"\\ud800"}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['no JSON', '{'],
  ])('may not hold %s', (_, text) => {
    expect(readSignedJsonFields(text).ok).toBe(false);
  });
});
