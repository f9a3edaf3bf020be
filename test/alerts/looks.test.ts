/**
 * What the alerts object finds by itself: a faulty configuration, a stale list, outcomes that are missing, a processor
 * that is quiet; and what it leaves alone.
 */
import { createMessageBatch } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import worker from '../../src/index.ts';
import { api, ask, attempt, configure, evaluated, stripeSignature, tell } from '../api/backend.ts';
import { decision } from '../journal/sample-entries.ts';
import { charge, stripeEvent } from '../outcome/webhooks/stripe-events.ts';
import { follow, forgetFeeds } from '../support/feeds.ts';
import type { StandInReceiver } from '../support/receiver.ts';
import { alertsTo, DAY, HOUR, live, MINUTE, overview, pass, receiving, SECOND, watched } from './stage.ts';

let receiver: StandInReceiver;
beforeEach(() => {
  receiver = receiving();
});

describe('a faulty configuration', () => {
  const raw = (merchant: string, value: unknown) =>
    env.MERCHANTS.put(`merchant:${merchant}`, typeof value === 'string' ? value : JSON.stringify(value));

  it('that an isolate meets is told at once, with its faults, to whom the last good one names', async () => {
    const merchant = await watched();
    pass(10 * SECOND);
    await raw(merchant, {
      id: merchant,
      mode: 'on',
      alerts: { url: 'https://evil.example/', secret_name: 'CORDON_ALERT_NEXT' },
    });
    await ask(merchant);
    await vi.waitFor(async () => {
      await live(merchant, SECOND, SECOND);
      expect(receiver.types).toEqual(['configuration_faulty.began']);
    });
    expect(receiver.arrived.map(({ url }) => url)).toEqual(['https://ops.acme.example/hooks/cordon']);
    expect(receiver.last.data).toMatchObject({ details: { faults: [{ path: '/mode' }] } });
  });

  it('is found where nobody pays, lasts as long as it stands there, and is over when it is mended', async () => {
    const merchant = await watched();
    pass(10 * SECOND);
    await raw(merchant, '{"id":');
    await live(merchant, 10 * MINUTE);
    expect(receiver.types).toEqual(['configuration_faulty.began']);
    await live(merchant, 2 * HOUR);
    expect(receiver.types).toEqual(['configuration_faulty.began']);
    await configure(merchant, alertsTo());
    await live(merchant, 10 * MINUTE);
    expect(receiver.types).toEqual(['configuration_faulty.began', 'configuration_faulty.ended']);
  });

  it('is none because an isolate of another release says so', async () => {
    const merchant = await watched();
    const { alertsOf } = await import('./stage.ts');
    await alertsOf(merchant).notice({ kind: 'configuration_faulty', version: 'of another release', faults: [] });
    await live(merchant, HOUR);
    expect(receiver.arrived).toEqual([]);
  });

  it('written with another receiver, and good, is what is followed', async () => {
    const merchant = await watched();
    pass(10 * SECOND);
    await raw(merchant, { id: merchant, ...alertsTo({ url: 'https://new.example/hook' }) });
    await live(merchant, 10 * MINUTE);
    expect((await overview(merchant)).receiver?.url).toBe('https://new.example/hook');
    await raw(merchant, { id: merchant });
    await live(merchant, 10 * MINUTE);
    expect((await overview(merchant)).receiver).toBeNull();
  });
});

describe('entries of the journal that were put aside', () => {
  it('are told to the merchants whose they are, however many messages they came in, and to nobody else', async () => {
    const [merchant, other] = [await watched(), await watched()];
    const entries = (count: number) => Array.from({ length: count }, () => decision({ merchant }));
    const noEntries = [null, 7, {}, { merchant: 7 }, { merchant: '' }, { merchant: 'No Merchant' }];
    const messages = Array.from({ length: 10 }, (_, index) => ({
      id: `dead-${merchant}-${index}`,
      timestamp: new Date(),
      attempts: 1,
      body: JSON.stringify({ v: 1, entries: [...entries(3), ...noEntries] }),
    }));
    await worker.queue(createMessageBatch('cordon-journal-dead', messages), env);
    await vi.waitFor(async () => {
      await live(merchant, SECOND, SECOND);
      expect(receiver.types).toEqual(['journal_failing.began']);
    });
    expect(receiver.last.data).toMatchObject({ merchant, details: { entries: 30 } });
    await live(other, 10 * MINUTE);
    expect(receiver.arrived).toHaveLength(1);
  });
});

describe('a list', () => {
  const bad = () => new Response('203.0.113.9,85\n', { headers: { 'content-type': 'text/plain' } });

  it('that its source has not shown for three of its intervals is stale, and told to whom it concerns', async () => {
    await forgetFeeds();
    const listens = { reputation: { feeds: ['bad-hosts'] } };
    const merchant = await watched({ ...alertsTo(), ...listens });
    const other = await watched(alertsTo());
    receiver.answer(({ url }) => (url.includes('lists.') ? bad() : new Response(null, { status: 204 })));
    expect((await follow('bad-hosts')).status).toBe(201);
    receiver.arrived.length = 0;
    await live(merchant, 3 * HOUR);
    expect(receiver.arrived).toEqual([]);
    await live(merchant, 20 * MINUTE);
    await live(other, 10 * MINUTE);
    expect(receiver.types).toEqual(['feed_stale.began']);
    expect(receiver.last.data).toMatchObject({ merchant, details: { feeds: ['bad-hosts'] } });
    await follow('bad-hosts');
    receiver.arrived.length = 0;
    await live(merchant, 10 * MINUTE);
    expect(receiver.types).toEqual(['feed_stale.ended']);
  });
});

/** Attempts in so many minutes, each told of or not. */
async function sell(merchant: string, minutes: number, report: 'succeeded' | 'failed' | null, each = 3): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 10) {
    for (let i = 0; i < each; i++) {
      const { id } = await evaluated(merchant, attempt);
      if (report !== null) await tell(id, { status: report });
    }
    await live(merchant, 10 * MINUTE);
  }
}

describe('outcomes', () => {
  it('that used to come and come no more are told once, and once when they come again', {
    timeout: 60_000,
  }, async () => {
    const merchant = await watched();
    await sell(merchant, 180, 'succeeded');
    await live(merchant, DAY, HOUR);
    await sell(merchant, 60, 'failed');
    expect(receiver.arrived).toEqual([]);
    await sell(merchant, 150, null);
    expect(receiver.types).toEqual(['outcomes_missing.began']);
    expect(receiver.last.data.details).toMatchObject({ missing: expect.any(Number), let_through: expect.any(Number) });
    await sell(merchant, 90, 'succeeded');
    expect(receiver.types).toEqual(['outcomes_missing.began', 'outcomes_missing.ended']);
  });
});

describe('webhooks', () => {
  const webhooks = { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } };
  let events = 0;

  async function speak(merchant: string): Promise<void> {
    const event = {
      ...stripeEvent('charge.succeeded', charge({ id: `ch_${++events}`, payment_intent: `pi_${events}` })),
      id: `evt_${events}`,
    };
    const body = JSON.stringify({ ...event, created: Math.floor(Date.now() / 1000) });
    const headers = { 'stripe-signature': await stripeSignature(body) };
    const answer = await exports.default.fetch(`https://localhost/.cordon/v1/webhooks/${merchant}/stripe`, {
      method: 'POST',
      headers,
      body,
    });
    expect(answer.status).toBe(200);
  }

  async function trade(merchant: string, minutes: number, isHeard: boolean): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 10) {
      await sell(merchant, 10, 'succeeded', 2);
      for (let i = 0; isHeard && i < 2; i++) await speak(merchant);
    }
  }

  it('of a processor that used to report and says nothing while payments go on', { timeout: 60_000 }, async () => {
    const merchant = await watched({ ...alertsTo(), webhooks });
    await trade(merchant, 240, true);
    await live(merchant, DAY, HOUR);
    await trade(merchant, 60, true);
    await live(merchant, 8 * HOUR);
    expect(receiver.arrived).toEqual([]);
    await trade(merchant, 180, false);
    expect(receiver.types).toEqual(['webhooks_quiet.began']);
    expect(receiver.last.data).toMatchObject({ details: { processors: [{ name: 'stripe' }] } });
    await trade(merchant, 60, true);
    expect(receiver.types).toEqual(['webhooks_quiet.began', 'webhooks_quiet.ended']);
  });

  it('are not what is told when the processor itself is away: nothing succeeds then', { timeout: 60_000 }, async () => {
    const merchant = await watched({ ...alertsTo(), webhooks });
    await trade(merchant, 240, true);
    await live(merchant, DAY, HOUR);
    await trade(merchant, 60, true);
    await sell(merchant, 240, 'failed');
    expect(receiver.arrived).toEqual([]);
    await sell(merchant, 240, null);
    expect(receiver.types).toHaveLength(1);
  });
});

it('costs a merchant a call of the gate and a read of KV every five minutes, and no row while nothing happens', async () => {
  const merchant = await watched();
  await live(merchant, 30 * MINUTE);
  const get = vi.spyOn(env.MERCHANTS, 'get');
  await live(merchant, 30 * MINUTE);
  expect(get.mock.calls.length).toBeLessThanOrEqual(6);
  expect((await api('GET', `/merchants/${merchant}/alerts`)).status).toBe(200);
});
