/**
 * A word that comes about a checkout's attempt by itself: before its answer, or after the answer to a request that made
 * several.
 */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { counts, gateOf, rowsIn } from '../gate/asking.ts';
import { answered, graphqlRoute, mutation, payment, post, result } from '../support/graphql-shop.ts';
import { manage, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards, pay } from '../support/shopper.ts';

const PACK = cards(60);
let used = 30;
let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => vi.unstubAllGlobals());

const report = (id: string, outcome: object) => manage('POST', `/evaluations/${id}/outcome`, outcome);
const tell = async (id: string) => (await manage('GET', `/evaluations/${id}`)).json();
const freshCard = () => PACK[used++] ?? '';
const total = async () => Object.values(await counts(gateOf('acme'))).reduce((sum, count) => sum + count, 0);
const declined = { status: 'failed', decline_reason: 'incorrect_cvc' };

describe('of several payments in one request', () => {
  let log: MockInstance<typeof console.log>;
  const idsOf = () => {
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as { event: string; id: string });
    return lines.filter(({ event }) => event === 'decision').map(({ id }) => id);
  };
  beforeEach(async () => {
    log = vi.spyOn(console, 'log');
    await putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 3) });
    origin.answer(() => answered({ a: result.order, b: result.order }));
    expect((await post(mutation(payment('a', freshCard()), payment('b', freshCard())))).status).toBe(200);
  });
  afterEach(() => void vi.restoreAllMocks());

  it('each can be told again', async () => {
    const ids = idsOf();
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(await tell(id)).toMatchObject({ id, outcome: { status: 'succeeded' } });
  });

  it('each may turn out to have failed, and counts', async () => {
    const before = await total();
    for (const id of idsOf()) expect((await report(id, declined)).status).toBe(409);
    expect(await total()).toBe(before + 2);
  });
});

describe('before the answer', () => {
  const inFlight = async (change: Record<string, unknown> = {}) => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 3), ...change });
    const release = origin.hold(answers.succeed);
    const sent = pay({ ip: freshAddress(), card: freshCard() });
    await vi.waitFor(() => expect(origin.arrived).toHaveLength(1));
    return { release, sent, id: origin.arrived[0]?.headers.get('cordon-evaluation') ?? '' };
  };

  it('is taken: the evaluation is told with it, and the answer changes nothing', async () => {
    const { release, sent, id } = await inFlight();
    const before = await total();
    const answer = await report(id, declined);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({
        id,
        merchant: 'acme',
        decision: 'allow',
        mode: 'enforce',
        reasons: [],
        outcome: expect.objectContaining(declined),
      }),
    ]);
    expect(await total()).toBe(before + 1);
    expect((await report(id, declined)).status).toBe(200);
    release();
    expect((await sent).status).toBe(200);
    expect(await total()).toBe(before + 1);
    expect(await tell(id)).toMatchObject({ id, decision: 'allow', outcome: declined });
  });

  it('says why it was let through', async () => {
    const change = { session: { mode: 'enforce' }, step_up: { fallback: 'review' } };
    const { release, sent, id } = await inFlight(change);
    const answer = await report(id, { status: 'succeeded' });
    const reasons = [expect.objectContaining({ code: 'no_session' })];
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({
        id,
        decision: 'review',
        reasons,
        outcome: expect.objectContaining({ status: 'succeeded' }),
      }),
    ]);
    release();
    await sent;
    expect(await tell(id)).toMatchObject({ decision: 'review', reasons: [{ code: 'no_session' }] });
  });

  it('costs an approval no row more', async () => {
    const rows = () => rowsIn(gateOf('acme'), 'outcomes');
    const before = await rows();
    const { release, sent } = await inFlight();
    expect(await rows()).toBe(before);
    release();
    await sent;
    expect(await rows()).toBe(before + 1);
  });

  it('of an attempt that nobody made is 404', async () => {
    const { release, sent, id } = await inFlight();
    expect((await report(id.replace(/^(ev_.{12}).{4}/, '$1ffff'), declined)).status).toBe(404);
    release();
    await sent;
  });
});
