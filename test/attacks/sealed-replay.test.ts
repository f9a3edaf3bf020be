/**
 * Whoever sees a sealed card go by sends it again: a thousand times at once, over and over, at another merchant, later. And
 * its own payer, whom a challenge or a wait sends back, comes through with the very same.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PaymentGate } from '../../src/gate/payment-gate.ts';
import { HOSTING, passOf, RISKY } from '../support/challenges.ts';
import { manage, ORIGIN, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { type Jwe, makePair, PAYMENT, type Pair, paySealed, publishedBy, seal, sealedShop } from '../support/sealed.ts';
import { cards, codeOf, type Try } from '../support/shopper.ts';

const CROWD = 1_000;
const HOST = 'shop.acme.example';
const ATTEMPTS = { name: 'tries', by: ['ip'], count: 'attempts', window_seconds: 600, in_flight: 'ignore' };
const MANY = { card_testing_guard_config: rule('guest_ip', 5_000) };

let origin: StandInOrigin;
let shop: Pair;
let tests = 0;
let ip = '';
let card = '';
beforeAll(async () => {
  shop = await makePair('shop-1');
});
beforeEach(async () => {
  ip = `198.51.100.${++tests}`;
  card = cards(100)[tests] ?? '';
  origin = new StandInOrigin();
  await putAcme(sealedShop([shop], MANY));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function sealed(host = HOST): Promise<Jwe> {
  const [own] = await publishedBy(host);
  return seal({ own, origin: shop.jwk, payment: { ...PAYMENT, card: { number: card } }, claims: { aud: host } });
}
const send = async (jwe: Jwe, attempt: Try = {}) => (await paySealed(jwe, { ip, ...attempt })).status;
const addresses = Array.from({ length: CROWD }, (_, index) => `10.${index >> 8}.${index & 255}.9`);

describe('again', () => {
  it('a thousand times at once: one goes through', async () => {
    const jwe = await sealed();
    const statuses = await Promise.all(addresses.map((each) => send(jwe, { ip: each })));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 403)).toHaveLength(CROWD - 1);
    expect(origin.arrived).toHaveLength(1);
  });

  it('after it was paid or declined, and after the gate has fallen', async () => {
    for (const answer of [answers.succeed, answers.decline, answers.break]) {
      origin.answer(answer);
      const jwe = await sealed();
      const before = origin.arrived.length;
      await send(jwe);
      expect(await send(jwe)).toBe(403);
      await abortAllDurableObjects();
      expect(await send(jwe)).toBe(403);
      expect(origin.arrived).toHaveLength(before + 1);
    }
  });

  it('with its members in another order: it is the same one', async () => {
    const jwe = await sealed();
    expect(await send(jwe)).toBe(200);
    expect(await send({ ...jwe, recipients: jwe.recipients.toReversed() })).toBe(403);
  });

  it('where no rule counts anything', async () => {
    await putAcme(sealedShop([shop]));
    const jwe = await sealed();
    const statuses = await Promise.all(addresses.slice(0, 50).map((each) => send(jwe, { ip: each })));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(origin.arrived).toHaveLength(1);
  });

  it('when its time is over', async () => {
    const jwe = await sealed();
    vi.useFakeTimers({ now: Date.now() + 240_001, toFake: ['Date'] });
    const late = await paySealed(jwe, { ip });
    expect([late.status, await codeOf(late)]).toEqual([400, 'unreadable']);
    expect(origin.arrived).toEqual([]);
  });

  it('is on record as what it is', async () => {
    const jwe = await sealed();
    await send(jwe);
    const again = await paySealed(jwe, { ip });
    expect(await codeOf(again.clone())).toBe('payment_refused');
    expect(await again.text()).not.toContain('before');
  });

  it('costs the payer of the first nothing: a replay counts under nobody', async () => {
    await putAcme(sealedShop([shop], { card_testing_guard_config: rule('card_ip', 2) }));
    const jwe = await sealed();
    expect(await send(jwe)).toBe(200);
    for (let n = 0; n < 5; n++) expect(await send(jwe)).toBe(403);
    expect(await send(await sealed())).toBe(200);
  });
});

describe('elsewhere', () => {
  it('at another merchant of the same shop keys: it is sealed for Cordon’s key of the first', async () => {
    const other = sealedShop([shop], {
      id: 'globex',
      hosts: ['shop.globex.example'],
      origin: { pool: [{ url: ORIGIN }] },
    });
    expect((await manage('PUT', '/merchants/globex', other)).status).toBeLessThan(300);
    const jwe = await sealed();
    const there = await paySealed(jwe, { ip, shop: 'https://shop.globex.example' });
    expect([there.status, ((await there.json()) as { detail: string }).detail]).toEqual([
      400,
      'it must be sealed for two: a key of Cordon and a key of the shop, both in force',
    ]);
    expect(origin.arrived).toEqual([]);
    expect(await send(jwe)).toBe(200);
  });

  it('at another host of the same merchant', async () => {
    await putAcme(sealedShop([shop], { hosts: [HOST, 'www.acme.example'] }));
    const jwe = await sealed();
    expect(await send(jwe, { shop: 'https://www.acme.example' })).toBe(400);
    expect(await send(jwe)).toBe(200);
  });
});

describe('the payer himself comes again with the same', () => {
  it('with the pass of his challenge, once', async () => {
    await putAcme(sealedShop([shop], RISKY));
    const jwe = await sealed();
    const pass = await passOf(await paySealed(jwe, { ip, cf: HOSTING }));
    const again = { cf: HOSTING, headers: { 'cordon-pass': pass } };
    expect(await send(jwe, again)).toBe(200);
    expect(await send(jwe, again)).toBe(403);
    expect(origin.arrived).toHaveLength(1);
  });

  it('a replay uses up no pass', async () => {
    await putAcme(sealedShop([shop], RISKY));
    const [first, second] = [await sealed(), await sealed()];
    const pass = await passOf(await paySealed(second, { ip, cf: HOSTING }));
    await send(first, {
      cf: HOSTING,
      headers: { 'cordon-pass': await passOf(await paySealed(first, { ip, cf: HOSTING })) },
    });
    expect(await send(first, { cf: HOSTING, headers: { 'cordon-pass': pass } })).toBe(403);
    expect(await send(second, { cf: HOSTING, headers: { 'cordon-pass': pass } })).toBe(200);
    expect(origin.arrived).toHaveLength(2);
  });

  it.each<[string, object]>([
    ['a counter asked for the challenge', { velocity: [{ ...ATTEMPTS, limit: 1, then: 'challenge' }] }],
    [
      'a rule asked for it that waits for the counts: what was used up is given back',
      {
        velocity: [{ ...ATTEMPTS, limit: 1_000, then: 'block' }],
        rules: [{ name: 'second try', when: 'counts["tries"] >= 1', then: 'challenge' }],
      },
    ],
  ])('where %s', async (_, config) => {
    const { step_up } = RISKY;
    await putAcme(sealedShop([shop], { ...config, step_up }));
    expect(await send(await sealed())).toBe(200);
    const jwe = await sealed();
    const asked = await paySealed(jwe, { ip });
    expect(asked.status).toBe(403);
    const again = { headers: { 'cordon-pass': await passOf(asked) } };
    expect(await send(jwe, again)).toBe(200);
    expect(await send(jwe, again)).toBe(403);
    expect(origin.arrived).toHaveLength(2);
  });

  it('after he was told that an earlier attempt is in flight', async () => {
    await putAcme(sealedShop([shop], { card_testing_guard_config: rule('card_ip', 1) }));
    const go = origin.hold(answers.succeed);
    const first = paySealed(await sealed(), { ip });
    await vi.waitFor(() => expect(origin.arrived).toHaveLength(1));
    const jwe = await sealed();
    expect(await send(jwe)).toBe(429);
    go();
    expect((await first).status).toBe(200);
    expect(await send(jwe)).toBe(200);
  });
});

describe('without the gate’s word', () => {
  const silence = () =>
    vi.spyOn(PaymentGate.prototype, 'admitText').mockImplementation((): never => {
      throw new Error('the gate is away');
    });

  it('nothing goes through, whatever on_gate_unavailable says, and the seal stays good', async () => {
    await putAcme(sealedShop([shop], { ...MANY, on_gate_unavailable: 'allow' }));
    const jwe = await sealed();
    const away = silence();
    expect(await send(jwe)).toBe(403);
    expect(origin.arrived).toEqual([]);
    away.mockRestore();
    expect(await send(jwe)).toBe(200);
  });

  it('a gate of the release before, which knows no seals, admits nobody', async () => {
    const jwe = await sealed();
    const admit = PaymentGate.prototype.admit;
    const before = vi.spyOn(PaymentGate.prototype, 'admit').mockImplementation(function (this: PaymentGate, request) {
      const { seal: _, ...known } = request;
      return admit.call(this, known);
    });
    expect(await send(jwe)).toBe(403);
    expect(origin.arrived).toEqual([]);
    before.mockRestore();
    expect(await send(jwe)).toBe(200);
  });
});

it('in shadow mode everything goes on, a replay too', async () => {
  await putAcme(sealedShop([shop], { ...MANY, mode: 'shadow' }));
  const jwe = await sealed();
  expect([await send(jwe), await send(jwe)]).toEqual([200, 200]);
});
