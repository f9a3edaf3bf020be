/**
 * Paths that resemble a protected one and are their own: refusing them would break the shop.
 */
import { describe, expect, it } from 'vitest';
import { compilePath, fitsLoosely, isExactly, readPath } from '../../src/attempt/path-pattern.ts';

function isOther(path: string, route: string): boolean {
  const pattern = compilePath(route);
  return !isExactly(path, pattern) && !fitsLoosely(readPath(path), pattern);
}

describe('lets pass beside /api/pay', () => {
  it.each([
    ['the root', '/'],
    ['its folder', '/api'],
    ['its folder with a slash', '/api/'],
    ['a longer name', '/api/payments'],
    ['a plural', '/api/pays'],
    ['a name with a hyphen', '/api/pay-later'],
    ['a name with an underscore', '/api/pay_later'],
    ['a name with a tilde', '/api/pay~'],
    ['a shorter name', '/api/pa'],
    ['a name with a prefix', '/api/prepay'],
    ['a path below it', '/api/pay/status'],
    ['a path below it, encoded', '/api/pay%2fstatus'],
    ['the same below another folder', '/blog/api/pay'],
    ['another version', '/v2/api/pay'],
    ['another order', '/pay/api'],
    ['its words in one', '/apipay'],
    ['its words with a hyphen', '/api-pay'],
    ['its words with a dot', '/api.pay'],
    ['its last word alone', '/pay'],
    ['a script of that name with more', '/api/pay.min.js'],
    ['an article about it', '/blog/how-to-pay'],
    ['a word in other letters', '/api/пай'],
    ['another word with a parameter', '/api/payments;x=1'],
    ['another word in upper case', '/API/PAYMENTS'],
    ['another word with encoded letters', '/api/%70ayments'],
    ['another word with a percent sign', '/api/pay%25off'],
    ['another front controller', '/other.php/api/pay'],
  ])('%s: %s', (_, path) => {
    expect(isOther(path, '/api/pay')).toBe(true);
  });
});

describe('lets pass beside /orders/{id}/pay', () => {
  it.each([
    '/orders',
    '/orders/17',
    '/orders/pay',
    '/orders//pay',
    '/orders/17/refund',
    '/orders/17/pay/status',
    '/order/17/pay',
    '/orders/17/items/pay',
    '/orders/17/payments',
    '/x/orders/17/pay',
  ])('%s', (path) => {
    expect(isOther(path, '/orders/{id}/pay')).toBe(true);
  });
});

describe('lets pass beside a script /pay.php', () => {
  it.each(['/', '/payment.php', '/x/pay.php', '/prepay.php', '/pay.php5.txt', '/pay-php'])('%s', (path) => {
    expect(isOther(path, '/pay.php')).toBe(true);
  });
});

describe('lets pass beside /', () => {
  it.each(['/x', '/api', '/favicon.ico', '/%20x', '/indexes'])('%s', (path) => {
    expect(isOther(path, '/')).toBe(true);
  });
});

it.each([
  ['/api/v1.3/pay', '/api/v1.2/pay'],
  ['/api/v1/pay', '/api/v1.2/pay'],
  ['/cart/index', '/orders/index'],
  ['/defaults', '/'],
])('lets pass %s beside %s', (path, route) => {
  expect(isOther(path, route)).toBe(true);
});

it('takes no path with an empty {name} for one with a name', () => {
  const pattern = compilePath('/orders/{id}');
  expect(isExactly('/orders/', pattern)).toBe(false);
  expect(isExactly('/orders', pattern)).toBe(false);
});
