/**
 * An intent is cancelled while it waits for another try, and never once a buyer's money is on it: events come late,
 * twice and in any order, so Stripe is asked how it stands.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cancelIntent } from '../../src/api/intent-cancelling.ts';
import { StandInOrigin } from '../support/origin.ts';

const AT = { apiUrl: new URL('https://api.stripe.com'), key: 'sk_1', merchant: 'acme' };
let stripe: StandInOrigin;
beforeEach(() => {
  stripe = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const arrived = () => stripe.arrived.map(({ method, url }) => `${method} ${new URL(url).pathname}`);

it.each(['requires_payment_method', 'requires_confirmation', 'requires_action'])('that %s', async (status) => {
  stripe.answer(() => Response.json({ id: 'pi_1', status }));
  await cancelIntent(['ch_1', 'pi_1'], AT);
  expect(arrived()).toEqual(['GET /v1/payment_intents/pi_1', 'POST /v1/payment_intents/pi_1/cancel']);
});

it.each(['requires_capture', 'processing', 'succeeded', 'canceled', undefined])(
  'not one that is %s',
  async (status) => {
    stripe.answer(() => Response.json({ id: 'seti_1', status }));
    await cancelIntent(['seti_1'], AT);
    expect(arrived()).toEqual(['GET /v1/setup_intents/seti_1']);
  },
);

it('not one that Stripe does not show', async () => {
  stripe.answer(() => Response.json({ error: {} }, { status: 403 }));
  await cancelIntent(['pi_1'], AT);
  expect(arrived()).toEqual(['GET /v1/payment_intents/pi_1']);
});

it('nothing that is no intent', async () => {
  await cancelIntent(['ch_1', 'pi_1/../../accounts', 'pi_1?x=1'], AT);
  expect(arrived()).toEqual([]);
});
