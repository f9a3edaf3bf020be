/**
 * With one merchant's key, name another merchant's secret: to cancel his payments, spend his budget, or learn of it.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { api, newKey, newMerchant } from '../api/backend.ts';
import { payRoute } from '../support/merchant.ts';

const origin = { pool: [{ url: 'https://origin.example' }] };
const OWN = 'CORDON_WEBHOOK_ADYEN';

let merchant: string;
let key: string;
beforeEach(async () => {
  merchant = await newMerchant({ webhooks: { adyen: { secret_names: [OWN] } } });
  ({ key } = await newKey(merchant, { scopes: ['manage'] }));
});

const put = (config: object, bearer = key) =>
  api('PUT', `/merchants/${merchant}`, { key: bearer, body: { id: merchant, ...config } });
const faultsOf = async (answer: Response) => [
  answer.status,
  ((await answer.json()) as { errors?: { path: string }[] }).errors?.map(({ path }) => path),
];
const kept = async () => ((await (await api('GET', `/merchants/${merchant}`)).json()) as { config?: object }) ?? null;

const stripe = (name: string, more: object = {}) => ({ webhooks: { stripe: { secret_names: [name], ...more } } });
const PLACES = [
  ['a webhook’s', stripe('CORDON_WEBHOOK_STRIPE'), ['/webhooks/stripe/secret_names/0']],
  [
    'a processor’s key',
    {
      webhooks: {
        stripe: { secret_names: [OWN], cancel_intents: { after_failures: 1, key_name: 'CORDON_PROCESSOR_STRIPE' } },
      },
    },
    ['/webhooks/stripe/cancel_intents/key_name'],
  ],
  ['a certificate’s', { origin: { ...origin, mtls: 'ORIGIN_TESTS' } }, ['/origin/mtls']],
  ['a shop’s', { origin, routes: [payRoute] }, ['/routes/0/customer/jwt/secret_name']],
] as const;

describe('a merchant’s key', () => {
  it.each(PLACES)('cannot name %s secret, and nothing changes', async (_, config, paths) => {
    const before = await kept();
    expect(await faultsOf(await put(config))).toEqual([422, paths]);
    expect(await kept()).toEqual(before);
  });

  it('does not learn which secrets there are', async () => {
    const textOf = async (name: string) => (await (await put(stripe(name))).text()).replaceAll(name, '');
    expect(await textOf('CORDON_WEBHOOK_STRIPE')).toBe(await textOf('CORDON_WEBHOOK_NOBODYS'));
  });

  it('hears of every other fault beside', async () => {
    expect(await faultsOf(await put({ ...stripe('CORDON_WEBHOOK_STRIPE'), mode: 'x' }))).toEqual([
      422,
      ['/webhooks/stripe/secret_names/0', '/mode'],
    ]);
  });

  it('goes on with what is named already, wherever it stands', async () => {
    expect((await put(stripe(OWN))).status).toBe(200);
    expect((await put({})).status).toBe(200);
    expect(await faultsOf(await put(stripe(OWN)))).toEqual([422, ['/webhooks/stripe/secret_names/0']]);
  });
});

it.each(PLACES)('the admin key names %s', async (_, config) => {
  expect((await put(config, env.CORDON_ADMIN_KEY)).status).toBe(200);
  expect((await put({ ...config, mode: 'shadow' })).status).toBe(200);
});
