/**
 * What became of an evaluation: every word after every word, who may not have one, and what is told afterwards.
 */
import { describe, expect, it } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { OUTCOME_STATUSES } from '../../src/outcome/outcome.ts';
import { rule } from '../support/merchant.ts';
import { api, attempt, countsOf, decided, evaluated, IP, newMerchant, problemOf, tell } from './backend.ts';

const guard = (limit = 9, change = {}) =>
  newMerchant({ card_testing_guard_config: rule('guest_user_card', limit), ...change });
const told = async (id: string) => (await (await api('GET', `/evaluations/${id}`)).json()) as ToldEvaluation;
const failures = async (merchant: string) => Object.values(await countsOf(merchant))[0] ?? 0;

/** The first word, the second: the second’s answer, then status, failures and mark on record. */
const TRANSITIONS = [
  ['pending', 'pending', 200, 'pending', 0, false],
  ['pending', 'unknown', 200, 'pending', 0, false],
  ['pending', 'succeeded', 200, 'succeeded', 0, false],
  ['pending', 'failed', 200, 'failed', 1, false],
  ['unknown', 'unknown', 200, 'unknown', 0, false],
  ['unknown', 'pending', 200, 'unknown', 0, false],
  ['unknown', 'succeeded', 200, 'succeeded', 0, false],
  ['unknown', 'failed', 200, 'failed', 1, false],
  ['succeeded', 'succeeded', 200, 'succeeded', 0, false],
  ['succeeded', 'pending', 409, 'succeeded', 0, false],
  ['succeeded', 'unknown', 409, 'succeeded', 0, false],
  ['succeeded', 'failed', 409, 'failed', 1, true],
  ['failed', 'failed', 200, 'failed', 1, false],
  ['failed', 'pending', 409, 'failed', 1, false],
  ['failed', 'unknown', 409, 'failed', 1, false],
  ['failed', 'succeeded', 409, 'failed', 1, false],
] as const;

it('has a line for every pair of words', () => {
  const pairs = OUTCOME_STATUSES.flatMap((first) => OUTCOME_STATUSES.map((second) => `${first} ${second}`));
  expect(TRANSITIONS.map(([first, second]) => `${first} ${second}`).toSorted()).toEqual(pairs.toSorted());
});

describe.each(TRANSITIONS)('%s, then %s', (first, second, answer, status, count, contradicted) => {
  it(`answers ${answer} and leaves ${status}, counted ${count} times`, async () => {
    const merchant = await guard();
    const { id } = await evaluated(merchant);
    const earlier = await tell(id, { status: first });
    expect([earlier.status, await earlier.json()]).toMatchObject([200, { id, outcome: { status: first } }]);
    // Said three times, it is said once.
    const later = [];
    for (let i = 0; i < 3; i++) later.push((await tell(id, { status: second })).status);
    const repeated = contradicted ? 200 : answer; // a marked failure is the failure on record
    expect(later).toEqual([answer, repeated, repeated]);
    expect((await told(id)).outcome).toMatchObject({ status, contradicted });
    expect(await failures(merchant)).toBe(count);
  });

  it('holds its place only while the word on record is pending', async () => {
    const merchant = await guard(2);
    const { id } = await evaluated(merchant);
    await tell(id, { status: first });
    await tell(id, { status: second });
    await evaluated(merchant);
    const isFree = status !== 'pending' && count === 0;
    expect((await decided(merchant))[0]).toBe(isFree ? 'allow' : 'block');
  });
});

it('says of a success after a marked failure that nothing was changed', async () => {
  const { id } = await evaluated(await guard());
  await tell(id, { status: 'succeeded' });
  expect((await (await tell(id, { status: 'failed' })).json()) as unknown).toMatchObject({
    detail: expect.stringContaining('counted'),
  });
  expect((await (await tell(id, { status: 'succeeded' })).json()) as unknown).toMatchObject({
    code: 'outcome_conflict',
    detail: 'nothing was changed',
  });
});

describe('an evaluation that was refused', () => {
  it.each([
    [
      'by a counter',
      async () => {
        const merchant = await guard(1);
        await tell((await evaluated(merchant)).id, { status: 'failed' });
        return evaluated(merchant);
      },
    ],
    [
      'for what is in flight',
      async () => {
        const merchant = await guard(1);
        await evaluated(merchant);
        return evaluated(merchant);
      },
    ],
    [
      'by a network rule',
      async () => {
        const merchant = await guard(1, { network: { deny_countries: ['KP'] } });
        return evaluated(merchant, { ...attempt, country: 'KP' });
      },
    ],
    [
      'by a challenge that nobody can run',
      async () => {
        const merchant = await guard(1, { network: { operating_countries: ['NL'] } });
        return evaluated(merchant);
      },
    ],
  ])('%s has no outcome', async (_, refuse) => {
    const { id, decision } = await refuse();
    expect(decision).toBe('block');
    for (const status of OUTCOME_STATUSES) {
      expect(await problemOf(await tell(id, { status })), status).toEqual([409, 'outcome_conflict']);
    }
    expect(await told(id)).toMatchObject({ id, decision: 'block', outcome: null });
  });
});

it.each([
  [{}, ['/status']],
  [{ status: 'declined' }, ['/status']],
  [{ status: 'failed', reason: 'x', also: 1 }, ['/also', '/reason']],
  [{ status: 'failed', decline_reason: '' }, ['/decline_reason']],
  [{ status: 'failed', processor_payment_id: 'x'.repeat(129) }, ['/processor_payment_id']],
])('refuses %j and names the fields', async (body, paths) => {
  const { id } = await evaluated(await guard());
  const answer = await tell(id, body);
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect([answer.status, errors.map(({ path }) => path).toSorted()]).toEqual([422, paths]);
  expect((await told(id)).outcome).toBeNull();
});

it('counts a failure once, told fifty times at once', async () => {
  const merchant = await guard();
  const { id } = await evaluated(merchant, { ip: IP, card: { token: 't' } });
  const answers = await Promise.all(Array.from({ length: 50 }, () => tell(id, { status: 'failed' })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await failures(merchant)).toBe(1);
});
