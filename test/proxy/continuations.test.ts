/**
 * After 3-D Secure a later request about the same payment is the same attempt: one evaluation, one place, one outcome.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { counts, gateOf, rowsIn } from '../gate/asking.ts';
import { manage, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { confirm, step, stepRoutes, told } from '../support/payment-shop.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards } from '../support/shopper.ts';

const PACK = cards(60);
const GUARD = { ...rule('guest_user_card', 1), ...rule('card_ip', 1), ...rule('guest_ip', 2) };
let next = 0;
const freshCard = () => PACK[++next] ?? '';

let origin: StandInOrigin;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  await putAcme({ routes: stepRoutes({ continues: true }), card_testing_guard_config: GUARD });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

interface Waiting {
  readonly id: string;
  readonly card: string;
  readonly ip: string;
  readonly evaluation: string | null;
}

const pay = (card: string, ip: string) => step('/payments', { confirm: true, card: { number: card } }, { ip });

/** A payment that waits for its payer. */
async function waiting(ip = freshAddress()): Promise<Waiting> {
  const [id, card] = [`pay_${++next}`, freshCard()];
  origin.answer(() => told.waits(id));
  const answer = await pay(card, ip);
  expect(answer.status).toBe(200);
  return { id, card, ip, evaluation: answer.headers.get('cordon-evaluation') };
}

const outcomeOf = async (evaluation: string | null) =>
  ((await (await manage('GET', `/evaluations/${evaluation}`)).json()) as { outcome: { status: string } }).outcome
    .status;

describe('a payment that waited', () => {
  it.each(['succeeded', 'failed'] as const)('is the evaluation that its end settles: %s', async (status) => {
    const { id, ip, evaluation } = await waiting();
    origin.answer(() => told[status](id));
    const answer = await confirm(id, { ip });
    expect(answer.headers.get('cordon-evaluation')).toBe(evaluation);
    expect(origin.arrived.at(-1)?.headers.get('cordon-evaluation')).toBe(evaluation);
    expect(await outcomeOf(evaluation)).toBe(status);
    expect(await rowsIn(gateOf('acme'), 'reservations')).toBe(0);
  });

  it('may be confirmed with its card again, from another address too', async () => {
    const { id, card, evaluation } = await waiting();
    origin.answer(() => told.succeeded(id));
    const answer = await step(`/payments/${id}/confirm`, { card: { number: card } }, { ip: freshAddress() });
    expect(answer.headers.get('cordon-evaluation')).toBe(evaluation);
  });

  it('waits on while it needs more, and takes no second place', async () => {
    const { id, ip, evaluation } = await waiting();
    for (let n = 0; n < 4; n++) {
      const answer = await confirm(id, { ip });
      expect([answer.status, answer.headers.get('cordon-evaluation')]).toEqual([200, evaluation]);
    }
    expect(await rowsIn(gateOf('acme'), 'reservations')).toBe(1);
  });

  it('counts each failure once, and is a new attempt after each', async () => {
    const { id, ip } = await waiting();
    await putAcme({ routes: stepRoutes({ continues: true }), card_testing_guard_config: rule('guest_ip', 4) });
    origin.answer(() => told.failed(id));
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await confirm(id, { ip })).status);
    expect(statuses).toEqual([402, 402, 402, 402, 403]);
  });

  it('of several confirmations at once has one, and the others count for themselves', async () => {
    const { id, ip } = await waiting();
    const release = origin.hold(() => told.failed(id));
    const before = origin.arrived.length;
    const all = [confirm(id, { ip }), confirm(id, { ip }), confirm(id, { ip })];
    await vi.waitUntil(() => origin.arrived.length > before);
    release();
    const statuses = (await Promise.all(all)).map(({ status }) => status).sort();
    expect(statuses).toEqual([402, 429, 429]);
    const key = Object.entries(await counts(gateOf('acme'))).find(([name]) => name.includes(`guest_ip","${ip}"`));
    expect(key?.[1]).toBe(1);
  });

  it('is left as it was where the gate does not answer', async () => {
    const { id, ip, evaluation } = await waiting();
    vi.spyOn(console, 'error').mockReturnValue();
    const away = vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    expect((await confirm(id, { ip })).status).toBe(403);
    away.mockRestore();
    origin.answer(() => told.succeeded(id));
    expect((await confirm(id, { ip })).headers.get('cordon-evaluation')).toBe(evaluation);
  });
});

it('without `continues` a confirmation is an attempt of its own, and no payment is linked', async () => {
  await putAcme({ routes: stepRoutes({ continues: false }), card_testing_guard_config: GUARD });
  const { id, ip } = await waiting();
  expect((await confirm(id, { ip })).status).toBe(429);
});
