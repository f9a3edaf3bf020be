/**
 * The gate is away: somebody is told of it all the same, once, and nobody is told of a restart.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { alertsOf, alertsTo, HOUR, live, MINUTE, overview, pass, ring, SECOND, watched } from '../alerts/stage.ts';
import { ask, attempt } from '../api/backend.ts';
import { payRoute, rule } from '../support/merchant.ts';
import { StandInReceiver, verified } from '../support/receiver.ts';
import { pay } from '../support/shopper.ts';

const guarded = { ...alertsTo(), card_testing_guard_config: rule('card_ip', 3) };

let receiver: StandInReceiver;
let flood = 0;
beforeEach(() => {
  receiver = new StandInReceiver();
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const CALLS = [
  'evaluateText',
  'admitText',
  'settleText',
  'keptVersion',
  'lastGoodConfig',
  'offerConfig',
  'tallyOutcomes',
] as const;

/** No call of any gate is answered; the returned function brings them back. */
function takeGatesAway(methods: readonly (typeof CALLS)[number][] = CALLS): () => void {
  const spies = methods.map((method) =>
    vi.spyOn(Gate.prototype, method).mockImplementation((): never => {
      throw new Error('the gate is away');
    }),
  );
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}

/** A merchant whose shop is guarded. */
async function watchedShop(host: string, change: object = {}): Promise<string> {
  const origin = { pool: [{ url: `https://origin.${host}` }] };
  return watched({ ...guarded, hosts: [host], origin, routes: [payRoute], ...change });
}

/** An attempt every ten seconds. */
async function pays(merchant: string, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 10) {
    await ask(merchant, attempt);
    await live(merchant, 10 * SECOND, 10 * SECOND);
  }
}

it('is told within two minutes, through the object that is not the gate, and once more when it is back', async () => {
  const merchant = await watched(guarded);
  await pays(merchant, 30);
  const bringBack = takeGatesAway();
  await pays(merchant, 120);
  expect(receiver.types).toEqual(['gate_unavailable.began']);
  expect(verified(receiver.arrived[0] ?? never()).data).toMatchObject({ merchant, kind: 'gate_unavailable' });
  await pays(merchant, 600);
  await live(merchant, HOUR);
  expect(receiver.types).toEqual(['gate_unavailable.began']);
  bringBack();
  await pays(merchant, 60);
  expect(receiver.types).toEqual(['gate_unavailable.began']);
  await live(merchant, 20 * MINUTE);
  expect(receiver.types).toEqual(['gate_unavailable.began', 'gate_unavailable.ended']);
});

it('is told as soon where payments come through the route alone', async () => {
  const host = 'gate-away.example';
  const merchant = await watchedShop(host);
  takeGatesAway();
  for (let passed = 0; passed < 120; passed += 10) {
    expect((await pay({ shop: `https://${host}` })).status).toBe(403);
    await live(merchant, 10 * SECOND, 10 * SECOND);
  }
  expect(receiver.types).toEqual(['gate_unavailable.began']);
});

it('is told where the gate answers all but the payments of the route', async () => {
  const host = 'no-admission.example';
  const merchant = await watchedShop(host);
  takeGatesAway(['admitText']);
  for (let passed = 0; passed < 120; passed += 10) {
    expect((await pay({ shop: `https://${host}` })).status).toBe(403);
    await live(merchant, 10 * SECOND, 10 * SECOND);
  }
  expect(receiver.types).toEqual(['gate_unavailable.began']);
});

it('is found by the object itself where nobody pays', async () => {
  const merchant = await watched(guarded);
  await live(merchant, 10 * MINUTE);
  takeGatesAway();
  await live(merchant, 10 * MINUTE, 20 * SECOND);
  expect(receiver.types).toEqual(['gate_unavailable.began']);
});

it.each([10, 30, 50])('is told to nobody when it was away for %i seconds', async (seconds) => {
  const merchant = await watched(guarded);
  await pays(merchant, 30);
  const bringBack = takeGatesAway();
  await pays(merchant, seconds);
  bringBack();
  await pays(merchant, 300);
  await live(merchant, HOUR);
  expect(receiver.arrived).toEqual([]);
});

it('is the only thing that is told, whatever else comes of it', async () => {
  const merchant = await watched({ ...guarded, webhooks: { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } } });
  await alertsOf(merchant).hear('stripe', 100);
  takeGatesAway();
  await pays(merchant, 120);
  await live(merchant, 5 * HOUR);
  expect(receiver.types).toEqual(['gate_unavailable.began']);
  expect((await overview(merchant)).bursts.map(({ kind }) => kind)).toEqual(['gate_unavailable']);
});

describe('nobody waits for it', () => {
  it('a payment is answered while the alerts object hangs', async () => {
    const { Alerts } = await import('../../src/alerts/alerts.ts');
    const merchant = await watched({ ...guarded, on_gate_unavailable: 'allow' });
    takeGatesAway();
    vi.spyOn(Alerts.prototype, 'notice').mockImplementation(() => new Promise(() => {}));
    expect((await ask(merchant, attempt)).status).toBe(200);
    vi.restoreAllMocks();
  });

  it('and while it breaks', async () => {
    const { Alerts } = await import('../../src/alerts/alerts.ts');
    const merchant = await watched({ ...guarded, on_gate_unavailable: 'allow' });
    takeGatesAway();
    const notice = vi.spyOn(Alerts.prototype, 'notice').mockRejectedValue(new Error('broken'));
    expect((await ask(merchant, attempt)).status).toBe(200);
    await vi.waitUntil(() => notice.mock.calls.length > 0);
    pass(MINUTE);
    await ring(merchant);
  });

  it.each<[string, (host: string) => (merchant: string) => Promise<unknown>]>([
    ['through the API', () => (merchant) => ask(merchant, attempt)],
    ['through the route', (host) => () => pay({ shop: `https://${host}`, ip: `198.51.100.${flood++ % 250}` })],
  ])(
    'the object is told once in ten seconds, whatever the number of payments %s, and of a good payment nothing',
    async (_, by) => {
      const { Alerts } = await import('../../src/alerts/alerts.ts');
      const host = `flooded${flood++}.example`;
      const merchant = await watchedShop(host, { on_gate_unavailable: 'allow' });
      const attempts = async (count: number) => {
        for (let i = 0; i < count; i++) await by(host)(merchant);
        await scheduler.wait(50);
      };
      receiver.answer(() => Response.json({ id: 'pay_1', status: 'succeeded' }));
      await attempts(1);
      const called = (['watch', 'notice', 'hear'] as const).map((method) => vi.spyOn(Alerts.prototype, method));
      const counts = () => called.map((spy) => spy.mock.calls.length);
      await attempts(10);
      expect(counts()).toEqual([0, 0, 0]);
      takeGatesAway();
      await attempts(30);
      expect(counts()).toEqual([0, 1, 0]);
      pass(11 * SECOND);
      await attempts(30);
      expect(counts()).toEqual([0, 2, 0]);
    },
  );

  it('a merchant who is not watched has nothing called at all', async () => {
    const { Alerts } = await import('../../src/alerts/alerts.ts');
    const merchant = await watched({ on_gate_unavailable: 'allow' });
    const called = (['watch', 'notice', 'hear'] as const).map((method) => vi.spyOn(Alerts.prototype, method));
    takeGatesAway();
    for (let i = 0; i < 5; i++) await ask(merchant, attempt);
    await scheduler.wait(50);
    expect(called.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0]);
  });
});

function never(): never {
  throw new Error('nothing came');
}
