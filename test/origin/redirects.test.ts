/**
 * Where an answer leads: to the shop whatever the origin calls itself, however it spells that, and never over http.
 */
import { describe, expect, it } from 'vitest';
import { type Setting, seen } from './veil.ts';

const location = (written: string, setting: Setting = {}) => seen({ location: written }, setting).get('location');
const AT_SHOP = 'https://shop.acme.example';

describe('a redirect to one of the servers leads to the shop', () => {
  it.each([
    ['absolute', 'https://nl.origin.acme.example/next?a=1#b', '/next?a=1#b'],
    ['to the other of the pool', 'https://de.origin.acme.example/next', '/next'],
    ['over http', 'http://nl.origin.acme.example/next', '/next'],
    ['with its port', 'https://nl.origin.acme.example:443/next', '/next'],
    ['with the port of http', 'http://nl.origin.acme.example:80/next', '/next'],
    ['with a port that it listens on inside', 'http://nl.origin.acme.example:8080/next', '/next'],
    ['without a scheme', '//nl.origin.acme.example/next', '/next'],
    ['in upper case', 'HTTPS://NL.ORIGIN.ACME.EXAMPLE/next', '/next'],
    ['with a trailing dot', 'https://nl.origin.acme.example./next', '/next'],
    ['with a user', 'https://user:secret@nl.origin.acme.example/next', '/next'],
    ['with backslashes', '\\\\nl.origin.acme.example\\next', '/next'],
    ['with backslashes after the scheme', 'https:\\\\nl.origin.acme.example/next', '/next'],
    ['with a slash and a backslash', '/\\nl.origin.acme.example/next', '/next'],
    ['with too many slashes', 'https:////nl.origin.acme.example/next', '/next'],
    ['with none, from another scheme', 'http:nl.origin.acme.example/next', '/next'],
    ['with an encoded letter', 'https://%6El.origin.acme.example/next', '/next'],
    ['with encoded dots', 'https://nl%2Eorigin%2eacme.example/next', '/next'],
    ['with a tab inside', 'https://nl.ori\tgin.acme.example/next', '/next'],
    ['with a tab in the scheme', 'ht\ttp://nl.origin.acme.example/next', '/next'],
    ['with spaces around', '  https://nl.origin.acme.example/next  ', '/next'],
    ['with an ideographic dot, encoded', 'https://nl%E3%80%82origin.acme.example/next', '/next'],
    ['with wide letters, encoded', 'https://%EF%BD%8E%EF%BD%8C.origin.acme.example/next', '/next'],
    ['with a soft hyphen, encoded', 'https://nl.ori%C2%ADgin.acme.example/next', '/next'],
    ['without a path', 'https://nl.origin.acme.example', '/'],
    ['with a path that would be a host', 'https://nl.origin.acme.example//evil.example/', '//evil.example/'],
  ])('%s', (_, written, path) => {
    expect(location(written)).toBe(`${AT_SHOP}${path}`);
  });

  it('to a private address, too: a server that knows itself by no other name', () => {
    expect(location('http://10.0.0.7:8080/next')).toBe(`${AT_SHOP}/next`);
    expect(location('https://[fd00::7]/next')).toBe(`${AT_SHOP}/next`);
    expect(location('http://[::ffff:10.0.0.7]:8080/next')).toBe(`${AT_SHOP}/next`);
    expect(location('http://[::10.0.0.7]/next')).toBe(`${AT_SHOP}/next`);
    expect(location('http://[64:ff9b::10.0.0.7]/next')).toBe(`${AT_SHOP}/next`);
    expect(location('http://[::ffff:192.0.2.7]/next')).toBe('https://[::ffff:c000:207]/next');
  });

  it('with the port that the client uses', () => {
    const from = 'https://localhost:8787/cart';
    const origin = { pool: [{ url: 'http://localhost:8788', priority: 1, weight: 1 }] };
    expect(location('http://localhost:8788/next', { from, origin })).toBe('https://localhost:8787/next');
    expect(location('http://localhost:9999/bank', { from, origin })).toBe('http://localhost:9999/bank');
  });
});

describe('stays as it is:', () => {
  it.each([
    ['a path', '/next?a=1'],
    ['a relative path', 'next'],
    ['a query', '?page=2'],
    ['a fragment', '#top'],
    ['the shop itself', 'https://shop.acme.example/next'],
    ['a bank', 'https://acs.bank.example/3ds?id=1&x=%20'],
    ['an escape', '/a%20b'],
    ['an app', 'acme://thanks'],
    ['a name that only sounds like it', 'https://origin.example/next'],
    ['an identifier that begins as a URL does', 'https://login.example/?ns=http://specs.openid.net/auth/2.0'],
    ['nothing', ''],
  ])('%s', (_, written) => {
    expect(location(written)).toBe(written);
  });
});

describe('plain http becomes https', () => {
  it.each([
    ['at the shop', 'http://shop.acme.example/next', `${AT_SHOP}/next`],
    ['at the shop, on the port that its server listens on', 'http://shop.acme.example:8080/next', `${AT_SHOP}/next`],
    ['elsewhere', 'http://bank.example/3ds?id=1', 'https://bank.example/3ds?id=1'],
    ['elsewhere, in upper case', 'HTTP://bank.example/3ds', 'https://bank.example/3ds'],
    ['elsewhere, on port 80', 'http://bank.example:80/3ds', 'https://bank.example/3ds'],
  ])('%s', (_, written, expected) => {
    expect(location(written)).toBe(expected);
  });
});

describe('a server that is named further behind is not seen either', () => {
  it.each([
    [
      'as it is',
      'https://login.example/?to=https://nl.origin.acme.example/cb',
      'https://login.example/?to=https://shop.acme.example/cb',
    ],
    [
      'encoded',
      'https://login.example/?to=https%3A%2F%2Fnl.origin.acme.example%2Fcb',
      'https://login.example/?to=https%3A%2F%2Fshop.acme.example%2Fcb',
    ],
    [
      'under http, encoded',
      '/login?to=http%3A%2F%2Fnl.origin.acme.example%2Fcb',
      '/login?to=https%3A%2F%2Fshop.acme.example%2Fcb',
    ],
    [
      'encoded twice',
      '/login?to=https%253A%252F%252FNL.origin.acme.example',
      '/login?to=https%253A%252F%252Fshop.acme.example',
    ],
    ['with an encoded letter', '/login?to=nl.o%72igin.acme.example', '/login?to=shop.acme.example'],
    [
      'as a user',
      '/login?to=https://nl.origin.acme.example@evil.example',
      '/login?to=https://shop.acme.example@evil.example',
    ],
  ])('%s', (_, written, expected) => {
    expect(location(written)).toBe(expected);
  });

  it.each([
    ['below a server', 'https://static.nl.origin.acme.example/x'],
    ['above a stranger', 'https://nl.origin.acme.example.evil.example/x'],
    ['behind another word', 'https://old-nl.origin.acme.example/x'],
  ])('and goes where nobody can say what to write instead: %s', (_, written) => {
    expect(location(written)).toBeNull();
  });
});

it.each([
  ['Content-Location', 'http://nl.origin.acme.example/doc', 'https://shop.acme.example/doc'],
  ['SourceMap', 'https://nl.origin.acme.example/a.map', 'https://shop.acme.example/a.map'],
  ['X-Pingback', 'http://nl.origin.acme.example/xmlrpc.php', 'https://shop.acme.example/xmlrpc.php'],
  ['Refresh', '5; url=http://nl.origin.acme.example/next', '5; url=https://shop.acme.example/next'],
  ['Refresh', "0;URL='//NL.origin.acme.example/next'", "0;URL='https://shop.acme.example/next'"],
  ['Refresh', '3, http://bank.example/', '3, https://bank.example/'],
  ['Refresh', '5', '5'],
  [
    'Link',
    '<http://nl.origin.acme.example/a.css>; rel=preload, </b.js>; rel=preload',
    '<https://shop.acme.example/a.css>; rel=preload, </b.js>; rel=preload',
  ],
  [
    'Link',
    '<http://cdn.example/a.css>; rel=preload; anchor="https://de.origin.acme.example"',
    '<https://cdn.example/a.css>; rel=preload; anchor="https://shop.acme.example"',
  ],
])('%s: %s', (name, written, expected) => {
  expect(seen({ [name]: written }).get(name)).toBe(expected);
});

describe('where the server’s name is the end of the shop’s', () => {
  const setting = { origin: { pool: [{ url: 'https://acme.example', priority: 1, weight: 1 }] } };
  it('the shop’s name and those beside it stay', () => {
    expect(location('https://shop.acme.example/next', setting)).toBe('https://shop.acme.example/next');
    expect(location('https://cdn.acme.example/next', setting)).toBe('https://cdn.acme.example/next');
  });

  it('the server’s own name does not', () => {
    expect(location('https://acme.example/next', setting)).toBe('https://shop.acme.example/next');
  });
});
