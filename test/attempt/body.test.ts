/**
 * A body is what its headers declare, whole, bounded and UTF-8; nothing is guessed.
 */
import { describe, expect, it } from 'vitest';
import { BODY_LIMIT_BYTES, parseBody, readDeclaration, wholeBytes } from '../../src/attempt/body.ts';
import type { HeldStream } from '../../src/attempt/held-stream.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

describe('takes a declaration', () => {
  it.each([
    ['json', { 'content-type': JSON_TYPE }],
    ['json', { 'content-type': 'Application/JSON' }],
    ['json', { 'content-type': 'application/json;charset=utf-8' }],
    ['json', { 'content-type': 'application/json ; Charset = "UTF-8" ' }],
    ['json', { 'content-type': JSON_TYPE, 'content-encoding': 'identity' }],
    ['json', { 'content-type': JSON_TYPE, 'content-encoding': 'Identity' }],
    ['form', { 'content-type': FORM_TYPE }],
    ['form', { 'content-type': `${FORM_TYPE}; charset=UTF-8` }],
  ] as const)('%s as %j', (format, headers) => {
    expect(readDeclaration(new Headers(headers), [format])).toEqual({ ok: true, value: format });
  });
});

describe('of several formats takes the one that is declared', () => {
  it.each([
    [JSON_TYPE, 'json'],
    [FORM_TYPE, 'form'],
  ])('%s', (type, format) => {
    const headers = new Headers({ 'content-type': type });
    expect(readDeclaration(headers, ['json', 'form'])).toEqual({ ok: true, value: format });
  });

  it('and names them all where none fits', () => {
    const headers = new Headers({ 'content-type': 'multipart/form-data; boundary=x' });
    const why = { because: 'content_type', expected: `${JSON_TYPE} or ${FORM_TYPE}` };
    expect(readDeclaration(headers, ['json', 'form'])).toEqual({ ok: false, why });
  });
});

describe('refuses the content type', () => {
  it.each([
    ['that is missing', 'json', undefined],
    ['that is empty', 'json', ''],
    ['of a form for JSON', 'json', FORM_TYPE],
    ['of JSON for a form', 'form', JSON_TYPE],
    ['of a multipart form', 'form', 'multipart/form-data; boundary=x'],
    ['text/json', 'json', 'text/json'],
    ['text/plain, which needs no preflight', 'json', 'text/plain'],
    ['with a suffix', 'json', 'application/ld+json'],
    ['of lines', 'json', 'application/jsonl'],
    ['given twice', 'json', `${JSON_TYPE}, ${FORM_TYPE}`],
    ['given twice alike', 'json', `${JSON_TYPE}, ${JSON_TYPE}`],
    ['of anything', 'json', '*/*'],
  ] as const)('%s', (_, format, type) => {
    const headers = new Headers(type === undefined ? {} : { 'content-type': type });
    const expected = format === 'json' ? JSON_TYPE : FORM_TYPE;
    expect(readDeclaration(headers, [format])).toEqual({ ok: false, why: { because: 'content_type', expected } });
  });
});

describe('refuses the parameter', () => {
  it.each([
    'charset=utf-16',
    'charset=iso-8859-1',
    'charset=utf-7',
    'charset=ibm037',
    'charset=utf8',
    "charset='utf-8'",
    'charset=',
    'charset',
    '',
    'boundary=x',
    'charset=utf-8; charset=utf-16',
    'charset=utf-16; charset=utf-8',
    'profile=x',
    'charset=utf-8, application/x-www-form-urlencoded',
  ])('%s', (parameter) => {
    const headers = new Headers({ 'content-type': `${JSON_TYPE};${parameter}` });
    expect(readDeclaration(headers, ['json'])).toEqual({ ok: false, why: { because: 'charset' } });
  });
});

it.each(['gzip', 'br', 'deflate', 'zstd', 'x-gzip', 'GZIP', 'gzip, identity', 'identity, gzip', ''])(
  'refuses the content encoding "%s"',
  (encoding) => {
    const headers = new Headers({ 'content-type': JSON_TYPE, 'content-encoding': encoding });
    expect(readDeclaration(headers, ['json'])).toEqual({ ok: false, why: { because: 'compressed' } });
  },
);

function held(length: number, end: HeldStream['end']): HeldStream {
  const bytes = new Uint8Array(length);
  return { bytes, end, forward: () => bytes };
}

describe('the whole body', () => {
  it.each([0, 1, BODY_LIMIT_BYTES])('is in hand with %i bytes', (length) => {
    const read = wholeBytes(held(length, 'whole'));
    expect(read.ok && read.value.byteLength).toBe(length);
  });

  it.each([
    ['one byte too long', held(BODY_LIMIT_BYTES + 1, 'whole'), { because: 'too_large', limitBytes: BODY_LIMIT_BYTES }],
    ['with more to come', held(1, 'more_to_come'), { because: 'too_large', limitBytes: BODY_LIMIT_BYTES }],
    ['broken', held(1, 'broken'), { because: 'cut_off' }],
    ['broken though long enough', held(BODY_LIMIT_BYTES + 1, 'broken'), { because: 'cut_off' }],
  ] as const)('is not in hand when %s', (_, stream, why) => {
    expect(wholeBytes(stream)).toEqual({ ok: false, why });
  });
});

const bytesOf = (...parts: readonly (string | number)[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])));

describe('parses bytes', () => {
  it.each([
    ['json', bytesOf('{"a":"é"}'), { '/a': 'é' }],
    ['form', bytesOf('a=%C3%A9'), { '/a': 'é' }],
    ['form', bytesOf('a=é'), { '/a': 'é' }],
    ['form', bytesOf('{"a":1}'), { '/{"a":1}': '' }],
  ] as const)('as %s', (format, bytes, fields) => {
    const read = parseBody(bytes, format);
    expect(read.ok && Object.fromEntries(read.value)).toEqual(fields);
  });

  it.each([
    ['a lone continuation byte', bytesOf('{"a":"', 0x80, '"}'), 'not_utf8'],
    ['an overlong quote', bytesOf('{"a":"', 0xc0, 0xa2, '"}'), 'not_utf8'],
    ['an encoded surrogate', bytesOf('{"a":"', 0xed, 0xa0, 0x80, '"}'), 'not_utf8'],
    ['Latin-1', bytesOf('{"a":"', 0xe9, '"}'), 'not_utf8'],
    ['a sequence cut short', bytesOf('{"a":"b"}', 0xc3), 'not_utf8'],
    ['UTF-16 with its mark', bytesOf(0xff, 0xfe, '{', 0, '}', 0), 'not_utf8'],
    ['UTF-16 without a mark', bytesOf('{', 0, '}', 0), 'syntax'],
    ['a UTF-8 byte order mark', bytesOf(0xef, 0xbb, 0xbf, '{}'), 'syntax'],
    ['two byte order marks', bytesOf(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, '{}'), 'syntax'],
    ['nothing', bytesOf(), 'syntax'],
    ['a form', bytesOf('a=1'), 'syntax'],
  ] as const)('refuses %s as JSON', (_, bytes, because) => {
    expect(parseBody(bytes, 'json')).toEqual({ ok: false, why: { because } });
  });

  it('does not let a byte order mark hide the first name of a form', () => {
    const read = parseBody(bytesOf(0xef, 0xbb, 0xbf, 'a=1'), 'form');
    expect(read.ok && read.value.has('/a')).toBe(false);
  });
});
