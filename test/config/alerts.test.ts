/**
 * Who may be told of alerts: what a configuration may say, and what it may not.
 */
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { checkReceiver } from '../../src/config/alert-policy.ts';
import { type Environment, parseEnvironment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { api, configure, newKey } from '../api/backend.ts';

const alerts = { url: 'https://ops.acme.example/hooks/cordon', secret_name: 'CORDON_ALERT_TESTS' };

async function faultsOf(change: Record<string, unknown>): Promise<readonly string[]> {
  const answer = await api('PUT', '/merchants/teller', { body: { id: 'teller', ...change } });
  if (answer.status < 300) return [];
  const { errors } = (await answer.json()) as { errors: { path: string; message: string }[] };
  return errors.map(({ path, message }) => `${path} ${message}`);
}

describe('is taken', () => {
  it.each([
    ['a URL and a secret', {}],
    ['several secrets, while one is replaced', { secret_name: ['CORDON_ALERT_TESTS', 'CORDON_ALERT_NEXT'] }],
    ['some kinds', { kinds: ['gate_unavailable', 'attack'] }],
    ['port 8443', { url: 'https://ops.acme.example:8443/' }],
    ['loopback in development', { url: 'http://127.0.0.1:9000/hook' }],
  ])('%s', async (_, change) => {
    expect(await faultsOf({ alerts: { ...alerts, ...change } })).toEqual([]);
  });
});

describe('is refused', () => {
  it.each([
    ['no URL', { url: undefined }, '/alerts/url'],
    ['no secret', { secret_name: undefined }, '/alerts/secret_name'],
    ['a secret of another kind', { secret_name: 'CORDON_WEBHOOK_STRIPE' }, '/alerts/secret_name'],
    ['the master key', { secret_name: 'CORDON_MASTER_KEY' }, '/alerts/secret_name'],
    [
      'a secret that is not there',
      { secret_name: 'CORDON_ALERT_NONE' },
      '/alerts/secret_name this deployment has no such secret',
    ],
    ['the second of them', { secret_name: ['CORDON_ALERT_TESTS', 'CORDON_ALERT_NONE'] }, '/alerts/secret_name/1'],
    [
      'a secret of the wrong form',
      { secret_name: 'CORDON_ALERT_BAD' },
      '/alerts/secret_name must hold whsec_ and 24 to 64 bytes in base64',
    ],
    ['five secrets', { secret_name: Array(5).fill('CORDON_ALERT_TESTS') }, '/alerts/secret_name'],
    ['a kind that is none', { kinds: ['everything'] }, '/alerts/kinds/0'],
    ['a kind twice', { kinds: ['attack', 'attack'] }, '/alerts/kinds'],
    ['no kind', { kinds: [] }, '/alerts/kinds'],
    ['another field', { email: 'ops@acme.example' }, '/alerts/email'],
    ['plain http', { url: 'http://ops.acme.example/' }, '/alerts/url must be an https URL'],
    ['another port', { url: 'https://ops.acme.example:22/' }, '/alerts/url must use port 443 or 8443'],
    ['credentials', { url: 'https://u:p@ops.acme.example/' }, '/alerts/url must hold no credentials'],
    ['a private address', { url: 'https://10.0.0.1/' }, '/alerts/url must name a public host'],
    ['a private address in hexadecimal', { url: 'https://0x0a000001/' }, '/alerts/url must name a public host'],
    ['a private address as one number', { url: 'https://167772161/' }, '/alerts/url must name a public host'],
    [
      'the address of metadata',
      { url: 'https://169.254.169.254/latest/meta-data/' },
      '/alerts/url must name a public host',
    ],
    ['the name of metadata', { url: 'https://metadata.google.internal/' }, '/alerts/url must name a public host'],
    ['a link-local address', { url: 'https://[fe80::1]/' }, '/alerts/url must name a public host'],
    ['a private IPv6 address', { url: 'https://[fd00::1]/' }, '/alerts/url must name a public host'],
    ['an IPv4 address within IPv6', { url: 'https://[::ffff:10.0.0.1]/' }, '/alerts/url must name a public host'],
    ['a name of this network', { url: 'https://printer.local/' }, '/alerts/url must name a public host'],
    ['a name without a dot', { url: 'https://intranet/' }, '/alerts/url must name a public host'],
    ['another scheme', { url: 'file:///etc/passwd' }, '/alerts/url'],
    ['the scheme of a script', { url: 'javascript:alert(1)' }, '/alerts/url'],
  ])('%s', async (_, change, expected) => {
    const faults = await faultsOf({ alerts: { ...alerts, ...change } });
    expect(faults.length).toBeGreaterThan(0);
    expect(
      faults.some((fault) => fault.startsWith(expected)),
      faults.join('; '),
    ).toBe(true);
  });

  it('the merchant’s own host, and the host of the management', async () => {
    const origin = { pool: [{ url: 'https://o.acme.example' }] };
    const shop = {
      hosts: ['shop.teller.example'],
      origin,
      alerts: { ...alerts, url: 'https://shop.teller.example/hook' },
    };
    expect(await faultsOf(shop)).toEqual(['/alerts/url must not be an address of Cordon itself']);
    const production = { kind: 'production', adminHost: 'cordon.example.com' } as Environment;
    expect(checkReceiver('https://cordon.example.com/', [], production)).toBe(
      'must not be an address of Cordon itself',
    );
    expect(checkReceiver('https://CORDON.example.com/x', [], production)).toBe(
      'must not be an address of Cordon itself',
    );
    expect(checkReceiver('https://cordon.example.com./', [], production)).toBe(
      'must not be an address of Cordon itself',
    );
    expect(checkReceiver('http://127.0.0.1/', [], production)).not.toBeNull();
    expect(checkReceiver('https://localhost/', [], production)).not.toBeNull();
  });

  it('where the deployment has no object to keep them', async () => {
    const parsed = await parseEnvironment(env as never);
    if (!parsed.ok) throw new Error('no environment');
    const valid = validateMerchant({ id: 'teller', alerts }, 'teller', parsed.environment);
    expect(valid).toMatchObject({
      ok: false,
      faults: [{ path: '/alerts', message: 'this deployment has no ALERTS binding' }],
    });
  });

  it('a secret that the merchant’s own key names first', async () => {
    await configure('namer', { card_testing_guard_config: { card_ip_blocking_status: 'enabled' } });
    const { key } = await newKey('namer');
    const body = { id: 'namer', alerts };
    const answer = await api('PUT', '/merchants/namer', { key, body });
    expect([answer.status, JSON.stringify(await answer.json())]).toEqual([
      422,
      expect.stringContaining('/alerts/secret_name'),
    ]);
    await configure('namer', { alerts });
    const moved = await api('PUT', '/merchants/namer', {
      key,
      body: { id: 'namer', alerts: { ...alerts, url: 'https://else.acme.example/' } },
    });
    expect(moved.status).toBe(200);
  });
});

it('no answer of the API tells a secret', async () => {
  await configure('teller', { alerts });
  const told = await Promise.all(
    ['/merchants/teller', '/merchants/teller/alerts'].map(async (path) => (await api('GET', path)).text()),
  );
  expect(told.join()).not.toContain('whsec_');
  expect(exports.default).toBeDefined();
});
