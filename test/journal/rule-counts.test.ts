/**
 * What is told of rules that nobody asked: that, and no number.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countsOf } from '../../src/journal/rule-counts.ts';
import { attempt, evaluated, newMerchant } from '../api/backend.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';
import { Written } from '../support/written.ts';

const UNASKED = [{ rule: 'card_ip', mode: 'enforce', state: 'unasked', count: null, in_flight: null, limit: 2 }];
const refusing = { card_testing_guard_config: rule('card_ip', 2), network: { deny_countries: ['KP'] } };

let written: Written;
beforeEach(() => {
  new StandInOrigin().answer(answers.succeed);
  written = new Written();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function silenceGate(): void {
  vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
}

describe('a rule that nobody asked is told as such', () => {
  it('in front of a checkout, where the country refused before', async () => {
    await putAcme(refusing);
    await pay({ ip: '198.19.9.1', cf: { country: 'KP' } });
    expect(await written.once('decision')).toMatchObject([{ decision: 'block', counts: UNASKED }]);
  });

  it('in front of a checkout, where the gate did not answer', async () => {
    await putAcme({ ...refusing, on_gate_unavailable: 'allow' });
    await pay({ ip: '198.19.9.2', cf: { country: 'NL' } });
    silenceGate();
    await pay({ ip: '198.19.9.3', cf: { country: 'NL' } });
    const [, second] = await written.once('decision', 2);
    expect(second).toMatchObject({ reasons: [{ code: 'gate_unavailable' }], counts: UNASKED });
  });

  it('in the API, where the country refused before', async () => {
    const merchant = await newMerchant(refusing);
    await evaluated(merchant, { ...attempt, country: 'KP' });
    expect(await written.once('decision')).toMatchObject([{ decision: 'block', counts: UNASKED }]);
  });

  it('in the API, where the gate did not answer', async () => {
    const merchant = await newMerchant(refusing);
    await evaluated(merchant, { ...attempt, country: 'NL' });
    silenceGate();
    await evaluated(merchant, { ...attempt, country: 'NL' });
    const [, second] = await written.once('decision', 2);
    expect(second).toMatchObject({ reasons: [{ code: 'gate_unavailable' }], counts: UNASKED });
  });
});

describe('of counters', () => {
  const touch = {
    formerKeys: [],
    limit: 2,
    windowSeconds: 60,
    maxBlockSeconds: 60,
    part: 'check',
    mode: 'enforce',
  } as const;
  const card = { ...touch, rule: 'card_ip', key: '["card_ip","tk_1","a"]' } as const;
  const ip = { ...touch, rule: 'guest_ip', key: '["guest_ip","a"]' } as const;
  const shut = { ...card, state: 'shut', count: 2, inFlight: 0, shutUntil: 1 } as const;

  it.each([
    ['the gate counted nothing', [card, ip], [], [], ['open 0', 'open 0']],
    ['the gate counted some', [card, ip], [], [1, 0, 3, 1], ['open 1', 'open 3']],
    ['the gate was not asked', [card, ip], [], null, ['unasked null', 'unasked null']],
    ['one was known to be shut', [card, ip], [shut], null, ['shut 2', 'unasked null']],
    [
      'the gate knows the card by another name',
      [card, ip],
      [{ ...shut, key: '["card_ip","fp_1","a"]' }],
      [2, 0, 0, 0],
      ['shut 2', 'open 0'],
    ],
    [
      'of two cards another is meant',
      [card, { ...card, key: '["card_ip","tk_2","a"]' }],
      [shut],
      [2, 0, 0, 0],
      ['shut 2', 'open 0'],
    ],
  ] as const)('%s', (_, touches, verdicts, counted, told) => {
    expect(countsOf(touches, verdicts, counted).map(({ state, count }) => `${state} ${count}`)).toEqual(told);
  });
});
