/**
 * Header hygiene: what a client says about itself never reaches the origin, what the origin says about itself never
 * reaches a client, and everything else goes through unchanged.
 */
import { describe, expect, it } from 'vitest';
import { compileHiding } from '../../src/config/origin-hiding.ts';
import { tidyAnswer } from '../../src/origin/answer-headers.ts';
import { type Provenance, requestHeaders } from '../../src/origin/headers.ts';

function answerHeaders(origin: Headers, evaluation: string | null): Headers {
  const headers = new Headers(origin);
  tidyAnswer(headers, evaluation, {
    hiding: compileHiding({ pool: [], hide_headers: [], keep_headers: [] }, []),
    from: { href: 'https://shop.acme.example/' },
  });
  return headers;
}

const provenance: Provenance = { ip: '203.0.113.9', host: 'shop.acme.example', evaluation: 'ev_1' };
const beside: Provenance = { ...provenance, evaluation: null };
const sent = (headers: HeadersInit, from: Provenance = provenance) => requestHeaders(new Headers(headers), from);

const FORGED = [
  'Cordon-Evaluation',
  'Cordon-Pass',
  'Cordon-Anything',
  'CF-Connecting-IP',
  'CF-Connecting-IPv6',
  'CF-IPCountry',
  'CF-Ray',
  'CF-Visitor',
  'CF-Worker',
  'Forwarded',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Port',
  'X-Forwarded-Prefix',
  'X-Forwarded-Server',
  'X-Real-IP',
  'True-Client-IP',
  'X-Client-IP',
  'X-Cluster-Client-IP',
  'Client-IP',
  'X-Original-URL',
  'X-Original-Method',
  'X-Rewrite-URL',
];
const OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

describe('drops what a client could forge', () => {
  it.each(FORGED)('%s, on a protected route and beside it', (name) => {
    for (const from of [provenance, beside]) {
      expect(sent({ [name]: 'forged' }, from).get(name)).not.toBe('forged');
      expect(sent({ [name.toUpperCase()]: 'forged' }, from).get(name)).not.toBe('forged');
    }
  });

  it.each(OVERRIDES)('%s where it may make an attempt of the request, nowhere else', (name) => {
    const elsewhere = { ...beside, mayOverride: true };
    for (const from of [provenance, beside]) expect(sent({ [name]: 'PUT' }, from).has(name)).toBe(false);
    expect(sent({ [name]: 'DELETE' }, elsewhere).get(name)).toBe('DELETE');
    expect([...sent({ [name.replaceAll('-', '_')]: 'PUT' }, elsewhere).values()]).not.toContain('PUT');
  });

  it('Upgrade, but of a GET: any other would lose its body', () => {
    for (const from of [provenance, beside]) {
      expect(sent({ upgrade: 'websocket' }, from).has('upgrade')).toBe(false);
      expect(sent({ upgrade: 'websocket' }, { ...from, mayUpgrade: true }).get('upgrade')).toBe('websocket');
    }
  });

  it.each(FORGED.map((name) => name.replaceAll('-', '_')))('%s, which CGI reads as the same', (name) => {
    expect(sent({ [name]: 'forged' }, beside).has(name)).toBe(false);
  });

  it.each(['X-Forwarded_For', 'X_Forwarded-For', 'cf_connecting-ip'])('%s, written in both ways', (name) => {
    expect(sent({ [name]: 'forged' }).has(name)).toBe(false);
  });

  it.each(FORGED.map((name) => name.replaceAll('-', '.')))('%s, which PHP reads as the same', (name) => {
    expect(sent({ [name]: 'forged' }, beside).has(name)).toBe(false);
  });

  it.each(['X!Forwarded-For', 'x-http~method*override', 'Cordon|Decision'])('%s, spelled in any other way', (name) => {
    expect(sent({ [name]: 'forged' }, beside).has(name)).toBe(false);
  });

  it.each(['If.None.Match', 'if_modified_since'])('%s, where the answer is read', (name) => {
    expect(sent({ [name]: 'x' }).has(name)).toBe(false);
    expect(sent({ [name]: 'x' }, beside).get(name)).toBe('x');
  });

  it('Accept_Encoding: a coding that nobody here can look into is not asked for in any spelling', () => {
    expect(sent({ Accept_Encoding: 'zstd' }, beside).has('accept_encoding')).toBe(false);
  });

  it.each(['Content_Type', 'content.type'])('%s beside the one that was read', (name) => {
    const headers = sent({ 'content-type': 'application/json', [name]: 'application/x-www-form-urlencoded' });
    expect([headers.get('content-type'), headers.has(name)]).toEqual(['application/json', false]);
  });

  it('the host, which the origin’s own URL sets', () => {
    expect(sent({ host: 'evil.example' }).has('host')).toBe(false);
  });
});

describe('passes on', () => {
  it.each([
    ['authorization', 'Bearer x'],
    ['cookie', 'a=1; b=2'],
    ['content-type', 'application/json; charset=utf-8'],
    ['accept', 'application/json'],
    ['accept-language', 'nl'],
    ['user-agent', 'a browser'],
    ['origin', 'https://shop.acme.example'],
    ['referer', 'https://shop.acme.example/cart'],
    ['idempotency-key', 'k'],
    ['x-request-id', 'r'],
    ['x-csrf-token', 't'],
    ['cf', 'not one of them'],
    ['api_key', 'an underscore alone is no crime'],
    ['cordonia', 'not one of them'],
  ])('%s', (name, value) => {
    expect(sent({ [name]: value }).get(name)).toBe(value);
    expect(sent({ [name]: value }, beside).get(name)).toBe(value);
  });
});

describe('on a protected route', () => {
  it.each([
    'range',
    'prefer',
    'if-none-match',
    'if-modified-since',
    'if-match',
    'if-unmodified-since',
    'if-range',
    'expect',
  ])('drops %s, beside it passes it on', (name) => {
    expect(sent({ [name]: 'x' }).has(name)).toBe(false);
    expect(sent({ [name]: 'x' }, beside).get(name)).toBe('x');
  });

  it('asks for a plain answer whatever the client accepts, beside it leaves that to the client', () => {
    expect(sent({ 'accept-encoding': 'br' }).get('accept-encoding')).toBe('identity');
    expect(sent({}).get('accept-encoding')).toBe('identity');
    expect(sent({ 'accept-encoding': 'br' }, beside).get('accept-encoding')).toBe('br');
  });

  it.each([
    ['gzip, deflate, br, zstd', 'gzip, br'],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'br;q=1.0, gzip;q=0.8'],
    ['zstd', 'identity'],
    ['deflate, x-gzip', 'identity'],
    ['GZIP', 'GZIP'],
  ])('beside it %s is asked for as %s: what nobody here can read might be a server’s own page', (asked, told) => {
    expect(sent({ 'accept-encoding': asked }, beside).get('accept-encoding')).toBe(told);
  });

  it('says that the client came by https, and once, beside it too', () => {
    expect(sent({ 'x-forwarded-proto': 'http' }).get('x-forwarded-proto')).toBe('https');
    expect(sent({ 'x-forwarded-proto': 'http' }, beside).get('x-forwarded-proto')).toBe('https');
  });

  it('names the evaluation, beside it names none', () => {
    expect(sent({ 'cordon-evaluation': 'ev_forged' }).get('cordon-evaluation')).toBe('ev_1');
    expect(sent({ 'cordon-evaluation': 'ev_forged' }, beside).has('cordon-evaluation')).toBe(false);
  });
});

describe('tells the origin', () => {
  it('the one address, the host and https', () => {
    const headers = sent({
      'x-forwarded-for': '1.1.1.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
    });
    expect(headers.get('x-forwarded-for')).toBe('203.0.113.9');
    expect(headers.get('x-forwarded-proto')).toBe('https');
    expect(headers.get('x-forwarded-host')).toBe('shop.acme.example');
  });

  it('no address where none is known', () => {
    expect(sent({ 'x-forwarded-for': '1.1.1.1' }, { ...beside, ip: null }).has('x-forwarded-for')).toBe(false);
  });

  it('and leaves the client’s own headers as they were', () => {
    const client = new Headers({ 'x-real-ip': '1.1.1.1' });
    requestHeaders(client, provenance);
    expect([...client]).toEqual([['x-real-ip', '1.1.1.1']]);
  });
});

describe('the origin’s answer', () => {
  it.each([
    'Server',
    'X-Powered-By',
    'Via',
    'X-AspNet-Version',
    'X-AspNetMvc-Version',
    'X-Generator',
    'X-Runtime',
    'X-Backend-Server',
    'X-Served-By',
  ])('loses %s', (name) => {
    expect(answerHeaders(new Headers({ [name]: 'x' }), null).has(name)).toBe(false);
  });

  it('keeps all else, each cookie on its own', () => {
    const origin = new Headers({ 'content-type': 'text/html', location: '/thanks', etag: '"1"', vary: 'cookie' });
    origin.append('set-cookie', 'a=1; Path=/');
    origin.append('set-cookie', 'b=2; Expires=Sun, 22 Nov 2026 00:00:00 GMT');
    const headers = answerHeaders(origin, null);
    expect([...headers]).toEqual([...origin]);
    expect(headers.getSetCookie()).toHaveLength(2);
  });

  it('names the evaluation of a protected route, whatever the origin says', () => {
    expect(answerHeaders(new Headers({ 'cordon-evaluation': 'ev_other' }), 'ev_1').get('cordon-evaluation')).toBe(
      'ev_1',
    );
    expect(answerHeaders(new Headers(), null).has('cordon-evaluation')).toBe(false);
  });
});
