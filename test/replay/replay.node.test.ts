/**
 * Recorded attempts under a policy: what counts, for how long, and what is kept of it.
 */
import { describe, expect, it } from 'vitest';
import { decisionsOf, lineOf, newReplay, replayAll } from './replaying.ts';

const limited = (limit: number, expiry = 3_600) => ({
  card_testing_guard_config: {
    card_ip_blocking_status: 'enabled',
    card_ip_blocking_threshold: limit,
    card_testing_guard_expiry: expiry,
  },
});
const HOSTING = { ip: '203.0.113.9', country: 'NL', asn: 16509 };
const RISKY = { network: { asn: { hosting: 'challenge' } }, step_up: { methods: ['proof_of_work'] } };

it('counts failures, and nothing that was refused', async () => {
  const hour = 3_599;
  expect(await decisionsOf(limited(2), [{}, {}, {}, { at: hour }, { at: 3_600 }])).toEqual([
    'allow',
    'allow',
    'block',
    'block',
    'allow',
  ]);
});

it.each(['succeeded', 'unknown'])('counts no %s', async (status) => {
  expect(await decisionsOf(limited(1), [{ status }, { status }, { status }])).toEqual(['allow', 'allow', 'allow']);
});

it('holds the place of a pending one, until half a failure is left of it', async () => {
  const config = { ...limited(1), reservation_seconds: 600 };
  const all = [{ status: 'pending' }, { at: 599 }, { at: 600, status: 'succeeded' }, { at: 601, status: 'failed' }];
  const replayed = await replayAll(config, [...all, { at: 602 }]);
  expect(replayed.map(({ evaluation, rule }) => [evaluation.decision, rule])).toEqual([
    ['allow', null],
    ['block', 'in_flight:card_ip'],
    ['allow', null],
    ['allow', null],
    ['block', 'velocity:card_ip'],
  ]);
  expect(replayed[4]?.evaluation.reasons[0]?.message).toContain('1.5 failures');
});

it('leaves nothing of a customer’s pending one', async () => {
  const config = { ...limited(1), reservation_seconds: 600 };
  const attempt = { customer_id: 'c' };
  const all = [0, 600, 1_200].map((at) => ({ at, status: 'pending', attempt }));
  expect(await decisionsOf(config, all)).toEqual(['allow', 'allow', 'allow']);
});

it('keeps a refusal of shadow out of the counter, and says what would have been', async () => {
  const [, second] = await replayAll({ mode: 'shadow', ...limited(1) }, [{}, {}]);
  expect(second).toMatchObject({ wouldBe: 'block', isThrough: true, evaluation: { decision: 'allow' } });
});

it('judges nothing for a merchant that is off', async () => {
  expect(await decisionsOf({ mode: 'off', ...limited(1) }, [{}, {}, {}])).toEqual(['allow', 'allow', 'allow']);
});

describe('a challenge', () => {
  it('is passed by who passes one of its methods, and counts then', async () => {
    const config = { ...RISKY, ...limited(1) };
    const all = [{ attempt: HOSTING }, { attempt: HOSTING }];
    const replayed = await replayAll(config, all);
    expect(replayed.map(({ methods, passedBy, isThrough }) => [methods, passedBy, isThrough])).toEqual([
      [['proof_of_work'], 'proof_of_work', true],
      [['proof_of_work'], 'proof_of_work', false],
    ]);
    expect(replayed[1]?.afterChallenge).toMatchObject({ decision: 'block' });
  });

  it('stops who passes none, and that counts nothing', async () => {
    const config = { ...RISKY, ...limited(1) };
    const replayed = await replayAll(config, [
      { attempt: HOSTING, passed: { turnstile: true } },
      { attempt: { ...HOSTING, asn: 1136 } },
    ]);
    expect(replayed.map(({ isThrough, rule }) => [isThrough, rule])).toEqual([
      [false, 'hosting:hosting'],
      [true, null],
    ]);
  });

  it('is not asked for ever', async () => {
    const config = { ...RISKY, step_up: { ...RISKY.step_up, max_unanswered: 2 } };
    const one = { attempt: HOSTING, passed: false };
    expect(await decisionsOf(config, [one, one, one])).toEqual(['challenge', 'challenge', 'block']);
  });

  it('is none where nothing fits', async () => {
    const renewal = { attempt: { ...HOSTING, kind: 'renewal' } };
    expect(await decisionsOf({ ...RISKY, network: { unknown_country: 'challenge' } }, [renewal])).toEqual(['allow']);
  });
});

describe('rules of the merchant’s own', () => {
  const tiny = { name: 'tiny', when: 'attempt.amount < 200', then: 'block', mode: 'enforce' };

  it('are asked, also those that name counts', async () => {
    const often = { name: 'often', when: 'counts.card_ip >= 1', then: 'block', mode: 'enforce' };
    const config = { ...limited(5), rules: [tiny, often] };
    const all = [{ attempt: { amount: 100 } }, { attempt: { amount: 300 } }, { attempt: { amount: 300 } }];
    expect((await replayAll(config, all)).map(({ rule }) => rule)).toEqual([
      'custom_rule:tiny',
      null,
      'custom_rule:often',
    ]);
  });

  it('ask for a challenge, and are met by one, once counts are known', async () => {
    const often = { name: 'often', when: 'counts.card_ip >= 1', then: 'challenge', mode: 'enforce' };
    const config = { ...limited(5), rules: [often], step_up: { methods: ['proof_of_work'] } };
    const replayed = await replayAll(config, [{}, {}, { passed: false }]);
    expect(replayed.map(({ evaluation, methods, isThrough }) => [evaluation.decision, methods, isThrough])).toEqual([
      ['allow', [], true],
      ['challenge', ['proof_of_work'], true],
      ['challenge', ['proof_of_work'], false],
    ]);
  });
});

describe('a card', () => {
  it('is one by its number, however it is written, and by every name told with it', async () => {
    const number = '4242424242424242';
    const all = [
      { attempt: { card: { number, fingerprint: 'f' } } },
      { attempt: { card: { number: '4242 4242 4242 4242' } } },
      { attempt: { card: { fingerprint: 'f' } } },
      { attempt: { card: { fingerprint: 'another' } } },
    ];
    expect(await decisionsOf(limited(2), all)).toEqual(['allow', 'allow', 'block', 'allow']);
  });

  it('is no other for what stands in its name', async () => {
    const named = (fingerprint: string) => ({ attempt: { card: { fingerprint } } });
    const all = [named('a","203.0.113.9'), named('a'), named('a\\","203.0.113.9'), named('ä')];
    expect(await decisionsOf(limited(1), all)).toEqual(['allow', 'allow', 'allow', 'allow']);
  });
});

it('forgets what is over: memory follows the window, not the file', async () => {
  const replay = await newReplay({ ...limited(3, 600), reservation_seconds: 600 });
  let most = 0;
  for (let index = 0; index < 20_000; index++) {
    const attempt = { card: { fingerprint: `card ${index}` } };
    await replay.next(lineOf({ at: index * 10, attempt, status: index % 5 === 0 ? 'pending' : 'failed' }));
    most = Math.max(most, replay.size);
  }
  // An hour's sweep and ten minutes of life are 420 attempts.
  expect(most).toBeLessThan(500);
});
