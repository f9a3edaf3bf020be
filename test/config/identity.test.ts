/**
 * Stripe Identity in a configuration: what it needs, where its key may go, and which keys are none in production.
 */
import { describe, expect, it } from 'vitest';
import { deployment, faultsOf, pathsOf, production } from './deployment.ts';

const AT = '/step_up/identity';
const own = { secret_name: 'CORDON_IDENTITY_TESTS', webhook_secret_name: 'CORDON_WEBHOOK_IDENTITY' };
const asking = (change: Record<string, unknown> = {}) => ({
  id: 'acme',
  step_up: { methods: ['identity'], identity: { ...own, ...change } },
});
const live = { ...production, CORDON_IDENTITY_TESTS: 'rk_live_of_the_tests' };

it('is taken, also in production', async () => {
  expect(pathsOf(asking(), await deployment())).toEqual([]);
  expect(pathsOf(asking(), await deployment(live))).toEqual([]);
});

it('is needed where it is offered', async () => {
  expect(pathsOf({ id: 'acme', step_up: { methods: ['identity'] } }, await deployment())).toEqual([AT]);
});

it.each(['rk_test_1', 'sk_test_1'])('a key for tests is none in production: %s', async (key) => {
  const here = await deployment({ ...production, CORDON_IDENTITY_TESTS: key });
  const faults = faultsOf(asking(), here);
  expect(faults.map(({ path }) => path)).toEqual([`${AT}/secret_name`]);
  expect(JSON.stringify(faults)).not.toContain(key);
});

it('secrets that the deployment has not are faults', async () => {
  const gone = asking({ secret_name: 'CORDON_IDENTITY_GONE', webhook_secret_name: 'CORDON_WEBHOOK_GONE' });
  expect(pathsOf(gone, await deployment())).toEqual([`${AT}/secret_name`, `${AT}/webhook_secret_name`]);
});

describe('its key goes to Stripe alone', () => {
  it.each([
    'https://keys.attacker.example',
    'http://api.stripe.com',
    'https://api.stripe.com/v1',
    'http://127.0.0.1:9000',
  ])('and not to %s', async (api_url) => {
    expect(pathsOf(asking({ api_url }), await deployment(live))).toEqual([`${AT}/api_url`]);
  });

  it('or to a stand-in on this machine in development', async () => {
    expect(pathsOf(asking({ api_url: 'http://127.0.0.1:9000' }), await deployment())).toEqual([]);
  });
});

it.each([0, 1.5, 100_001])('its budget is not %d', async (daily_budget) => {
  expect(pathsOf(asking({ daily_budget }), await deployment())).toEqual([`${AT}/daily_budget`]);
});
