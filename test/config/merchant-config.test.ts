/**
 * A configuration checked whole: what fields mean together, what the deployment allows, and all faults at once.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { changed, deployment, faultsOf, pathsOf, production } from './deployment.ts';
import { full as whole } from './full-merchant.ts';

// A passkey's domain hangs on the hosts, which are changed here.
const full = { ...whole, step_up: { ...whole.step_up, passkey: { ...whole.step_up.passkey, rp_id: undefined } } };

let here: Environment;
let live: Environment;
beforeAll(async () => {
  here = await deployment();
  live = await deployment({ ...production, CORDON_IDENTITY_TESTS: 'rk_live_of_the_tests' });
});

it.each([[null], ['acme'], [[]], [1], [true], [undefined]])('refuses %j as a whole', (input) => {
  expect(pathsOf(input, here)).toEqual(['']);
});

describe('fields that do not go together', () => {
  const twoRoutes = [full.routes[0], { ...full.routes[0], match: { methods: ['POST'], path: '/other' } }];
  const jwt = full.routes[0]?.customer?.jwt;

  it.each<[string, string, unknown, string]>([
    ['an id that is not the one it is written for', '/id', 'other', '/id'],
    ['a host twice', '/hosts', ['a.example', 'b.example', 'a.example'], '/hosts/2'],
    ['hosts and routes without an origin', '/origin', undefined, '/origin'],
    ['two routes of one name', '/routes', twoRoutes, '/routes/1/name'],
    ['an origin with a path', '/origin/pool/0/url', 'https://origin.acme.example/api', '/origin/pool/0/url'],
    ['an origin with a query', '/origin/pool/0/url', 'https://origin.acme.example/?x', '/origin/pool/0/url'],
    ['an origin with credentials', '/origin/pool/0/url', 'https://a:b@origin.acme.example', '/origin/pool/0/url'],
    ['an origin over http', '/origin/pool/0/url', 'http://origin.acme.example', '/origin/pool/0/url'],
    [
      'an origin twice',
      '/origin/pool',
      [{ url: 'https://a.acme.example' }, { url: 'https://A.acme.example:443/' }],
      '/origin/pool/1/url',
    ],
    ['a certificate that the deployment lacks', '/origin/mtls', 'ORIGIN_NONE', '/origin/mtls'],
    ['a script as an origin', '/origin/pool/0/url', 'javascript:alert(1)', '/origin/pool/0/url'],
    [
      'keys from an address',
      '/routes/0/customer/jwt/jwks_url',
      'https://10.0.0.1/keys',
      '/routes/0/customer/jwt/jwks_url',
    ],
    [
      'neither keys nor a secret',
      '/routes/0/customer/jwt',
      { header: 'authorization', claim: 'sub' },
      '/routes/0/customer/jwt',
    ],
    ['keys and a secret', '/routes/0/customer/jwt/secret_name', 'CORDON_JWT_TESTS', '/routes/0/customer/jwt'],
    [
      'a secret that is no customer secret',
      '/routes/0/customer/jwt',
      { ...jwt, jwks_url: undefined, algorithms: undefined, secret_name: 'CORDON_MASTER_KEY' },
      '/routes/0/customer/jwt/secret_name',
    ],
    [
      'a secret that the deployment lacks',
      '/routes/0/customer/jwt',
      { ...jwt, jwks_url: undefined, algorithms: undefined, secret_name: 'CORDON_JWT_NONE' },
      '/routes/0/customer/jwt/secret_name',
    ],
    [
      'a secret with public-key algorithms',
      '/routes/0/customer/jwt',
      { ...jwt, jwks_url: undefined, secret_name: 'CORDON_JWT_TESTS' },
      '/routes/0/customer/jwt/algorithms',
    ],
  ])('%s', (_, pointer, to, path) => {
    expect(pathsOf(changed(full, pointer, to), here)).toEqual([path]);
  });

  it('yet a merchant of the API alone needs none of hosts, origin and routes', () => {
    expect(faultsOf({ id: 'acme' }, here)).toEqual([]);
  });

  it('and a secret that the deployment has is taken', () => {
    const secret = { header: 'authorization', claim: 'sub', secret_name: 'CORDON_JWT_TESTS', algorithms: ['HS256'] };
    expect(faultsOf(changed(full, '/routes/0/customer/jwt', secret), here)).toEqual([]);
  });
});

describe('in production', () => {
  it('the baseline holds', () => {
    expect(faultsOf(full, live)).toEqual([]);
  });

  it.each(['localhost', '127.0.0.1', '[::1]', '10.0.0.1', '203.0.113.9'])('the host %s is refused', (host) => {
    expect(pathsOf(changed(full, '/hosts/1', host), live)).toEqual(['/hosts/1']);
  });

  it('the management host is nobody’s', () => {
    expect(pathsOf(changed(full, '/hosts/1', 'cordon.example.com'), live)).toEqual(['/hosts/1']);
    expect(pathsOf(changed(full, '/hosts/1', 'cordon.example.com'), here)).toEqual([]);
  });

  it('a loopback origin is refused, which development takes', () => {
    const config = changed(full, '/origin/pool/0/url', 'http://127.0.0.1:8788');
    expect(pathsOf(config, live)).toEqual(['/origin/pool/0/url']);
    expect(pathsOf(config, here)).toEqual([]);
  });
});

it('in development takes loopback hosts, and no other addresses', () => {
  expect(pathsOf(changed(full, '/hosts', ['localhost', '127.0.0.1', '127.8.8.8', '[::1]']), here)).toEqual([]);
  expect(pathsOf(changed(full, '/hosts', ['10.0.0.1', '[2001:db8::1]']), here)).toEqual(['/hosts/0', '/hosts/1']);
});

describe('lists every fault at once', () => {
  it('of the schema', () => {
    const config = {
      ...full,
      mode: 'on',
      x: 1,
      key_version: 0,
      routes: [{ name: 'A' }],
      network: { tor: 'no', asn: { deny: [0] } },
    };
    expect(pathsOf(config, here).sort()).toEqual(
      [
        '/key_version',
        '/mode',
        '/network/asn/deny/0',
        '/network/tor',
        '/routes/0/match',
        '/routes/0/name',
        '/x',
      ].sort(),
    );
  });

  it('of fields that do not go together', () => {
    const config = changed(
      changed({ ...full, id: 'other' }, '/hosts', ['a.example', 'a.example']),
      '/origin/pool/0/url',
      'http://a.example',
    );
    expect(pathsOf(config, here)).toEqual(['/id', '/hosts/1', '/origin/pool/0/url']);
  });

  it('of both kinds together', () => {
    const config = { ...full, id: 'other', mode: 'on' };
    expect(pathsOf(config, here).sort()).toEqual(['/id', '/mode']);
  });

  it('each with words, and none with a value', () => {
    const secret = 'hunter2-hunter2';
    const config = {
      ...full,
      mode: secret,
      key_version: secret,
      hosts: [`${secret}!`],
      origin: { pool: [{ url: `http://${secret}@a.example` }] },
    };
    const faults = faultsOf(config, here);
    expect(faults.every(({ message }) => message.length > 0)).toBe(true);
    expect(JSON.stringify(faults)).not.toContain(secret);
  });
});
