/**
 * Where Cordon may be told to send a request: never to an address, never in plain text, but to loopback in development.
 */
import { describe, expect, it } from 'vitest';
import { checkOutboundUrl, isLoopback } from '../../src/config/outbound-url.ts';

const BOTH = ['production', 'development'] as const;

describe('takes, everywhere', () => {
  it.each([
    'https://origin.acme.example',
    'https://origin.acme.example:443/',
    'https://origin.acme.example:8443',
    'https://login.acme.example/keys?v=1',
    'HTTPS://Origin.Acme.Example',
    'https://xn--bcher-kva.example',
    'https://localhost.acme.example',
    'https://internal.acme.example',
    'https://127.0.0.1.acme.example',
  ])('%s', (url) => {
    for (const kind of BOTH) expect(checkOutboundUrl(url, kind)).toBeNull();
  });
});

describe('refuses, everywhere', () => {
  it.each([
    ['plain text', 'http://origin.acme.example'],
    ['another scheme', 'ftp://origin.acme.example'],
    ['a socket', 'wss://origin.acme.example'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/plain,x'],
    ['a file', 'file:///etc/passwd'],
    ['a user', 'https://user@origin.acme.example'],
    ['a user and a password', 'https://user:secret@origin.acme.example'],
    ['a password alone', 'https://:secret@origin.acme.example'],
    ['another port', 'https://origin.acme.example:8080'],
    ['the port of ssh', 'https://origin.acme.example:22'],
    ['an address', 'https://203.0.113.9'],
    ['a private address', 'https://10.0.0.1'],
    ['the address of cloud metadata', 'https://169.254.169.254'],
    ['an address as a number', 'https://3405803785'],
    ['an address in hexadecimal', 'https://0xa9.0xfe.0xa9.0xfe'],
    ['an address in octal', 'https://0251.0376.0251.0376'],
    ['a short address', 'https://10.1'],
    ['an address with a trailing dot', 'https://10.0.0.1.'],
    ['an IPv6 address', 'https://[2001:db8::1]'],
    ['a mapped address', 'https://[::ffff:10.0.0.1]'],
    ['a name without a dot', 'https://origin'],
    ['a local name', 'https://origin.local'],
    ['an internal name', 'https://metadata.google.internal'],
    ['an internal name with a trailing dot', 'https://metadata.google.internal.'],
    ['a name below localhost', 'https://origin.localhost'],
    ['a name in upper case', 'https://ORIGIN.LOCAL'],
    ['full-width digits', 'https://１０.0.0.1'],
  ])('%s: %s', (_, url) => {
    for (const kind of BOTH) expect(checkOutboundUrl(url, kind)).toEqual(expect.stringMatching(/^must /));
  });
});

describe('loopback is for development alone', () => {
  it.each([
    'http://localhost:8788',
    'http://127.0.0.1:3000',
    'http://127.8.8.8',
    'http://[::1]:8788',
    'https://localhost:8443',
    'http://2130706433',
    'http://127.1',
  ])('%s', (url) => {
    expect(checkOutboundUrl(url, 'development')).toBeNull();
    expect(checkOutboundUrl(url, 'production')).not.toBeNull();
  });

  it.each(['ftp://localhost', 'http://user@localhost:8788', 'http://:x@127.0.0.1'])(
    '%s is refused there too',
    (url) => {
      expect(checkOutboundUrl(url, 'development')).not.toBeNull();
    },
  );

  it.each(['localhost.acme.example', '127.0.0.1.acme.example', '[::2]', '128.0.0.1', '0.0.0.0', '', 'xlocalhost'])(
    '%s is none',
    (hostname) => {
      expect(isLoopback(hostname)).toBe(false);
    },
  );
});

it('repeats nothing of a URL that may hold a password', () => {
  expect(checkOutboundUrl('https://user:hunter2@origin.acme.example', 'production')).not.toContain('hunter2');
});
