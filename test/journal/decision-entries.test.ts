/**
 * What goes on record of a decision: whatever was decided, by whichever face, one entry with why.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { ask, attempt, evaluated, newMerchant } from '../api/backend.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, pay } from '../support/shopper.ts';
import { Written } from '../support/written.ts';

let origin: StandInOrigin;
let written: Written;
let next = 0;
const fresh = () => `198.19.0.${++next}`;

beforeEach(async () => {
  origin = new StandInOrigin();
  written = new Written();
  await putAcme({ card_testing_guard_config: rule('card_ip', 2) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('in front of a checkout', () => {
  it('an attempt that went on is one entry, with its outcome, its timing and the origin’s status', async () => {
    origin.answer(answers.decline);
    const ip = fresh();
    const id = (await pay({ ip })).headers.get('cordon-evaluation');
    const [entry, ...more] = await written.once('decision');
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ id, decision: 'allow', would_be: 'allow', source: 'proxy', ip, origin: 402 });
    expect(entry?.outcome).toMatchObject({
      kind: 'outcome',
      evaluation: id,
      try: null,
      status: 'failed',
      decline_reason: 'do_not_honor',
      payment_id: 'pay_1',
      contradicted: false,
      told_by: 'answer',
    });
    expect(entry?.timing).toEqual({
      read: expect.any(Number),
      judge: expect.any(Number),
      origin: expect.any(Number),
    });
  });

  it('tells what every rule counted at that moment, also those that are open', async () => {
    await putAcme({ card_testing_guard_config: { ...rule('card_ip', 2), ...rule('guest_ip', 9) } });
    origin.answer(answers.decline);
    const ip = fresh();
    for (let n = 0; n < 3; n++) await pay({ ip });
    const counts = (await written.once('decision', 3)).map((entry) => entry.counts);
    const open = { mode: 'enforce', in_flight: 0, state: 'open' };
    expect(counts).toEqual([
      [
        { ...open, rule: 'card_ip', count: 0, limit: 2 },
        { ...open, rule: 'guest_ip', count: 0, limit: 9 },
      ],
      [
        { ...open, rule: 'card_ip', count: 1, limit: 2 },
        { ...open, rule: 'guest_ip', count: 1, limit: 9 },
      ],
      [
        { ...open, rule: 'card_ip', state: 'shut', count: 2, limit: 2 },
        { ...open, rule: 'guest_ip', count: 2, limit: 9 },
      ],
    ]);
  });

  it('says what a rule in shadow would have done', async () => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 1, 'shadow') });
    origin.answer(answers.decline);
    const ip = fresh();
    await pay({ ip });
    await pay({ ip });
    const [, second] = await written.once('decision', 2);
    expect(second).toMatchObject({
      decision: 'allow',
      would_be: 'block',
      reasons: [{ rule: 'card_ip', mode: 'shadow' }],
    });
  });

  it.each([
    ['what could not be read', { body: '{' }, 'unreadable'],
    ['a method that the route does not take', { method: 'PUT' }, 'unreadable'],
    ['a path that means the route to others', { path: '/api//pay' }, 'unreadable'],
  ])('%s is on record, with nothing of what it held', async (_, change, code) => {
    const ip = fresh();
    await pay({ ip, ...change });
    const [entry] = await written.once('decision');
    expect(entry).toMatchObject({ decision: 'block', attempt_kind: null, card: null, ip, reasons: [{ code }] });
  });

  it('a merchant whose guard is off is on record all the same', async () => {
    await putAcme({ mode: 'off' });
    await pay({ ip: fresh() });
    expect(await written.once('decision')).toMatchObject([{ decision: 'allow', mode: 'off', reasons: [] }]);
  });

  it('repeats of a payer who is shut out are one entry with their number', async () => {
    origin.answer(answers.decline);
    const ip = fresh();
    for (let n = 0; n < 13; n++) await pay({ ip });
    const entries = await written.once('decision', 4);
    expect(entries.map(({ decision, repeats }) => [decision, repeats])).toEqual([
      ['allow', null],
      ['allow', null],
      ['block', null],
      ['block', 10],
    ]);
    expect(entries[3]?.counts).toMatchObject([{ rule: 'card_ip', state: 'shut', count: 2, limit: 2 }]);
  });

  it('an outcome that the gate does not have is not on record either: it counts nothing', async () => {
    const ip = fresh();
    await pay({ ip });
    origin.answer(async () => {
      vi.spyOn(Gate.prototype, 'settleText').mockImplementation(() => {
        throw new Error('no gate');
      });
      return answers.decline();
    });
    await pay({ ip });
    const [, second] = await written.once('decision', 2);
    expect(second).toMatchObject({ decision: 'allow', origin: 402, outcome: null });
  });
});

describe('in the API', () => {
  it('an evaluation is one entry, with the amount that was said', async () => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 2) });
    const said = { ...attempt, customer_id: 'cus_7', country: 'NL', asn: 1136, amount: 1999, currency: 'EUR' };
    const { id } = await evaluated(merchant, said);
    expect(await written.once('decision')).toMatchObject([
      {
        id,
        merchant,
        source: 'api',
        route: 'api',
        decision: 'allow',
        attempt_kind: 'payment',
        customer: 'cus_7',
        country: 'NL',
        asn: 1136,
        amount: 1999,
        currency: 'EUR',
        outcome: null,
        counts: [{ rule: 'card_ip', count: 0, limit: 2 }],
      },
    ]);
  });

  it('the same call again is not another', async () => {
    const merchant = await newMerchant();
    const call = { headers: { 'idempotency-key': 'k' } };
    for (let n = 0; n < 3; n++) await ask(merchant, attempt, call);
    await evaluated(merchant);
    expect((await written.once('decision', 2)).length).toBe(2);
  });

  it('an answer without the gate is on record', async () => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 2) });
    await evaluated(merchant);
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    await evaluated(merchant);
    const [, second] = await written.once('decision', 2);
    expect(second).toMatchObject({ decision: 'block', reasons: [{ code: 'gate_unavailable' }] });
  });

  it('a merchant in shadow is told to let it through, and what would have been is on record', async () => {
    const merchant = await newMerchant({ mode: 'shadow', network: { deny_countries: ['KP'] } });
    await evaluated(merchant, { ...attempt, country: 'KP' });
    expect(await written.once('decision')).toMatchObject([{ decision: 'allow', would_be: 'block', mode: 'shadow' }]);
  });
});

it('no card number is ever in an entry', async () => {
  const merchant = await newMerchant();
  await evaluated(merchant);
  await pay({ ip: fresh() });
  await pay({ ip: fresh(), body: `{"card":{"number":"${CARD}"},` });
  await written.once('decision', 3);
  expect(written.messages.join()).not.toContain(CARD);
});
