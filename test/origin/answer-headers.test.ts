/**
 * The headers of an answer: what tells of the origin goes or names the shop, and what is the shop's own stays.
 */
import { describe, expect, it } from 'vitest';
import { seen, veilOf } from './veil.ts';

describe('hides', () => {
  it.each([
    'Server',
    'X-Powered-By',
    'X-Powered-By-Plesk',
    'Via',
    'X-Backend',
    'X-Backend-Server',
    'X-Upstream-Addr',
    'X-Origin-Server',
    'X-Render-Origin-Server',
    'X-Served-By',
    'X-Server-IP',
    'X-Hostname',
    'X-Node-Name',
    'X-Pod',
    'X-Instance-Id',
    'X-Forwarded-Host',
    'X-Real-IP',
    'Forwarded',
    'X-Envoy-Original-Dst-Host',
    'X-Envoy-Upstream-Service-Time',
    'X-Varnish',
    'X-Cache',
    'X-Cache-Lookup',
    'X-Amz-Cf-Id',
    'X-Amzn-Trace-Id',
    'X-Azure-Ref',
    'X-Cloud-Trace-Context',
    'CF-Ray',
    'Fly-Request-Id',
    'X-Vercel-Id',
    'X-Debug-Token-Link',
    'X-ChromeLogger-Data',
    'Server-Timing',
    'Warning',
    'X-AspNet-Version',
    'X-Drupal-Cache',
    'X-Magento-Debug',
    'X-Generator',
    'X-Runtime',
    'X-Accel-Redirect',
    'X-Sendfile',
    'Alt-Svc',
    'Proxy-Status',
    'Cordon-Evaluation',
    'Cordon-Loop',
  ])('%s', (name) => {
    expect([...seen({ [name]: 'x', 'x-shop': 'kept' }).keys()]).toEqual(['x-shop']);
  });

  it('what the merchant names beside it, in any case', () => {
    const origin = { hide_headers: ['X-Shop-Build', 'x-team'] };
    expect([...seen({ 'x-shop-build': '7', 'X-Team': 'a', 'x-else': '1' }, { origin }).keys()]).toEqual(['x-else']);
  });

  it('not what the merchant keeps, unless it names a server', () => {
    const origin = { keep_headers: ['Server', 'X-Cache'] };
    const headers = seen({ server: 'acme', 'x-cache': 'MISS from 10.0.0.7' }, { origin });
    expect([...headers]).toEqual([['server', 'acme']]);
    expect([...seen({ server: 'acme' }).keys()]).toEqual([]);
  });
});

describe('leaves as it is', () => {
  it.each([
    ['content-type', 'text/html; charset=utf-8'],
    ['content-length', '12'],
    ['date', 'Sun, 22 Nov 2026 15:00:00 GMT'],
    ['cache-control', 'private, max-age=0'],
    ['etag', 'W/"1.2.3"'],
    ['vary', 'cookie'],
    ['x-request-id', '7b0d3c1e-7c6c-4b3a-9a52-9c0f7a6ee9d1'],
    ['x-api-version', '2026.11.2'],
    ['x-ratelimit-remaining', '10'],
    ['x-action', 'Spree::Api::Cart'],
    ['content-disposition', 'attachment; filename="bill 100%.pdf"'],
    ['content-security-policy', "default-src 'self' https://cdn.example; img-src data: http://images.example"],
    ['access-control-allow-origin', 'https://admin.acme.example'],
    ['link', '</a.css>; rel=preload; as=style'],
    ['strict-transport-security', 'max-age=1'],
    ['set-cookie', 'a=b%20c; Path=/; Expires=Sun, 22 Nov 2026 12:34:56 GMT; HttpOnly'],
    ['set-cookie', 'a=1; Domain=.acme.example; Path=/'],
    ['set-cookie', 'a=1; Domain=shop.acme.example'],
    ['www-authenticate', 'Basic realm="back office"'],
  ])('%s: %s', (name, value) => {
    expect([...seen({ [name]: value })]).toEqual([[name, value]]);
  });

  it('each cookie on its own, in its order', () => {
    const headers = new Headers();
    for (const cookie of ['a=1; Domain=nl.origin.acme.example', 'b=2; Path=/', 'c=http://nl.origin.acme.example/x']) {
      headers.append('set-cookie', cookie);
    }
    expect(seen(headers).getSetCookie()).toEqual(['a=1', 'b=2; Path=/', 'c=https://shop.acme.example/x']);
  });
});

describe('names the shop for a server', () => {
  it.each([
    ['access-control-allow-origin', 'https://nl.origin.acme.example', 'https://shop.acme.example'],
    [
      'report-to',
      '{"endpoints":[{"url":"https://nl.origin.acme.example/r"}]}',
      '{"endpoints":[{"url":"https://shop.acme.example/r"}]}',
    ],
    ['reporting-endpoints', 'a="http://NL.origin.acme.example:80/r"', 'a="https://shop.acme.example/r"'],
    ['nel', '{"report_to":"nl.origin.acme.example"}', '{"report_to":"shop.acme.example"}'],
    ['www-authenticate', 'Basic realm="de.origin.acme.example"', 'Basic realm="shop.acme.example"'],
    [
      'content-security-policy',
      "connect-src 'self' wss://nl.origin.acme.example; report-uri http://de.origin.acme.example/csp",
      "connect-src 'self' wss://shop.acme.example; report-uri https://shop.acme.example/csp",
    ],
    ['x-own', 'see http://user:pw@nl.origin.acme.example:8080/x', 'see https://shop.acme.example/x'],
    ['x-own', 'ws:\\\\nl.origin.acme.example', 'wss:\\\\shop.acme.example'],
    ['x-own', '%6e%6C.origin.acme.example', 'shop.acme.example'],
    ['x-own', 'nl.origin.acme.example.', 'shop.acme.example'],
    ['x-own', 'web_nl.origin.acme.example_1', 'web_shop.acme.example_1'],
    [
      'set-cookie',
      'to=https%3A%2F%2Fnl.origin.acme.example%2Fx; Path=/',
      'to=https%3A%2F%2Fshop.acme.example%2Fx; Path=/',
    ],
    ['set-cookie', 'a=1; domain=NL.ORIGIN.acme.example.; Secure', 'a=1; Secure'],
    ['set-cookie', 'a=1; Domain=.origin.acme.example', 'a=1'],
    ['set-cookie', 'a=1; Domain=http://nl.origin.acme.example', 'a=1'],
  ])('%s: %s', (name, written, expected) => {
    expect([...seen({ [name]: written })]).toEqual([[name, expected]]);
  });
});

describe('drops what bears an address, or cannot be rewritten', () => {
  it.each([
    ['an address in a header of its own', 'x-own', 'served by 203.0.113.7'],
    ['an IPv6 address', 'x-own', 'from 2001:db8::7, port 443'],
    ['a whole IPv6 address', 'x-own', '2001:db8:0:0:0:0:0:7'],
    ['a server behind another word', 'x-own', 'old-nl.origin.acme.example'],
    ['a name below a server', 'timing-allow-origin', 'https://static.nl.origin.acme.example'],
    ['a name that goes on', 'etag', '"nl.origin.acme.example.2"'],
    ['more than is looked through', 'x-own', `%${'a'.repeat(20_000)}`],
  ])('%s', (_, name, value) => {
    expect([...seen({ [name]: value })]).toEqual([]);
  });

  it('of a policy the one source alone: then the page may load less', () => {
    const policy = "img-src 'self' https://static.nl.origin.acme.example data:";
    expect(seen({ 'content-security-policy': policy }).get('content-security-policy')).toBe("img-src 'self'  data:");
  });

  it('a private address in a header that has a meaning becomes the shop', () => {
    expect(seen({ 'content-location': 'http://10.0.0.7/default.htm' }).get('content-location')).toBe(
      'https://shop.acme.example/default.htm',
    );
  });
});

it('hostile values cost milliseconds', async () => {
  const hostile = [
    `x ${'//'.repeat(8_000)}nl.origin.acme.example`,
    'shop.acme.example '.repeat(900),
    'nl.origin.acme.example '.repeat(700),
    `${'%25'.repeat(5_000)}41`,
    `${':'.repeat(16_000)}z`,
    '1.1.1.1.'.repeat(2_000),
    `${'a.'.repeat(8_000)}`,
    `<${'<'.repeat(16_000)}http:`,
  ];
  const startedAt = performance.now();
  for (const value of hostile) {
    for (const name of ['x-own', 'location', 'link', 'refresh', 'set-cookie', 'content-security-policy']) {
      seen({ [name]: value });
    }
  }
  // A Worker's clock stands still between I/O.
  await scheduler.wait(1);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

it('a veil is made for each policy, not for each answer', () => {
  expect(Object.isFrozen(veilOf().hiding)).toBe(true);
});
