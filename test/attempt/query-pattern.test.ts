/**
 * A query that names a route, and the spellings of it that PHP or WordPress would take for the same.
 */
import { describe, expect, it } from 'vitest';
import { compileQuery, fitsQuery } from '../../src/attempt/query-pattern.ts';

const AJAX = compileQuery({ 'wc-ajax': ['checkout'] });
const REST = compileQuery({ rest_route: ['/wc/store/v1/checkout'] });

describe.each([
  ['exact', ['wc-ajax=checkout', 'a=1&wc-ajax=checkout', 'wc-ajax=checkout&elementor_page_id=7', 'wc-ajax=%63heckout']],
  [
    'none',
    ['', 'a=1', 'wc-ajax=update_order_review', 'wc-ajax=', 'wc-ajaxx=checkout', 'x=wc-ajax', 'checkout=wc-ajax'],
  ],
  [
    'ambiguous',
    [
      'wc-ajax=Checkout',
      'wc-ajax=check-out',
      'wc-ajax=checkout%20',
      'wc-ajax=+checkout',
      'wc-ajax=%2563heckout',
      'wc-ajax=%3Cb%3Echeckout',
      'wc-ajax=checkout%00',
      'wc_ajax=checkout',
      'wc.ajax=checkout',
      'WC-AJAX=checkout',
      'wc%2Dajax=checkout',
      'wc-ajax[]=checkout',
      'wc-ajax%5B%5D=checkout',
      'wc-ajax[0]=checkout',
      'wc-ajax%00x=checkout',
      '+wc-ajax=checkout',
      'wc-ajax=checkout&wc-ajax=x',
      'wc-ajax=x&wc-ajax=checkout',
      'wc-ajax=x;wc-ajax=checkout',
      'wc-ajax=x&wc_ajax=y',
    ],
  ],
] as const)('?… %s', (fit, queries) => {
  it.each(queries)('%s', (query) => {
    expect(fitsQuery(query === '' ? '' : `?${query}`, AJAX)).toBe(fit);
  });
});

it('compares a path in a value as it is, and as a lenient server would', () => {
  expect(fitsQuery('?rest_route=/wc/store/v1/checkout', REST)).toBe('exact');
  expect(fitsQuery('?rest_route=%2Fwc%2Fstore%2Fv1%2Fcheckout&_locale=site', REST)).toBe('exact');
  expect(fitsQuery('?rest_route=/wc/store/v1/checkout/', REST)).toBe('ambiguous');
  expect(fitsQuery('?rest_route=/WC/store/v1/checkout', REST)).toBe('ambiguous');
  expect(fitsQuery('?rest_route=/wc/store/v1/cart', REST)).toBe('none');
});

it('takes a Turkish i for an i, as Java does where it compares without case', () => {
  const invoice = compileQuery({ action: ['pay_invoice'] });
  for (const query of ['action=pay_%C4%B1nvoice', 'act%C4%B1on=pay_invoice', 'action=pay_%C4%B0nvoice']) {
    expect(fitsQuery(`?${query}`, invoice)).toBe('ambiguous');
  }
});

it('wants every parameter that is named', () => {
  const both = compileQuery({ a: ['1'], b: ['2'] });
  expect(['?a=1&b=2', '?b=2&a=1', '?a=1', '?a=1&B=2'].map((query) => fitsQuery(query, both))).toEqual([
    'exact',
    'exact',
    'none',
    'ambiguous',
  ]);
});
