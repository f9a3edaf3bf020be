/**
 * What goes on record of what became of an attempt, whoever tells it.
 */
import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { evaluated, newMerchant, stripeSignature, tell } from '../api/backend.ts';
import { charge, stripeEvent } from '../outcome/webhooks/stripe-events.ts';
import { rule } from '../support/merchant.ts';
import { Written } from '../support/written.ts';

let written: Written;
let events = 0;
beforeEach(() => {
  written = new Written();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const webhooks = { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } };
const guard = { webhooks, card_testing_guard_config: rule('guest_user_card', 5) };

async function report(merchant: string, change: Record<string, unknown>, type = 'charge.failed'): Promise<void> {
  const object = charge({ status: 'failed', id: 'ch_1', failure_code: 'card_declined', ...change });
  const created = Math.ceil(Date.now() / 1000);
  const body = JSON.stringify({ ...stripeEvent(type, object), id: `evt_${++events}`, created });
  const answer = await exports.default.fetch(`https://localhost/.cordon/v1/webhooks/${merchant}/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': await stripeSignature(body) },
    body,
  });
  expect(answer.status).toBe(200);
}

it('the API’s caller tells an outcome: one entry, as it stands in the gate', async () => {
  const merchant = await newMerchant(guard);
  const { id } = await evaluated(merchant);
  await tell(id, { status: 'failed', decline_reason: 'incorrect_cvc', processor_payment_id: 'pi_1' });
  const told = { kind: 'outcome', merchant, evaluation: id, try: null, told_by: 'api', contradicted: false };
  expect(await written.once('outcome')).toMatchObject([
    { ...told, status: 'failed', decline_reason: 'incorrect_cvc', payment_id: 'pi_1' },
  ]);
});

it('a failure that comes after a success is marked; a word that contradicts and changes nothing is none', async () => {
  const merchant = await newMerchant(guard);
  const { id } = await evaluated(merchant);
  await tell(id, { status: 'succeeded' });
  await tell(id, { status: 'failed' });
  await tell(id, { status: 'succeeded' });
  const outcomes = (await written.once('outcome', 2)).map(({ status, contradicted }) => [status, contradicted]);
  expect(outcomes).toEqual([
    ['succeeded', false],
    ['failed', true],
  ]);
});

it('a processor tells of an attempt, of a further try, and of somebody’s payment that nobody knows', async () => {
  const merchant = await newMerchant(guard);
  const { id } = await evaluated(merchant);
  await tell(id, { status: 'pending', processor_payment_id: 'pi_1' });
  await report(merchant, { payment_intent: 'pi_1', id: 'ch_1' });
  await report(merchant, { payment_intent: 'pi_1', id: 'ch_2' });
  await report(merchant, { payment_intent: 'pi_other', id: 'ch_3' });
  const heard = (await written.once('outcome', 4)).filter(({ told_by }) => told_by === 'webhook');
  expect(heard).toMatchObject([
    { evaluation: id, try: null, status: 'failed', decline_code: expect.any(String) },
    { evaluation: id, try: 'ch_2', status: 'failed' },
    { evaluation: expect.stringMatching(/^ev_/), try: null, status: 'failed' },
  ]);
  expect(heard[2]?.evaluation).not.toBe(id);
});

it('a dispute is a label', async () => {
  const merchant = await newMerchant(guard);
  const { id } = await evaluated(merchant);
  await tell(id, { status: 'succeeded', processor_payment_id: 'pi_9' });
  const outcome = { type: 'blocked', reason: 'highest_risk_level' };
  await report(merchant, { payment_intent: 'pi_9', id: 'ch_9', outcome });
  expect(await written.once('label')).toMatchObject([{ merchant, evaluation: id, label: 'processor_block' }]);
});
