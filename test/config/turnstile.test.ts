/**
 * Turnstile in a configuration: what it needs, where its secret may go, and which keys are none in production.
 */
import { describe, expect, it } from 'vitest';
import { deployment, faultsOf, pathsOf, production } from './deployment.ts';

const AT = '/step_up/turnstile';
const own = { site_key: '0x4AAAAAAA-site', secret_name: 'CORDON_TURNSTILE_TESTS' };
const asking = (change: Record<string, unknown> = {}) => ({
  id: 'acme',
  step_up: { methods: ['turnstile'], turnstile: { ...own, ...change } },
});

it('is taken, also in production', async () => {
  expect(pathsOf(asking(), await deployment(production))).toEqual([]);
});

it('is needed where it is offered', async () => {
  expect(faultsOf({ id: 'acme', step_up: { methods: ['turnstile'] } }, await deployment())).toEqual([
    { path: AT, message: 'is needed by the method turnstile' },
  ]);
});

describe('a key for tests is none in production', () => {
  it.each([
    '1x00000000000000000000AA',
    '2x00000000000000000000AB',
    '1x00000000000000000000BB',
    '2x00000000000000000000BB',
    '3x00000000000000000000FF',
  ])('the site key %s', async (site_key) => {
    expect(pathsOf(asking({ site_key }), await deployment(production))).toEqual([`${AT}/site_key`]);
    expect(pathsOf(asking({ site_key }), await deployment())).toEqual([]);
  });

  it.each(['1', '2', '3'])('the secret key %sx0…AA', async (digit) => {
    const secrets = { CORDON_TURNSTILE_TESTS: `${digit}x0000000000000000000000000000000AA` };
    const faults = faultsOf(asking(), await deployment({ ...production, ...secrets }));
    expect(faults.map(({ path }) => path)).toEqual([`${AT}/secret_name`]);
    expect(JSON.stringify(faults)).not.toContain(secrets.CORDON_TURNSTILE_TESTS);
    expect(pathsOf(asking(), await deployment(secrets))).toEqual([]);
  });
});

it('a secret that the deployment has not is a fault', async () => {
  const gone = asking({ secret_name: 'CORDON_TURNSTILE_GONE' });
  expect(faultsOf(gone, await deployment())).toEqual([
    { path: `${AT}/secret_name`, message: 'this deployment has no such secret' },
  ]);
});

describe('its secret goes to Cloudflare alone', () => {
  it.each([
    'https://keys.attacker.example',
    'https://challenges.cloudflare.com.attacker.example',
    'https://challenges.cloudflare.com/elsewhere',
    'http://challenges.cloudflare.com',
    'http://127.0.0.1:9000',
    'http://localhost:9000',
  ])('and not to %s', async (api_url) => {
    expect(pathsOf(asking({ api_url }), await deployment(production))).toEqual([`${AT}/api_url`]);
  });

  it('or to a stand-in on this machine in development', async () => {
    expect(pathsOf(asking({ api_url: 'http://127.0.0.1:9000' }), await deployment())).toEqual([]);
    expect(pathsOf(asking({ api_url: 'https://keys.attacker.example' }), await deployment())).toEqual([
      `${AT}/api_url`,
    ]);
  });
});

it.each([
  ['site_key', '"><script>'],
  ['site_key', ''],
  ['hostnames', ['Shop.example']],
  ['hostnames', ['https://shop.example']],
])('%s is not %j', async (field, value) => {
  const faults = pathsOf(asking({ [field]: value }), await deployment());
  expect(faults.map((path) => path.replace(/\/\d+$/, ''))).toEqual([`${AT}/${field}`]);
});
