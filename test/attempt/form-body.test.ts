/**
 * Strict forms: names are read as PHP, Rails and Stripe read them, and refused where these would differ.
 */
import { describe, expect, it } from 'vitest';
import { readFormFields } from '../../src/attempt/form-body.ts';

describe('reads a form into fields', () => {
  it.each([
    ['one pair', 'a=1', { '/a': '1' }],
    ['brackets', 'card[number]=4242&card[cvc]=1', { '/card/number': '4242', '/card/cvc': '1' }],
    ['encoded brackets', 'card%5Bnumber%5D=4242', { '/card/number': '4242' }],
    ['brackets in brackets', 'a[b][c]=1', { '/a/b/c': '1' }],
    ['indices', 'a[0]=x&a[1]=y', { '/a/0': 'x', '/a/1': 'y' }],
    ['empty brackets', 'a[]=x&a[]=y', { '/a/0': 'x', '/a/1': 'y' }],
    ['empty brackets of two lists', 'a[]=x&b[]=y&a[]=z', { '/a/0': 'x', '/b/0': 'y', '/a/1': 'z' }],
    ['a plus as a space', 'a=x+y', { '/a': 'x y' }],
    ['an encoded plus', 'a=x%2By', { '/a': 'x+y' }],
    ['UTF-8', 'a=%C3%A9%F0%9F%98%80', { '/a': 'é😀' }],
    ['no equals sign', 'a', { '/a': '' }],
    ['an empty value', 'a=', { '/a': '' }],
    ['more equals signs', 'a=b=c', { '/a': 'b=c' }],
    ['an encoded ampersand', 'a=b%26c%3D2', { '/a': 'b&c=2' }],
    ['a semicolon as part of a value', 'a=1;b=2', { '/a': '1;b=2' }],
    ['stray ampersands', '&&a=1&&b=2&', { '/a': '1', '/b': '2' }],
    ['nothing', '', {}],
    ['a dot in a name', 'a.b=1', { '/a.b': '1' }],
    ['slash and tilde in a name', 'a/b=1&c~d=2', { '/a~1b': '1', '/c~0d': '2' }],
    ['__proto__', '__proto__[a]=1&constructor=2', { '/__proto__/a': '1', '/constructor': '2' }],
    ['double encoding once', 'a=%2534', { '/a': '%34' }],
    ['a space inside a name', 'a+b=1', { '/a b': '1' }],
  ])('%s', (_, text, fields) => {
    const read = readFormFields(text);
    expect(read.ok && Object.fromEntries(read.value)).toEqual(fields);
  });
});

describe('refuses a name that occurs twice', () => {
  it.each([
    ['at the top', 'a=1&a=2', '/a'],
    ['with equal values', 'a=1&a=1', '/a'],
    ['in brackets', 'card[number]=1&card[number]=2', '/card/number'],
    ['in two encodings', 'card[number]=1&card%5Bnumber%5D=2', '/card/number'],
    ['with an encoded letter', 'a=1&%61=2', '/a'],
    ['as a list and by index', 'a[]=1&a[0]=2', '/a/0'],
    ['by index and as a list', 'a[0]=1&a[]=2', '/a/0'],
    ['without a value', 'a&a=1', '/a'],
    ['that is __proto__', '__proto__=1&__proto__=2', '/__proto__'],
    ['with others between', 'a=1&b=2&c=3&a=4', '/a'],
  ])('%s', (_, text, field) => {
    expect(readFormFields(text)).toEqual({ ok: false, why: { because: 'duplicate_name', field } });
  });
});

describe('refuses a name that is both a value and a group, where the last or the first may win', () => {
  it.each(['a=1&a[b]=2', 'a[b]=2&a=1', 'a[b]=1&a[b][c]=2', 'a=1&a[]=2', 'a[]=1&a=2'])('%s', (text) => {
    expect(readFormFields(text).ok).toBe(false);
  });
});

describe('refuses as malformed', () => {
  it.each([
    ['an empty name', '=1'],
    ['an empty name alone', 'a=1&='],
    ['brackets without a name', '[a]=1'],
    ['empty brackets without a name', '[]=1'],
    ['an open bracket', 'card[number=1'],
    ['a closing bracket', 'card]number=1'],
    ['text after a bracket', 'card[number]x=1'],
    ['a bracket in a bracket', 'card[a[b]]=1'],
    ['brackets encoded in small letters, which serde_qs takes for letters of the name', 'card%5bnumber%5d=1'],
    ['one bracket in small letters', 'card%5Bnumber%5d=1'],
    ['a leading space', '+card=1'],
    ['an encoded leading space', '%20card=1'],
    ['a NUL in a name', 'card%00x=1'],
    ['a line break in a name', 'card%0Ax=1'],
    ['a tab in a name', 'card%09=1'],
    ['C1 control characters in a name', 'card%C2%85=1'],
    ['a bare percent', 'a=%'],
    ['half an escape', 'a=%4'],
    ['an escape that is none', 'a=%zz'],
    ['a bare percent in a name', '%=1'],
    ['an IIS escape', 'a=%u0041'],
    ['an overlong slash', 'a=%c0%af'],
    ['a byte that is no UTF-8', 'a=%ff'],
    ['an encoded surrogate', 'a=%ed%a0%80'],
    ['half a sequence', 'a=%c3'],
    ['NUL at its end', 'a=1\0'],
    ['33 levels', `a${'[b]'.repeat(32)}=1`],
  ])('%s', (_, text) => {
    expect(readFormFields(text)).toEqual({ ok: false, why: { because: 'syntax' } });
  });

  it('takes 32 levels', () => {
    expect(readFormFields(`a${'[b]'.repeat(31)}=1`).ok).toBe(true);
  });

  it.each(['a=%', '=1', 'a=1&a=2'])('one bad pair spoils all: %s', (bad) => {
    expect(readFormFields(`x=1&${bad}&y=2`).ok).toBe(false);
  });
});

it('reads as many pairs as PHP and qs do, and no more', () => {
  const pairs = Array.from({ length: 1_001 }, (_, i) => `a[]=${i}`);
  const read = readFormFields(pairs.slice(1).join('&'));
  expect(read.ok && [read.value.size, read.value.get('/a/999')]).toEqual([1_000, '1000']);
  expect(readFormFields(pairs.join('&'))).toEqual({ ok: false, why: { because: 'too_many_fields', limit: 1_000 } });
});
