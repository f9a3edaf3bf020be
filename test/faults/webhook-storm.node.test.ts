/**
 * A storm of webhooks for one merchant, signed by the processor's own library, while payments go on: every event that
 * was acknowledged is counted once, also those that come twice, and no payment fails.
 */
import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { charge, stripeEvent } from '../outcome/webhooks/stripe-events.ts';
import type { BareClient } from '../support/bare-client.ts';
import { WEBHOOK_SECRET } from '../support/bare-config.ts';
import { readLedger } from '../support/bare-ledger.ts';
import { openShop } from '../support/bare-merchant.ts';
import { paid } from '../support/bare-origin.ts';

const EVENTS = Number(process.env.CORDON_STORM_EVENTS ?? 5_000);
const CARDS = 500;
const SENDERS = 32;
const OUT_OF_REACH = 10_000;
const GUARD = {
  guest_user_card_blocking_status: 'enabled',
  guest_user_card_blocking_threshold: OUT_OF_REACH,
  guest_ip_blocking_status: 'enabled',
  guest_ip_blocking_threshold: OUT_OF_REACH,
};
/** Every tenth comes a second time, as processors do. */
const TWICE = 10;

const stripe = new Stripe('sk_not_used');

function delivery(index: number): { readonly body: string; readonly signature: string } {
  const details = { type: 'card', card: { fingerprint: `fingerprint${index % CARDS}`, iin: '424242' } };
  const object = charge({
    id: `ch_${index}`,
    payment_intent: `pi_${index}`,
    status: 'failed',
    payment_method_details: details,
  });
  const event = { ...stripeEvent('charge.failed', object), id: `evt_${index}`, created: Math.floor(Date.now() / 1000) };
  const body = JSON.stringify(event);
  return { body, signature: stripe.webhooks.generateTestHeaderString({ payload: body, secret: WEBHOOK_SECRET }) };
}

it(`takes in ${EVENTS} events while payments go on`, { timeout: 300_000 }, async () => {
  const webhooks = { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } };
  const { bare, origin, client } = await openShop({ card_testing_guard_config: GUARD, webhooks });
  origin.reply(() => paid(0));
  const indexes = Array.from({ length: EVENTS }, (_, index) => index);
  const queue = indexes.flatMap((index) => (index % TWICE === 0 ? [index, index] : [index]));
  const expected = queue.length;
  const payer = client();
  let isOver = false;
  const startedAt = Date.now();
  const paying = payUntil(payer, () => isOver);
  const acknowledged = await Promise.all(Array.from({ length: SENDERS }, () => send(client(), queue)));
  isOver = true;
  const waits = await paying;
  const seconds = (Date.now() - startedAt) / 1000;
  await bare.kill();
  const { counters } = await readLedger(bare.storageFolder);
  const counts = [...counters].filter(([key]) => key.startsWith('["guest_card"')).map(([, count]) => count);
  expect(acknowledged.reduce((sum, count) => sum + count, 0)).toBe(expected);
  expect(counts).toHaveLength(CARDS);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(EVENTS);
  expect(waits.length).toBeGreaterThan(10);
  const [median = 0, worst = 0] = [waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)], Math.max(...waits)];
  console.info(
    `${expected} deliveries in ${seconds.toFixed(1)} s; ${waits.length} payments beside them, median ${median} ms, worst ${worst} ms`,
  );
});

/** Sends until the queue is empty; how many were acknowledged. What was not is sent again, as a processor would. */
async function send(client: BareClient, queue: number[]): Promise<number> {
  let acknowledged = 0;
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    const { body, signature } = delivery(index);
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    const { status } = await client.send({ path: '/.cordon/v1/webhooks/acme/stripe', headers, body });
    if (status === 200) acknowledged++;
    else queue.unshift(index);
  }
  return acknowledged;
}

/** Pays one after the other, with a card and an address that no webhook is about; how long each took, in ms. */
async function payUntil(client: BareClient, isOver: () => boolean): Promise<readonly number[]> {
  const waits: number[] = [];
  while (!isOver()) {
    const startedAt = Date.now();
    const { status } = await client.pay({ card: '4242424242424242', ip: '203.0.113.1' });
    if (status !== 200) throw new Error(`a payment was answered ${status}`);
    waits.push(Date.now() - startedAt);
  }
  return waits;
}
