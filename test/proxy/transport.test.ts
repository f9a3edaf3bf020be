/**
 * Before anything else: a safe transport, a known host, an address that the edge vouches for.
 */
import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { manage, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { codeOf, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme();
});
afterEach(() => vi.unstubAllGlobals());

describe('plain text', () => {
  it.each(['GET', 'HEAD'])('sends %s to https with 308', async (method) => {
    const answer = await exports.default.fetch('http://shop.acme.example/cart?a=1', { method, redirect: 'manual' });
    expect(answer.status).toBe(308);
    expect(answer.headers.get('location')).toBe('https://shop.acme.example/cart?a=1');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'refuses %s with 403: no card is invited to travel twice',
    async (method) => {
      const answer = await exports.default.fetch('http://shop.acme.example/api/pay', { method });
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'https_required']);
    },
  );

  it('holds for Cordon’s own paths, and believes no header about it', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'cf-visitor': '{"scheme":"https"}' };
    const answer = await exports.default.fetch('http://localhost/.cordon/v1/merchants', { method: 'PUT', headers });
    expect(answer.status).toBe(403);
  });

  afterEach(() => expect(origin.arrived).toHaveLength(0));
});

describe('TLS version', () => {
  const cf = (tlsVersion: string) => ({ country: 'NL', asn: 1136, tlsVersion });

  it.each([
    ['1.2', 'TLSv1.1', 403],
    ['1.2', 'TLSv1', 403],
    ['1.2', 'TLSv1.2', 200],
    ['1.3', 'TLSv1.2', 403],
    ['1.3', 'TLSv1.3', 200],
  ])('under minimum %s answers %s with %i', async (minimum_tls, tlsVersion, status) => {
    await putAcme({ network: { minimum_tls } });
    expect((await pay({ cf: cf(tlsVersion) })).status).toBe(status);
    expect((await pay({ cf: cf(tlsVersion), method: 'GET', path: '/other', body: null })).status).toBe(status);
  });

  it('is only recorded in shadow', async () => {
    const log = vi.spyOn(console, 'log');
    await putAcme({ network: { minimum_tls: '1.3', modes: { tls_version: 'shadow' } } });
    expect((await pay({ cf: cf('TLSv1.2') })).status).toBe(200);
    expect(log.mock.calls.join()).toContain('tls_version/shadow');
  });
});

describe('who is asking', () => {
  it('answers 503 on a host that no merchant has', async () => {
    const answer = await pay({ shop: 'https://nobody.example' });
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'not_guarded']);
  });

  it('answers 503 on a host that the merchant’s own configuration does not name', async () => {
    const { env } = await import('cloudflare:workers');
    await env.MERCHANTS.put('host:stray.example', 'acme');
    expect((await pay({ shop: 'https://stray.example' })).status).toBe(503);
  });

  it.each([null, '', 'unknown', '1.2.3', '1.2.3.4, 5.6.7.8'])('refuses an attempt whose address is %j', async (ip) => {
    const answer = await pay({ ip, headers: { 'x-forwarded-for': '203.0.113.9', 'true-client-ip': '203.0.113.9' } });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'no_client_address']);
    expect(origin.arrived).toHaveLength(0);
  });

  it.each<[string, Try]>([
    ['a page', { path: '/cart', method: 'GET', body: null }],
    ['a form', { path: '/cart', body: 'a=1' }],
    ['a look at a protected path', { method: 'GET', body: null }],
    ['a question about it', { method: 'OPTIONS', body: null }],
  ])('refuses whose address it does not know beside the attempts too: %s', async (_, request) => {
    for (const mode of ['enforce', 'shadow']) {
      await putAcme({ mode });
      const answer = await pay({ ...request, ip: null });
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'no_client_address']);
    }
    expect(origin.arrived).toHaveLength(0);
    await putAcme({ mode: 'off' });
    expect((await pay({ ...request, ip: null })).status).toBe(200);
  });

  it('answers 503 once the merchant is deleted', async () => {
    expect((await pay()).status).toBe(200);
    expect((await manage('DELETE', '/merchants/acme')).status).toBe(204);
    expect((await pay()).status).toBe(503);
  });
});
