/**
 * A request that goes on with a pending attempt takes over its place: one at a time, by the same payer, and whatever
 * its answer brings is counted once.
 */
import { evictDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Admission, AdmitRequest, Settlement } from '../../src/gate/gate-messages.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import {
  asking,
  calls,
  counts,
  type GateStub,
  newGate,
  outcome,
  RESERVATION_MS,
  rowsIn,
  START,
  touch,
} from './asking.ts';

const cardNamed = (kind: string, letter: string) => `${kind}_${letter.repeat(43)}`;
const CARD = cardNamed('fp', 'a');
const OTHER_CARD = cardNamed('fp', 'b');
const ATTACHED = cardNamed('at', 'c');
const HOME = '203.0.113.9';
const ELSEWHERE = '198.51.100.7';

const under = (rule: string, parts: readonly string[], limit: number): Touch =>
  touch(JSON.stringify([rule, ...parts]), { rule, limit });
/** What an attempt touches, each limit one but the address's. */
const touches = (card: string, address: string): readonly Touch[] => [
  under('card_ip', [card, address], 1),
  under('guest_card', [card], 1),
  under('guest_ip', [address], 3),
];
const addressAlone = (address: string) => [under('guest_ip', [address], 3)];

let gate: GateStub;
beforeEach(async () => {
  vi.useFakeTimers({ now: START });
  gate = newGate();
  await park('parked', CARD, HOME);
});
afterEach(() => {
  vi.useRealTimers();
});

async function park(evaluation: string, card: string, address: string, payment = 'pay_1'): Promise<void> {
  const places = touches(card, address);
  await calls(gate).admit(asking(evaluation, places, { cards: [card] }));
  const known = { paymentId: payment, links: [payment], alsoKnownAs: [ATTACHED], cards: [card] };
  const keptText = JSON.stringify({ places, guest: true, reservationMs: RESERVATION_MS, cards: [card] });
  await calls(gate).settle(outcome(evaluation, 'pending', places, { ...known, keptText }));
}

function goOn(evaluation: string, own: readonly Touch[], change: Partial<AdmitRequest> = {}): Promise<Admission> {
  return calls(gate).admit(asking(evaluation, own, { continues: 'pay_1', ...change }));
}

/** What the Worker says once the answer is there. */
function answered(takenBy: string, admission: Admission, status: Settlement['status']) {
  if (admission.kind !== 'admitted') throw new Error(`it was ${admission.kind}`);
  const { evaluation = takenBy, places } = admission;
  return calls(gate).settle(outcome(evaluation, status, places, evaluation === takenBy ? {} : { takenBy }));
}

const total = async () => Object.values(await counts(gate)).reduce((sum, count) => sum + count, 0);

describe('the same attempt', () => {
  it('is gone on with by the same card, from wherever', async () => {
    expect(await goOn('next', touches(CARD, ELSEWHERE), { cards: [CARD] })).toMatchObject({ evaluation: 'parked' });
  });

  it('is gone on with from the same address, without a card', async () => {
    expect(await goOn('next', addressAlone(HOME))).toMatchObject({ evaluation: 'parked' });
  });

  it('is gone on with by what is attached, from the same address', async () => {
    expect(await goOn('next', touches(ATTACHED, HOME), { cards: [ATTACHED] })).toMatchObject({ evaluation: 'parked' });
  });

  it('holds one place, and is settled by the answer', async () => {
    const admission = await goOn('next', touches(CARD, HOME), { cards: [CARD] });
    expect(await rowsIn(gate, 'reservations')).toBe(1);
    expect(await answered('next', admission, 'failed')).toEqual({ kind: 'recorded' });
    expect(await counts(gate)).toEqual(Object.fromEntries(touches(CARD, HOME).map(({ key }) => [key, 1])));
    expect(await rowsIn(gate, 'reservations')).toBe(0);
    expect(await rowsIn(gate, 'holds')).toBe(0);
  });

  it('counts under the places of both, each once', async () => {
    await answered('next', await goOn('next', touches(CARD, ELSEWHERE), { cards: [CARD] }), 'failed');
    const keys = [...touches(CARD, HOME), ...touches(CARD, ELSEWHERE)].map(({ key }) => key);
    expect(await counts(gate)).toEqual(Object.fromEntries(keys.map((key) => [key, 1])));
  });

  it('holds its places under the card’s other name, once that is known', async () => {
    const token = cardNamed('tk', 'd');
    await park('by token', token, ELSEWHERE, 'pay_2');
    await calls(gate).close({ settlements: [], joins: [[token, OTHER_CARD]] });
    const change = { cards: [OTHER_CARD], continues: 'pay_2' };
    const admission = await goOn('next', touches(OTHER_CARD, ELSEWHERE), change);
    expect(admission).toMatchObject({ evaluation: 'by token' });
    const before = await rowsIn(gate, 'holds');
    await answered('next', admission, 'failed');
    expect(before - (await rowsIn(gate, 'holds'))).toBe(3);
    expect(await counts(gate)).toEqual(Object.fromEntries(touches(OTHER_CARD, ELSEWHERE).map(({ key }) => [key, 1])));
  });

  it('is taken once: asked again in doubt it is the same, and another request is an attempt of its own', async () => {
    const first = await goOn('next', addressAlone(HOME));
    expect(await goOn('next', addressAlone(HOME))).toEqual(first);
    expect(await goOn('beside', addressAlone(HOME))).not.toHaveProperty('evaluation');
    await answered('next', first, 'failed');
    await calls(gate).settle(outcome('beside', 'failed', addressAlone(HOME)));
    expect(await counts(gate)).toMatchObject({ [JSON.stringify(['guest_ip', HOME])]: 2 });
  });

  it('is still taken when the gate has lost its memory', async () => {
    await goOn('next', addressAlone(HOME));
    await evictDurableObject(gate);
    expect(await goOn('beside', addressAlone(HOME))).not.toHaveProperty('evaluation');
    expect(await goOn('next', addressAlone(HOME))).toMatchObject({ evaluation: 'parked' });
  });

  it.each(['pending', 'unknown'] as const)('waits on after an answer that is %s', async (status) => {
    await answered('next', await goOn('next', addressAlone(HOME)), status);
    expect(await goOn('again', addressAlone(HOME))).toMatchObject({ evaluation: 'parked' });
    vi.setSystemTime(Date.now() + RESERVATION_MS);
    expect(await goOn('late', addressAlone(HOME))).not.toHaveProperty('evaluation');
    expect(await counts(gate)).toMatchObject({ [JSON.stringify(['guest_card', CARD])]: 0.5 });
  });

  it('that is refused waits on', async () => {
    for (const id of ['a', 'b', 'c']) await calls(gate).settle(outcome(id, 'failed', addressAlone(HOME)));
    expect((await goOn('next', addressAlone(HOME))).kind).toBe('refused');
    expect(await rowsIn(gate, 'reservations')).toBe(1);
  });

  it('is given back where one of several attempts is refused', async () => {
    await calls(gate).settle(outcome('shut', 'failed', [under('guest_card', [OTHER_CARD], 1)]));
    const requests = [
      asking('next', addressAlone(HOME), { continues: 'pay_1' }),
      asking('other', [under('guest_card', [OTHER_CARD], 1)]),
    ];
    expect((await calls(gate).admitAll(requests)).map(({ kind }) => kind)).toEqual(['admitted', 'refused']);
    expect(await goOn('again', addressAlone(HOME))).toMatchObject({ evaluation: 'parked' });
  });

  it('is given back by a request that was turned away without its answer', async () => {
    await goOn('next', addressAlone(HOME));
    await calls(gate).settle(outcome('next', 'unknown', addressAlone(HOME), { continues: 'pay_1' }));
    expect(await goOn('again', addressAlone(HOME))).toMatchObject({ evaluation: 'parked' });
  });
});

describe('an attempt of its own', () => {
  it.each<[string, readonly Touch[], Partial<AdmitRequest>]>([
    ['another payment', addressAlone(HOME), { continues: 'pay_2' }],
    ['no payment', addressAlone(HOME), {}],
    ['another card on the same payment', touches(OTHER_CARD, HOME), { cards: [OTHER_CARD], continues: 'pay_1' }],
    ['somebody at another address', addressAlone(ELSEWHERE), { continues: 'pay_1' }],
  ])('is %s', async (_, own, change) => {
    const admission = await calls(gate).admit(asking('next', own, change));
    expect(admission.kind).toBe('admitted');
    expect(admission).not.toHaveProperty('evaluation');
  });

  it('is whoever names somebody’s payment from elsewhere, though its card is attached there', async () => {
    const admission = await goOn('next', touches(ATTACHED, ELSEWHERE), { cards: [ATTACHED] });
    expect(admission).toMatchObject({ kind: 'refused', verdicts: [{}, { state: 'busy' }, {}] });
  });

  it('is whoever brings a card that anybody can name, from elsewhere', async () => {
    const change = { cards: [CARD], isTyped: true };
    expect((await goOn('next', touches(CARD, ELSEWHERE), change)).kind).toBe('refused');
    expect(await goOn('at home', touches(CARD, HOME), change)).toMatchObject({ evaluation: 'parked' });
  });

  it('is what comes when the payer’s time is over', async () => {
    vi.setSystemTime(START + RESERVATION_MS);
    expect(await goOn('next', addressAlone(HOME))).not.toHaveProperty('evaluation');
  });

  it('is what comes after a last word', async () => {
    await answered('next', await goOn('next', addressAlone(HOME)), 'failed');
    const again = await goOn('again', addressAlone(HOME));
    expect(again).not.toHaveProperty('evaluation');
    await answered('again', again, 'failed');
    expect(await counts(gate)).toMatchObject({ [JSON.stringify(['guest_ip', HOME])]: 2 });
  });
});

it('of many tries of one payment the newest that wait are looked at', async () => {
  for (let n = 0; n < 9; n++) await park(`try-${n}`, cardNamed('fp', String(n)), `192.0.2.${n}`);
  expect(await goOn('old', addressAlone('192.0.2.0'))).not.toHaveProperty('evaluation');
  expect(await goOn('new', addressAlone('192.0.2.8'))).toMatchObject({ evaluation: 'try-8' });
  expect(await total()).toBe(0);
});

it('counts every failed answer once, however many requests go on at the same time', { timeout: 120_000 }, async () => {
  const wide = [under('guest_ip', [HOME], 1_000)];
  const steps = fc.array(
    fc.record({
      request: fc.nat({ max: 3 }),
      what: fc.constantFrom('ask', 'ask', 'failed', 'pending', 'unknown', 'evict'),
    }),
    { minLength: 1, maxLength: 14 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      gate = newGate();
      await calls(gate).admit(asking('parked', wide));
      await calls(gate).settle(outcome('parked', 'pending', wide, { links: ['pay_1'], paymentId: 'pay_1' }));
      const underWay = new Map<number, { id: string; admission: Admission }>();
      let failures = 0;
      for (const [index, { request, what }] of all.entries()) {
        const one = underWay.get(request);
        if (what === 'evict') await forget(gate);
        else if (what === 'ask') {
          const id = one?.id ?? `request-${index}`;
          underWay.set(request, { id, admission: await goOn(id, wide) });
        } else if (one !== undefined) {
          underWay.delete(request);
          if (what === 'failed') failures++;
          // The reply is lost, and the answer told again.
          for (let n = 0; n < 2; n++) await answered(one.id, one.admission, what as 'failed');
        }
      }
      expect(await total()).toBe(failures);
    }),
    { numRuns: 300 },
  );
});

/** The gate loses its memory; it must be there to lose any. */
async function forget(of: GateStub): Promise<void> {
  await counts(of);
  await evictDurableObject(of);
}
