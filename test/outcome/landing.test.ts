/**
 * Where an answer leads, and whether a pattern means it.
 */
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/outcome/answer-reader.ts';
import { compileLanding, fitsLanding, onlyValue, readLanding } from '../../src/outcome/landing.ts';

const ASKED = new URL('https://shop.example/checkout/?step=pay');
const leads = (reference: string, pattern: string): boolean => {
  const landing = readLanding(reference, ASKED);
  return landing !== null && fitsLanding(landing, compileLanding(pattern));
};

describe('a pattern', () => {
  it.each([
    ['/thanks', '/thanks'],
    ['/thanks?a=1', '/thanks'],
    ['https://shop.example/thanks', '/thanks'],
    ['thanks', '/checkout/thanks'],
    ['/checkout/order-received/12/?key=wc_1', '/*order-received/*'],
    ['/order-received/12', '/*order-received/*'],
    ['/a/b/c', '/*'],
    ['/aXbXb', '/a*b'],
    ['https://bank.example/3ds/9', 'https://*'],
    ['//bank.example/3ds', 'https://bank.example/*'],
    ['#confirm-pi_1', '#*'],
    ['/checkout?payment=failed&x=1', '/checkout?payment=failed'],
    ['/checkout?error=card_declined', '/checkout?error=*'],
    ['https://bank.example/?status=failed', '*?status=failed'],
    ['/caf%C3%A9', '/caf%C3%A9'],
  ])('%s is %s', (reference, pattern) => {
    expect(leads(reference, pattern)).toBe(true);
  });

  it.each([
    ['/thanks/more', '/thanks'],
    ['/Thanks', '/thanks'],
    ['/x/thanks', '/thanks'],
    ['https://evil.example/order-received/1', '/*order-received/*'],
    ['//evil.example/thanks', '/thanks'],
    ['https://evil.example/https://shop.example/', 'https://shop.example/*'],
    ['http://bank.example/', 'https://*'],
    ['/ab', '/ab*b'],
    ['/checkout', '/checkout?payment=failed'],
    ['/checkout?payment=succeeded', '/checkout?payment=failed'],
    ['/checkout?payment=failed&payment=succeeded', '/checkout?payment=failed'],
    ['/checkout#?payment=failed', '/checkout?payment=failed'],
    ['/checkout', '#*'],
    ['https://[', '*'],
    [`/${'a'.repeat(9_000)}`, '*'],
  ])('%s is not %s', (reference, pattern) => {
    expect(leads(reference, pattern)).toBe(false);
  });

  it('takes time in proportion to the text', () => {
    const pattern = compileLanding(`/${'*a'.repeat(200)}*b`);
    const landing = { place: `/${'a'.repeat(8_000)}`, query: new URLSearchParams() };
    const startedAt = performance.now();
    for (let n = 0; n < 100; n++) expect(fitsLanding(landing, pattern)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

it('a parameter has a value only where it stands once', () => {
  expect(onlyValue(new URLSearchParams('id=1&x=2'), 'id')).toBe('1');
  expect(onlyValue(new URLSearchParams('id=1&id=1'), 'id')).toBeNull();
  expect(onlyValue(new URLSearchParams('x=2'), 'id')).toBeNull();
});

describe('an answer', () => {
  const rules = {
    failed: [{ location: [compileLanding('/checkout?failed=*')] }],
    succeeded: [{ status: [200, 302], location: [compileLanding('/thanks')] }],
    pending: [{ location: [compileLanding('https://*')] }],
    location: '/redirect',
    unmatched: 'unknown',
    processor: null,
  } as const;
  const read = (status: number, location: string | null, fields: ReadonlyMap<string, string> | null = null) =>
    readAnswer({ status, fields, redirect: { from: ASKED, location } }, rules).status;

  it.each([
    [302, '/checkout?failed=1', 'failed'],
    [302, '/thanks', 'succeeded'],
    [301, '/thanks', 'unknown'],
    [302, 'https://bank.example/', 'pending'],
    [302, '/elsewhere', 'unknown'],
    [200, null, 'unknown'],
  ])('%s to %s has %s', (status, location, outcome) => {
    expect(read(status, location)).toBe(outcome);
  });

  it('may tell in its JSON where a script is to go', () => {
    expect(read(200, null, new Map([['/redirect', '/thanks']]))).toBe('succeeded');
    expect(read(200, null, new Map([['/redirect', 'https://bank.example/']]))).toBe('pending');
    expect(read(302, '/checkout?failed=1', new Map([['/redirect', '/thanks']]))).toBe('failed');
  });
});
