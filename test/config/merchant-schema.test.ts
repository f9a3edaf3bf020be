/**
 * A full and valid configuration with one fault: exactly that field is named.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { changed, deployment, faultsOf, pathsOf } from './deployment.ts';
import { full } from './full-merchant.ts';

let here: Environment;
beforeAll(async () => {
  here = await deployment();
});

it('takes the baseline', () => {
  expect(faultsOf(full, here)).toEqual([]);
});

const GUARD = '/card_testing_guard_config';
const JWT = '/routes/0/customer/jwt';
const thresholds = ['card_ip', 'guest_user_card', 'customer_id', 'guest_ip'].map(
  (it) => `${GUARD}/${it}_blocking_threshold`,
);

describe.each<{ path: string; wrong: readonly unknown[] }>([
  { path: '/id', wrong: [undefined, '', 'Acme', 'a b', '-acme', 'acme-', 'a/b', 'a|1', 'x'.repeat(65), 1, null] },
  { path: '/mode', wrong: ['on', 'ENFORCE', '', true, null] },
  { path: '/hosts', wrong: ['shop.acme.example', {}, null] },
  {
    path: '/hosts/0',
    wrong: [
      'Shop.acme.example',
      'shop.acme.example:443',
      'https://shop.acme.example',
      '*.acme.example',
      'a_b.example',
      'shop.acme.example.',
      '-a.example',
      'a..example',
      '',
      ' a.example',
      'a.example/',
      `${'a'.repeat(64)}.example`,
      'bücher.example',
      1,
    ],
  },
  {
    path: '/origin/pool',
    wrong: [[], undefined, [{ url: 'https://a.example' }, { url: 'https://b.example' }], 'https://a.example'],
  },
  { path: '/origin/pool/0/url', wrong: [undefined, '', 'origin.acme.example', '//origin.acme.example', 'https://', 1] },
  { path: '/origin/pool/0/country', wrong: ['nl', 'NLD', '', 'T1'] },
  { path: '/origin/pool/0/priority', wrong: [0, -1, 1.5, '1'] },
  { path: '/routes/0/name', wrong: [undefined, '', 'Pay', 'a b', 'x'.repeat(65)] },
  { path: '/routes/0/match/methods', wrong: [undefined, [], 'POST'] },
  { path: '/routes/0/match/methods/0', wrong: ['post', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', '*', ''] },
  {
    path: '/routes/0/match/path',
    wrong: [
      undefined,
      '',
      'api/pay',
      '/api//pay',
      '/api/*',
      '/api/pay?x=1',
      '/api/pay#x',
      '/api/p%61y',
      '/api/pay;x',
      '/api/{Id}',
      '/api/{id}x',
      '/api/a{id}',
      '/api/pay ',
      '/api/\\pay',
      '/é',
      `/${'a'.repeat(512)}`,
    ],
  },
  { path: '/routes/0/kind', wrong: ['pay', '', null] },
  { path: '/routes/0/access', wrong: ['public', ''] },
  { path: '/routes/0/accepts', wrong: [['static'], [], 'static'] },
  {
    path: '/routes/0/body',
    wrong: ['sealed', 'multipart', 'JSON', [], ['json', 'json'], ['json', 'multipart'], ['json', 'graphql'], null],
  },
  { path: '/routes/0/operations', wrong: [[], 'pay', null, [{ field: 'pay', outcome: {} }]] },
  { path: '/routes/0/persisted', wrong: [{}, ['x'], 'x'] },
  { path: '/routes/0/card', wrong: ['either', '', true] },
  { path: '/routes/0/fields/token', wrong: ['token', '', [], 1] },
  { path: '/routes/0/fields/card_fingerprint', wrong: ['fingerprint', null] },
  { path: '/routes/0/fields', wrong: [{ card_number: '/card', token: '/card' }] },
  { path: '/routes/0/not_tokens', wrong: ['new'] },
  { path: '/routes/0/pairs', wrong: ['/data'] },
  { path: '/routes/0/pairs/0', wrong: ['data', ''] },
  { path: '/routes/0/attempt_unless', wrong: [null, []] },
  { path: '/routes/0/attached_to', wrong: ['id', '', '{Id}', '{order}'] },
  { path: '/routes/0/continues', wrong: ['id', '', '{Id}', '{order}', null, ['/id']] },
  { path: '/routes/0/outcome/location', wrong: ['redirect', '', [], null] },
  { path: '/routes/0/outcome/pending/1/location', wrong: [[], '/thanks', null] },
  { path: '/routes/0/outcome/pending/1/location/0', wrong: ['', 'thanks', 'http://x', '?a=1', '/a b', 1] },
  { path: '/returns', wrong: [null, {}] },
  { path: '/returns/0/name', wrong: [undefined, '', 'Back'] },
  { path: '/returns/0/match/methods', wrong: [undefined, [], 'GET'] },
  { path: '/returns/0/match/methods/0', wrong: ['HEAD', 'PUT', 'get'] },
  { path: '/returns/0/match/path', wrong: [undefined, 'back', '/back/*', '/back/{id}x'] },
  { path: '/returns/0/match/query', wrong: [{}, 'from=bank'] },
  {
    path: '/returns/0/payment_id',
    wrong: [undefined, '/id', {}, { answer: '/id', location: 'id' }],
  },
  { path: '/returns/0/outcome', wrong: [undefined, {}, { pending: [{ status: [200] }] }] },
  { path: '/returns/0/outcome/unmatched', wrong: ['ignore', ''] },
  { path: '/returns/0/processor', wrong: ['paypal'] },
  { path: '/returns/0/timeout_seconds', wrong: [0, 26, '20'] },
  { path: '/routes/0/match/query', wrong: [{}, 'wc-ajax=checkout', null] },
  { path: '/routes/0/processor', wrong: ['paypal', ''] },
  { path: '/routes/0/outcome/card_fingerprint', wrong: ['card', ''] },
  { path: '/routes/0/outcome/card_token', wrong: ['id'] },
  { path: '/preset', wrong: ['magento', '', null, ['stripe']] },
  {
    path: '/routes/0/fields/card_number',
    wrong: ['card/number', '', '/a~2b', 'card.number', `/${'a'.repeat(256)}`, 1, null],
  },
  { path: '/routes/0/fields/email', wrong: ['email', ''] },
  { path: `${JWT}/header`, wrong: [undefined, '', 'a b', 'x_y', 'é'] },
  { path: `${JWT}/claim`, wrong: [undefined, '', 'x'.repeat(65)] },
  { path: `${JWT}/jwks_url`, wrong: ['keys', ''] },
  { path: `${JWT}/algorithms`, wrong: [[], ['HS256'], ['ES256', 'HS256']] },
  { path: `${JWT}/algorithms/0`, wrong: ['none', 'RSA1_5', 'es256', ''] },
  { path: '/routes/0/outcome/failed/0/status', wrong: [[], '402'] },
  { path: '/routes/0/outcome/failed/0/status/0', wrong: [99, 600, 402.5, '402'] },
  { path: '/routes/0/outcome/failed/0', wrong: [{}, { json: {} }, 'failed'] },
  { path: '/routes/0/outcome/failed/1/json/~1status', wrong: [[], 'failed'] },
  { path: '/routes/0/outcome/decline_reason', wrong: ['error', ''] },
  { path: '/routes/0/outcome/unmatched', wrong: ['ignore', ''] },
  { path: '/routes/0/refusal', wrong: ['plain', 400] },
  { path: '/routes/0/timeout_seconds', wrong: [0, 0.5, 26, -1, '20', null] },
  { path: `${GUARD}/card_ip_blocking_status`, wrong: ['on', true, 'Enabled', ''] },
  ...thresholds.map((path) => ({ path, wrong: [0, -1, 1.5, 10_001, '3', null, 1e300] })),
  { path: `${GUARD}/card_testing_guard_expiry`, wrong: [0, -1, 0.5, 90 * 86_400 + 1, '3600'] },
  { path: '/velocity', wrong: ['recommended', [{ name: 'x' }]] },
  { path: '/attack_mode/mode', wrong: ['auto', 'on'] },
  { path: '/network/minimum_tls', wrong: ['1.1', '1.0', 1.2, 'TLSv1.2'] },
  { path: '/network/allowlist', wrong: ['203.0.113.9', {}] },
  { path: '/network/allowlist/0', wrong: ['203.0.113.0/28', null] },
  { path: '/network/allowlist/0/label', wrong: [undefined, '', 'x'.repeat(65), 1] },
  { path: '/network/allowlist/0/asn', wrong: [0, -1, 2 ** 32, 1.5, 'AS1136', null] },
  { path: '/network/allowlist/0/country', wrong: ['nl', 'UK', 'T1', 'continent:EU', '', null] },
  {
    path: '/network/allowlist/0/expires_at',
    wrong: [
      '2026-12-31',
      '2026-12-31T23:59Z',
      '2026-12-31T23:59:59',
      '2026-12-31T23:59:59+01:00',
      '2026-02-30T00:00:00Z',
      '2026-12-31 23:59:59Z',
      'never',
      1_800_000_000,
    ],
  },
  {
    path: '/network/operating_countries/0',
    wrong: ['nl', 'NLD', '', 'T1', 'UK', 'XX', 'EU', 'continent:eu', 'region:EU', 'region:', 'region:nato'],
  },
  { path: '/network/deny_countries/0', wrong: ['fr', 'France'] },
  { path: '/network/deny_countries', wrong: [['NL'], ['continent:EU'], ['region:eu', 'region:eea']] },
  { path: '/network/payer_country', wrong: ['yes', null, 1] },
  { path: '/network/unknown_country', wrong: ['allow', 'deny'] },
  { path: '/network/tor', wrong: ['allow', true] },
  { path: '/network/asn', wrong: [{ deny: [1], allow: [1] }] },
  { path: '/network/asn/deny/0', wrong: [0, -1, 2 ** 32, 1.5, 'AS1'] },
  { path: '/network/asn/hosting', wrong: ['deny', 'allow', true, 40] },
  { path: '/network/asn/vpn', wrong: ['deny', ''] },
  { path: '/network/country_mismatch', wrong: ['block', 'review', true] },
  { path: '/reputation', wrong: [null, []] },
  { path: '/reputation/feeds', wrong: ['tor', {}] },
  { path: '/reputation/feeds/0', wrong: ['Not A Name', '', null] },
  { path: '/reputation/providers', wrong: ['abuseipdb', true, {}] },
  { path: '/reputation/providers/0', wrong: ['abuseipdb', null] },
  { path: '/reputation/providers/0/name', wrong: ['AbuseIPDB', 'proxycheck', '', undefined] },
  { path: '/reputation/providers/0/timeout_ms', wrong: [0, 49, 1_001, 100.5, '300'] },
  { path: '/reputation/providers/0/cache_seconds', wrong: [0, 59, 604_801, 60.5] },
  { path: '/reputation/providers/0/daily_budget', wrong: [0, -1, 10_000_001, 1.5] },
  { path: '/reputation/providers/0/weight', wrong: [0, 0.04, 1.01, '1'] },
  { path: '/reputation/providers/0/then', wrong: ['allow', 'deny', true] },
  { path: '/reputation/providers/0/then_at', wrong: [0, 101, 75.5] },
  { path: '/reputation/providers/0/api_url', wrong: ['', 'api.abuseipdb.com', 7] },
  { path: '/reputation/shared', wrong: ['no', 1, null] },
  { path: '/reputation/feeds/1', wrong: [{}, { name: 'a', weight: '1' }] },
  { path: '/reputation/feeds/1/typo', wrong: [1] },
  { path: '/reputation/feeds/1/weight', wrong: [0, 0.04, 1.01] },
  { path: '/reputation/feeds/1/then_at', wrong: [0, 101] },
  { path: '/reputation/step_up_above', wrong: [-1, 101, 70.5, '70'] },
  { path: '/reputation/on_silence', wrong: ['ignore', 'deny'] },
  { path: '/reputation/sizes/hosting', wrong: [-1, 101, 0.5, '40'] },
  { path: '/network/modes/country', wrong: ['on', true] },
  { path: '/session', wrong: [null, true, 'enforce', []] },
  { path: '/session/mode', wrong: [undefined, 'on', 'challenge', true, null] },
  { path: '/session/min_age_seconds', wrong: [-1, 61, 0.5, '2', null] },
  { path: '/session/max_age_seconds', wrong: [0, 599, 30 * 86_400 + 1, 600.5, '86400', null] },
  { path: '/session/max_addresses', wrong: [0, 33, 1.5, '8', null] },
  { path: '/session/max_cards', wrong: [0, 33, 1.5, '6', null] },
  { path: '/step_up/methods', wrong: [['turnstile']] },
  { path: '/step_up/fallback', wrong: ['challenge', ''] },
  { path: '/rules', wrong: [[{ name: 'x', when: 'true' }]] },
  { path: '/gate/location', wrong: ['europe', ''] },
  { path: '/gate/jurisdiction', wrong: ['de', ''] },
  { path: '/gate/shards', wrong: [0, 2, '1'] },
  { path: '/key_version', wrong: [0, -1, 1.5, 1_000_001] },
  { path: '/reservation_seconds', wrong: [0, 59, 3_601, 60.5] },
  { path: '/max_block_seconds', wrong: [0, 59, 90 * 86_400 + 1] },
  { path: '/on_gate_unavailable', wrong: ['open', 'challenge'] },
])('$path', ({ path, wrong }) => {
  it.each(wrong.map((value) => ({ value })))('is the only fault when it is $value', ({ value }) => {
    // A JSON Pointer as a member's name stands escaped in the fault, and unescaped in the configuration.
    const pointer = path.replace('/~1status', '');
    const to = pointer === path ? value : { '/status': value };
    expect([...new Set(pathsOf(changed(full, pointer, to), here))]).toEqual([path]);
  });
});

describe('takes every limit', () => {
  it.each([
    ['/id', ['a', 'a-b_c', 'acme']],
    [
      '/hosts/0',
      ['a', 'xn--bcher-kva.example', '1.example', 'localhost', '127.0.0.1', '[::1]', `${'a'.repeat(63)}.example`],
    ],
    ['/routes/0/match/path', ['/', '/a', '/a/b.php', '/{id}', '/a/{order_id}/b', '/~a/b-c_d']],
    ['/routes/0/timeout_seconds', [1, 2.5, 25]],
    ['/routes/0/body', ['json', ['form'], ['json', 'form']]],
    ['/routes/0/fields/card_number', ['/a', ['/a'], ['/a', '/b/c']]],
    ['/routes/0/attempt_unless', [{}, { '/confirm': [false, 'false', null, 0] }]],
    ['/routes/0/attached_to', ['{id}', '/other/id']],
    ['/routes/0/match/query', [{ 'wc-ajax': ['checkout', 'pay'] }, { rest_route: ['/wc/store/v1/checkout'] }]],
    ['/routes/0/refuse_containing', [{ '/requests/*/path': ['checkout'] }]],
    ['/routes/0/fields/card_number', ['/a', '/a/0/b', '/', '/a~0b~1c', '/é']],
    [`${GUARD}/card_ip_blocking_threshold`, [1, 10_000]],
    [`${GUARD}/card_testing_guard_expiry`, [1, 90 * 86_400]],
    ['/reservation_seconds', [60, 3_600]],
    ['/network/asn/deny/0', [1, 4_294_967_295]],
    ['/network/asn/hosting', ['ignore', 'score', 'review', 'challenge', 'block']],
    ['/reputation/step_up_above', [0, 100]],
    ['/reputation/providers', [[]]],
    ['/reputation/providers/0/timeout_ms', [50, 1_000]],
    ['/reputation/providers/0/cache_seconds', [60, 604_800]],
    ['/reputation/providers/0/daily_budget', [1, 10_000_000]],
    ['/reputation/providers/0/weight', [0.05, 1]],
    ['/reputation/providers/0/then', ['score', 'review', 'challenge', 'block']],
    ['/reputation/providers/0/then_at', [1, 100]],
    ['/reputation/sizes/vpn', [0, 100]],
    ['/routes/0/access', ['shopper', 'server']],
    ['/network/allowlist/0/expires_at', ['2020-01-01T00:00:00Z', '2026-12-31T23:59:59.999Z']],
    ['/network/operating_countries/0', ['NL', 'XK', 'continent:EU', 'region:eu']],
    ['/session/mode', ['enforce', 'shadow', 'off']],
    ['/session/min_age_seconds', [0, 60]],
    ['/session/max_age_seconds', [600, 30 * 86_400]],
    ['/session/max_addresses', [1, 32]],
    ['/session/max_cards', [1, 32]],
    ['/key_version', [1, 1_000_000]],
  ] as const)('of %s', (path, right) => {
    for (const value of right) {
      const config = changed(full, path, value) as { id: string };
      expect(faultsOf({ ...config, id: 'acme' }, here), String(value)).toEqual([]);
    }
  });
});
