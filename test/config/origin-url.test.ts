/**
 * Where an origin may be: refused when the configuration is written, and again when it is used, whoever wrote it.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Policies } from '../../src/config/policies.ts';
import { acme, manage, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';
import { changed, deployment, faultsOf, production } from './deployment.ts';

const URL_PATH = '/origin/pool/0/url';
const REFUSED = [
  ['private', 'https://10.0.0.1'],
  ['private, of 172.16', 'https://172.16.0.1'],
  ['private, of 192.168', 'https://192.168.1.1'],
  ['shared', 'https://100.64.0.1'],
  ['loopback', 'https://127.0.0.1'],
  ['loopback in IPv6', 'https://[::1]'],
  ['loopback, mapped', 'https://[::ffff:127.0.0.1]'],
  ['loopback as a number', 'https://2130706433'],
  ['loopback in octal', 'https://0177.0.0.1'],
  ['loopback with a dot', 'https://localhost.'],
  ['this network', 'https://0.0.0.0'],
  ['link-local', 'https://169.254.1.1'],
  ['link-local in IPv6', 'https://[fe80::1]'],
  ['unique local', 'https://[fd00::1]'],
  ['public, and still an address', 'https://203.0.113.7'],
  ['metadata', 'https://169.254.169.254'],
  ['metadata in hexadecimal', 'https://0xa9fea9fe'],
  ['metadata in IPv6', 'https://[fd00:ec2::254]'],
  ['metadata of Google', 'https://metadata.google.internal'],
  ['metadata of Google, its other name, in upper case', 'https://METADATA.goog.'],
  ['metadata of Azure', 'https://metadata.azure.com'],
  ['metadata of Oracle and Alibaba', 'https://100.100.100.200'],
  ['a name that holds an address', 'https://169.254.169.254.nip.io'],
  ['a name of loopback', 'https://shop.localtest.me'],
  ['a name at home', 'https://origin.home.arpa'],
  ['a name inside', 'https://origin.corp'],
  ['a name of the dark', 'https://origin.onion'],
  ['no whole name', 'https://origin'],
  ['credentials', 'https://user:secret@origin.acme.example'],
  ['a user without a name', 'https://@origin.acme.example'],
  ['an odd port', 'https://origin.acme.example:8080'],
  ['the port of http', 'https://origin.acme.example:80'],
  ['http', 'http://origin.acme.example'],
  ['a path', 'https://origin.acme.example/api'],
  ['a query', 'https://origin.acme.example/?a'],
  ['an empty query', 'https://origin.acme.example/?'],
  ['a fragment', 'https://origin.acme.example/#a'],
  ['an empty fragment', 'https://origin.acme.example#'],
  ['backslashes', 'https:\\\\origin.acme.example'],
  ['a name that is none, and that no header would be searched for', 'https://nl_1.origin.acme.example'],
  ['the shop itself', 'https://shop.acme.example'],
  ['the shop itself, on another port', 'https://SHOP.acme.example.:8443'],
  ['the management host', 'https://cordon.example.com'],
] as const;

describe('refused when it is written, in production', () => {
  it.each(REFUSED)('%s: %s', async (_, url) => {
    const faults = faultsOf(
      changed(acme, URL_PATH, url),
      await deployment({ ...production, CORDON_JWT_TESTS: 'x'.repeat(40) }),
    );
    expect(faults.map(({ path }) => path)).toEqual([URL_PATH]);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  it('and each of the pool is looked at', async () => {
    const pool = ['https://nl.acme.example', 'https://10.0.0.1', 'https://shop.acme.example'].map((url) => ({ url }));
    const faults = faultsOf({ ...acme, origin: { pool } }, await deployment());
    expect(faults.map(({ path }) => path)).toEqual(['/origin/pool/1/url', '/origin/pool/2/url']);
  });

  it.each(['https://origin.acme.example', 'https://Origin.acme.example:8443/', 'https://xn--bcher-kva.example'])(
    '%s is taken',
    async (url) => {
      expect(faultsOf(changed(acme, URL_PATH, url), await deployment(production))).toEqual([]);
    },
  );
});

describe('over the API and in KV', () => {
  let origin: StandInOrigin;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    origin = new StandInOrigin();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const other = { ...acme, id: 'other', hosts: ['other.example'] };
  const loop = [{ path: URL_PATH, message: expect.stringContaining('go round') }];

  it('422 names the field, and what was in force stays', async () => {
    await putAcme();
    const answer = await manage('PUT', '/merchants/acme', changed(acme, URL_PATH, 'https://169.254.169.254'));
    expect(answer.status).toBe(422);
    expect(((await answer.json()) as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual([
      URL_PATH,
    ]);
    expect((await pay()).status).toBe(200);
  });

  it('another merchant’s host is refused: a request would go round', async () => {
    await putAcme();
    const answer = await manage('PUT', '/merchants/other', changed(other, URL_PATH, 'https://shop.acme.example:8443'));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: loop });
  });

  it.each([
    ['a private address', 'https://10.0.0.1'],
    ['the merchant’s own host', 'https://other.example'],
    ['another merchant’s host', 'https://shop.acme.example'],
  ])('a raw write of %s serves nobody', async (_, url) => {
    await putAcme();
    await env.MERCHANTS.put('merchant:other', JSON.stringify(changed(other, URL_PATH, url)));
    await env.MERCHANTS.put('host:other.example', 'other');
    vi.setSystemTime(Date.now() + 60_000);
    expect((await pay({ shop: 'https://other.example', path: '/', method: 'GET', body: null })).status).toBe(503);
    expect(origin.arrived).toEqual([]);
  });

  it('what development took is not used in production, though the gate kept it as good', async () => {
    await manage('PUT', '/merchants/other', changed(other, URL_PATH, 'http://127.0.0.1:8788'));
    const afterwards = (work: Promise<unknown>) => void work;
    const there = new Policies(await deployment());
    expect(await there.ofHost('other.example', Date.now(), afterwards)).not.toBeNull();
    const live = new Policies(await deployment({ ...production }));
    expect(await live.ofHost('other.example', Date.now(), afterwards)).toBeNull();
  });
});

describe('a request that has been here', () => {
  it.each(['/', '/api/pay'])('goes no further on %s', async (path) => {
    const origin = new StandInOrigin();
    await putAcme();
    await pay({ path });
    const mark = origin.arrived[0]?.headers.get('cordon-loop');
    expect(mark).toBe('1');
    const again = await pay({ path, headers: { 'cordon-loop': mark ?? '' } });
    expect([again.status, origin.arrived.length]).toEqual([508, 1]);
    expect(await again.json()).toMatchObject({ code: 'loop_detected' });
    vi.unstubAllGlobals();
  });
});
