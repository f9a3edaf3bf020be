/**
 * Spellings of a protected path that some server reads as that path: none is the path itself, all are noticed.
 */
import { describe, expect, it } from 'vitest';
import { compilePath, fitsLoosely, isExactly, readPath } from '../../src/attempt/path-pattern.ts';

/** Whether the guard reads it as the path, notices a dressed-up spelling, or lets it pass by. */
function readingOf(path: string, route: string): 'exact' | 'ambiguous' | 'other' {
  const pattern = compilePath(route);
  if (isExactly(path, pattern)) return 'exact';
  return fitsLoosely(readPath(path), pattern) ? 'ambiguous' : 'other';
}

describe('is exactly the path', () => {
  it.each([
    ['/api/pay', '/api/pay'],
    ['/', '/'],
    ['/orders/17/pay', '/orders/{id}/pay'],
    ['/orders/pay_0-1.a~b/pay', '/orders/{id}/pay'],
    ['/index.php', '/index.php'],
    ['/API/Pay', '/API/Pay'],
  ])('%s for %s', (path, route) => {
    expect(readingOf(path, route)).toBe('exact');
  });
});

describe('notices /api/pay written as', () => {
  it.each([
    ['upper case', ['/API/PAY', '/Api/pay', '/api/paY']],
    ['the case of other letters', ['/ap%C4%B0/pay', '/AP%C4%B0/PAY', '/ap%c4%b1/pay', '/apİ/pay', '/apı/pay']],
    ['encoded letters', ['/api/%70ay', '/%61pi/pay', '/api/%50AY', '/%61%70%69/%70%61%79']],
    ['an encoded slash', ['/api%2fpay', '/api%2Fpay', '%2fapi%2fpay', '/api/%2fpay']],
    ['double encoding', ['/api/%2570ay', '/api%252fpay', '/api/%252570ay']],
    ['IIS encoding', ['/api/%u0070ay', '/api%u002fpay']],
    ['overlong slashes and dots', ['/api%c0%afpay', '/api%C0%AFpay', '/api%e0%80%afpay', '/x/%c0%ae%c0%ae/api/pay']],
    ['overlong backslashes', ['/api%c1%9cpay']],
    ['doubled slashes', ['//api/pay', '/api//pay', '/api/pay//', '///api///pay']],
    ['trailing slashes', ['/api/pay/', '/api/pay//', '/api/pay/%2f', '/api/pay%2f']],
    ['parameters', ['/api/pay;x=1', '/api;x/pay', '/api/pay;', '/api/pay%3bx=1', '/;/api/pay']],
    ['parameters that hold dots', ['/api/pay;/../pay', '/x/..;/api/pay', '/api/pay/x/..;/']],
    ['single dots', ['/./api/pay', '/api/./pay', '/api/pay/.', '/api/%2e/pay', '/api/pay/%2e']],
    ['double dots', ['/x/../api/pay', '/api/x/../pay', '/api/%2e%2e/api/pay', '/api/pay/x/%2e%2e', '/api/pay/../pay']],
    ['dots and encoded slashes', ['/x%2f..%2fapi/pay', '/x/%2e%2e%2fapi%2fpay', '/api/x/..%5cpay']],
    [
      'dots after it, which some servers resolve before they look',
      ['/api/pay/..', '/api/pay/../refund', '/api/x/pay/..'],
    ],
    ['dots above the root', ['/../api/pay', '/../../api/pay', '/%2e%2e/%2e%2e/api/pay']],
    ['backslashes', ['\\api\\pay', '/api\\pay', '/api%5cpay', '/api/pay\\', '/api/pay%5c']],
    ['NUL', ['/api/pay%00', '/api/pay%00.png', '/api/pay%00/x', '/api/%00pay', '/api/pay%2500']],
    ['white space', ['/api/pay%20', '/api/pay%09', '/api/pay%0a', '/api/pay%0d%0a', '/api/%20pay', '/api/pay%c2%a0']],
    ['invisible characters', ['/api/pay%e2%80%8b', '/api/p%c2%aday', '/api/%ef%bb%bfpay']],
    ['full-width letters', ['/api/%ef%bd%90ay', '/api%ef%bc%8fpay', '/ａｐｉ/ｐａｙ']],
    ['trailing dots', ['/api/pay.', '/api/pay...', '/api./pay', '/api/pay%2e', '/api/pay.%20']],
    [
      'a format',
      ['/api/pay.json', '/api/pay.JSON', '/api/pay%2ejson', '/api/pay.json/', '/api/pay.php', '/api/pay.html'],
    ],
    ['an encoded query or fragment', ['/api/pay%3fx', '/api/pay%23x', '/api/pay%3f/x', '/api/pay%253fx']],
    ['a front controller', ['/index.php/api/pay', '/app.php/api/pay', '/INDEX.PHP/api/pay', '//index.php//api/pay']],
    ['bytes that are no UTF-8', ['/api/pay%80', '/api/pay%ff', '/api/%c3pay']],
    ['several at once', ['//API/.%2f;x/%2570AY%00.json', '/%2e/Index.php/API%5cpay;jsessionid=1/']],
  ])('%s', (_, paths) => {
    expect(paths.map((path) => [path, readingOf(path, '/api/pay')])).toEqual(paths.map((path) => [path, 'ambiguous']));
  });
});

// Tomcat and Jetty drop parameters before they decode, so what is encoded inside one changes nothing for them.
it.each(['/api/pay;%2F..', '/api/pay;x=%2F..%2Fy', '/api;%2f..%2f/pay', '/api/pay;%5c..', '/api/pay;%252F..'])(
  'notices %s, whose dots stand inside a parameter',
  (path) => {
    expect(readingOf(path, '/api/pay')).toBe('ambiguous');
  },
);

// RFC 3986, 2.4: segments first, then decoding. Express and Rails hand on "17/x", and many a look-up reads 17.
it.each([
  '/orders/17%2Fx/pay',
  '/orders/17%2F../pay',
  '/orders/17%5Cx/pay',
  '/orders/17%252Fx/pay',
  '/orders/17%2F%2F1/pay',
])('notices %s, whose encoded slash stands inside a {name}', (path) => {
  expect(readingOf(path, '/orders/{id}/pay')).toBe('ambiguous');
});

// Left out, such a segment makes the path too short for the route; actix-web and most others hand it on as the {name}.
it.each([
  ['white space', '/orders/%20/pay'],
  ['a tab and a line feed', '/orders/%09%0a/pay'],
  ['NUL', '/orders/%00/pay'],
  ['a soft hyphen', '/orders/%C2%AD/pay'],
  ['a zero-width space, encoded twice', '/orders/%25E2%2580%258B/pay'],
  ['bytes that are no UTF-8', '/orders/%ff/pay'],
  ['a parameter and no more', '/orders/;a=b/pay'],
  ['an encoded parameter', '/orders/%3Bpay_1/pay'],
  ['a session of ASP.NET', '/orders/(S(x))/pay'],
  ['a session, a login and another of ASP.NET', '/orders/(A(x)S(y)F((z))/pay'],
])('notices a {name} of %s', (_, path) => {
  expect(readingOf(path, '/orders/{id}/pay')).toBe('ambiguous');
});

describe('notices a path with a {name} written otherwise', () => {
  it.each([
    '/Orders/17/pay',
    '/orders/17/pay/',
    '/orders/17/PAY',
    '/orders/1%37/pay',
    '/orders//17/pay',
    '/orders/17;x/pay',
    '/orders/1+7/pay',
    '/orders/17%3Fx/pay',
    '/orders/@17/pay',
    '/orders/1\\7/pay',
  ])('%s', (path) => {
    expect(readingOf(path, '/orders/{id}/pay')).toBe('ambiguous');
  });
});

describe('notices a script', () => {
  it.each([
    '/shop/pay.php/',
    '/shop/pay.php/x/y',
    '/shop/PAY.php',
    '/shop/pay.php;x',
    '/shop/pay.php%00',
    '/shop/pay.php%20',
    '/shop/pay.php.',
    '/shop/pay%2ephp',
  ])('written as %s', (path) => {
    expect(readingOf(path, '/shop/pay.php')).toBe('ambiguous');
  });

  it.each([
    ['/index.php/x', '/index.php'],
    ['/shop/index.php/x/y', '/shop/index.php'],
    ['/INDEX.php/', '/index.php'],
  ])('%s, with what PHP calls path info, for %s', (path, route) => {
    expect(readingOf(path, route)).toBe('ambiguous');
  });

  it('written without its extension, as MultiViews and try_files allow', () => {
    expect(readingOf('/shop/pay', '/shop/pay.php')).toBe('ambiguous');
  });
});

it.each([
  ['overlong letters', '/api/%c1%b0ay', '/api/pay'],
  ['a front controller in a folder', '/shop/index.php/api/pay', '/shop/api/pay'],
  ['the index of a folder, left out', '/shop/', '/shop/index.php'],
  ['the index of a folder, written out', '/checkout/index.php', '/checkout'],
])('notices %s', (_, path, route) => {
  expect(readingOf(path, route)).toBe('ambiguous');
});

// Tomcat, Jetty and Spring keep a segment of a space, so that the dots after it remove that segment and not the next.
it.each([
  ['/api/pay/%20/..;', '/api/pay'],
  ['/api/%20/..;/pay', '/api/pay'],
  ['/api/pay/%3b/..;x', '/api/pay'],
  ['/api/pay/%c2%a0/%2e%2e;', '/api/pay'],
  ['/orders/17/pay/%20/..;/', '/orders/{id}/pay'],
  ['/orders/x/..;/%20/..;/17/pay', '/orders/{id}/pay'],
])('notices %s, whose dots remove what only some servers see', (path, route) => {
  expect(readingOf(path, route)).toBe('ambiguous');
});
