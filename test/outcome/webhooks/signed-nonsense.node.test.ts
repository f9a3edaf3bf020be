/**
 * Authentic documents in which anything may stand anywhere: they give events that keep their promises, or none.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DECLINE_REASONS, OUTCOME_STATUSES } from '../../../src/outcome/outcome.ts';
import { LABELS, type ProcessorEvent, type Reading } from '../../../src/outcome/processor-event.ts';
import { WEBHOOK_READERS } from '../../../src/outcome/webhooks/readers.ts';
import { ADYEN_KEY, batch, CHARGEBACK, type Item, signedItem } from './adyen-batches.ts';
import { CHECKOUT_SECRET, checkoutDispute, checkoutEvent, checkoutSignature, payment } from './checkout-events.ts';
import { HYPERSWITCH_SECRET, hyperswitchEvent, hyperswitchSignature } from './hyperswitch-events.ts';
import { bytesOf, type Sent } from './signature-behaviour.ts';

type Json = ReturnType<typeof JSON.parse>;

const NASTY = fc.oneof(
  fc.constantFrom<Json>(null, true, -1, 1e308, 1e19, '', ' ', '\u0000', '__proto__', [], {}, [[]], { id: 'x' }),
  fc.constantFrom<Json>('4242424242424242', '4242 4242 4242 4242', 4242424242424242, '\u202e', 'x'.repeat(5_000)),
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Puts `value` in the place of the nth thing in the document. */
function replaceNth(document: Json, nth: number, value: unknown): Json {
  const places: (readonly [Record<string, unknown>, string])[] = [];
  const copy: Json = structuredClone(document);
  const walk = (parent: Record<string, unknown>) => {
    for (const [name, child] of Object.entries(parent)) {
      places.push([parent, name]);
      if (typeof child === 'object' && child !== null) walk(child as Record<string, unknown>);
    }
  };
  walk(copy);
  const place = places[nth % places.length];
  if (place !== undefined) place[0][place[1]] = value;
  return copy;
}

function expectPromisesKept(event: ProcessorEvent) {
  const { outcome, card } = event;
  const ids = [event.id, ...event.paymentIds, event.tryId, card?.fingerprint, outcome?.declineCode].filter(
    (id) => id != null,
  );
  for (const id of ids) {
    expect(id).toMatch(/^[^\p{Cc}\p{Cf}]{1,256}$/u);
    expect(id.replaceAll(/\D/g, '')).not.toContain('4242424242424242');
  }
  expect(event.paymentIds.length).toBeGreaterThan(0);
  expect(outcome?.declineCode?.length ?? 0).toBeLessThanOrEqual(64);
  expect(card?.bin ?? '424242').toMatch(/^\d{6,8}$/);
  expect(event.labels.every((label) => LABELS.includes(label))).toBe(true);
  expect(event.occurredAt === null || Number.isSafeInteger(event.occurredAt)).toBe(true);
  if (outcome === null) return;
  expect(OUTCOME_STATUSES).toContain(outcome.status);
  expect(outcome.declineReason === null).toBe(outcome.status !== 'failed');
  expect([...DECLINE_REASONS, null]).toContain(outcome.declineReason);
}

function expectSound(reading: Reading) {
  expect(['events', 'unreadable']).toContain(reading.kind);
  if (reading.kind === 'events') reading.events.forEach(expectPromisesKept);
}

async function expectSoundWhatever(document: Json, read: (document: Json) => Promise<Reading>) {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 200 }), NASTY, async (nth, value) =>
      expectSound(await read(replaceNth(document, nth, value))),
    ),
    { numRuns: 500 },
  );
}

const deliver = (processor: 'adyen' | 'checkout' | 'hyperswitch', { headers, body }: Sent, secret: string) =>
  WEBHOOK_READERS[processor].read({ headers: new Headers(headers), body: bytesOf(body) }, [secret], 0);

it.each([
  ['a payment', checkoutEvent('payment_declined')],
  ['an approval', checkoutEvent('payment_approved', {}, payment())],
  ['a dispute', checkoutEvent('dispute_received', {}, checkoutDispute())],
])('of Checkout.com: %s', async (_, event) => {
  await expectSoundWhatever(event, (document) => {
    const body = JSON.stringify(document);
    return deliver('checkout', { headers: { 'cko-signature': checkoutSignature(body) }, body }, CHECKOUT_SECRET);
  });
});

it.each(['payment_failed', 'payment_succeeded', 'dispute_opened'])('of Hyperswitch: %s', async (type) => {
  await expectSoundWhatever(hyperswitchEvent(type), (document) => {
    const body = JSON.stringify(document);
    const headers = { 'x-webhook-signature-512': hyperswitchSignature(body) };
    return deliver('hyperswitch', { headers, body }, HYPERSWITCH_SECRET);
  });
});

it.each([
  ['a refusal', signedItem()],
  ['a chargeback', signedItem(CHARGEBACK)],
])('of Adyen, in what is not signed: %s', async (_, genuine) => {
  const { additionalData, ...rest } = genuine;
  const { hmacSignature = '', ...more } = additionalData;
  await expectSoundWhatever(more, (changed) =>
    deliver(
      'adyen',
      { headers: {}, body: batch({ ...rest, additionalData: { ...changed, hmacSignature } }) },
      ADYEN_KEY,
    ),
  );
  const unsigned: (keyof Item)[] = ['reason', 'eventDate', 'paymentMethod', 'operations'];
  for (const name of unsigned) {
    await fc.assert(
      fc.asyncProperty(NASTY, async (value) =>
        expectSound(await deliver('adyen', { headers: {}, body: batch({ ...genuine, [name]: value }) }, ADYEN_KEY)),
      ),
      { numRuns: 50 },
    );
  }
});
