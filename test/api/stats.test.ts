/**
 * Counts over time: without gaps, shadow beside what was live, and kept when the decisions are gone.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ANSWERS } from '../../src/api/openapi-schemas.ts';
import { stepsOf } from '../../src/api/record-calls.ts';
import type { Stats } from '../../src/records/stats.ts';
import { api, newMerchant } from './backend.ts';
import { FROM, outcomeOf, plain, put } from './record-shelf.ts';

let merchant: string;
const velocity = (name: string, mode: 'enforce' | 'shadow') =>
  ({ code: 'velocity', rule: name, message: 'm', mode }) as const;

/** Two hours and a half of a decision a minute: each tenth refused, each fifth would have been. */
beforeAll(async () => {
  merchant = await newMerchant();
  const entries = Array.from({ length: 150 }, (_, at) => {
    const isRefused = at % 10 === 0;
    const isShadowed = at % 10 === 5;
    return plain(merchant, at, {
      ...(isRefused && { decision: 'block', reasons: [velocity('card_ip', 'enforce')] }),
      ...((isRefused || isShadowed) && { would_be: 'block' }),
      ...(isShadowed && { reasons: [velocity('guest_ip', 'shadow')] }),
      country: at < 60 ? 'NL' : `${String.fromCharCode(65 + (at % 20))}X`,
      amount: 1_000,
      currency: 'EUR',
      outcome: isRefused
        ? null
        : outcomeOf(merchant, at, at % 10 === 1 ? { status: 'failed', decline_reason: 'expired' } : {}),
    });
  });
  await put(...entries);
  await put(
    ...(await Promise.resolve(entries)).map((entry) =>
      plain(`${merchant}x`, 0, { ...entry, merchant: `${merchant}x` }),
    ),
  );
});

async function stats(query: string): Promise<Stats> {
  const answer = await api('GET', `/merchants/${merchant}/stats?${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  const told = (await answer.json()) as Stats;
  expect(ANSWERS.Stats?.safeParse(told).error?.issues ?? []).toEqual([]);
  return told;
}

const at = (ms: number) => new Date(ms).toISOString();
const HOUR = 3_600_000;
const range = (from: number, to: number) => `from=${at(from)}&to=${at(to)}`;

describe('buckets', () => {
  it('have no gaps, also where nothing happened', async () => {
    const { buckets } = await stats(range(FROM - 2 * HOUR, FROM + 4 * HOUR));
    expect(buckets.map(({ start }) => start)).toEqual([-2, -1, 0, 1, 2, 3].map((hour) => at(FROM + hour * HOUR)));
    expect(buckets.map(({ values }) => [values.allow, values.block])).toEqual([
      [0, 0],
      [0, 0],
      [54, 6],
      [54, 6],
      [27, 3],
      [0, 0],
    ]);
    expect(buckets.every(({ values }) => values.review === 0 && values.challenge === 0)).toBe(true);
  });

  it('are minutes and days too', async () => {
    const minutes = (await stats(`span=minute&${range(FROM, FROM + HOUR)}`)).buckets;
    expect([minutes.length, minutes[10]?.values]).toEqual([60, { allow: 0, review: 0, challenge: 0, block: 1 }]);
    const days = (await stats(`span=day&${range(FROM, FROM + HOUR)}`)).buckets;
    expect(days).toEqual([
      { start: '2026-11-01T00:00:00.000Z', values: { allow: 135, review: 0, challenge: 0, block: 15 }, other: 0 },
    ]);
  });

  it('name the most frequent, and put the others together', async () => {
    const { buckets, top } = await stats(`what=country&${range(FROM, FROM + 3 * HOUR)}`);
    expect(Object.keys(buckets[0]?.values ?? {})).toHaveLength(12);
    expect([buckets[0]?.values.NL, buckets[0]?.other]).toEqual([60, 0]);
    const second = buckets[1];
    expect(Object.values(second?.values ?? {}).reduce((sum, one) => sum + one, second?.other ?? 0)).toBe(60);
    expect(second?.other).toBeGreaterThan(0);
    expect(top.country).toHaveLength(20);
    expect(top.country[0]).toEqual({ value: 'NL', count: 60 });
  });

  it.each(['would_be', 'outcome', 'rule', 'decline_reason', 'route', 'challenge'])('tell of %s', async (what) => {
    const { buckets } = await stats(`what=${what}&${range(FROM, FROM + HOUR)}`);
    const sum = Object.values(buckets[0]?.values ?? {}).reduce((all, one) => all + one, 0);
    expect(sum > 0).toBe(what !== 'challenge');
  });
});

it('shadow stands beside what was live', async () => {
  const { decisions, rules, amounts, top } = await stats(range(FROM, FROM + 3 * HOUR));
  expect(decisions).toEqual([
    { decision: 'allow', count: 135, would_be: 120 },
    { decision: 'review', count: 0, would_be: 0 },
    { decision: 'challenge', count: 0, would_be: 0 },
    { decision: 'block', count: 15, would_be: 30 },
  ]);
  expect(rules).toEqual([
    { rule: 'velocity', enforced: 15, shadow: 15 },
    { rule: 'velocity:card_ip', enforced: 15, shadow: 0 },
    { rule: 'velocity:guest_ip', enforced: 0, shadow: 15 },
  ]);
  expect(amounts).toEqual([
    { currency: 'EUR', decision: 'allow', count: 135, amount: 135_000 },
    { currency: 'EUR', decision: 'block', count: 15, amount: 15_000 },
  ]);
  expect(top.outcome).toEqual([
    { value: 'succeeded', count: 120 },
    { value: 'failed', count: 15 },
  ]);
  expect(top.decline_reason).toEqual([{ value: 'expired', count: 15 }]);
});

it('the counts outlive the decisions', async () => {
  const before = await stats(range(FROM, FROM + 3 * HOUR));
  await env.RECORDS.prepare('DELETE FROM decisions WHERE merchant = ?').bind(merchant).run();
  expect(await stats(range(FROM, FROM + 3 * HOUR))).toEqual(before);
});

it('nothing counted is zero', async () => {
  const answer = await api('GET', `/merchants/${await newMerchant()}/stats`);
  const { buckets, rules } = (await answer.json()) as Stats;
  expect([buckets.length, rules]).toEqual([24, []]);
});

describe('the time that is asked for', () => {
  const asked = { merchant: 'acme', span: 'hour', what: 'decision' } as const;
  const now = FROM + 90_000;

  it('is a day of hours where nobody says', () => {
    expect(stepsOf(asked, now)).toMatchObject({ from: FROM - 23 * HOUR, to: FROM + HOUR });
  });

  it('is whole spans', () => {
    expect(stepsOf({ ...asked, from: FROM + 1, to: FROM + HOUR + 1 }, now)).toMatchObject({
      from: FROM,
      to: FROM + 2 * HOUR,
    });
  });

  it('has 1,500 of them at most', async () => {
    expect(stepsOf({ ...asked, from: FROM - 1_499 * HOUR, to: FROM + 1 }, now)).not.toBeNull();
    expect(stepsOf({ ...asked, from: FROM - 1_500 * HOUR, to: FROM + 1 }, now)).toBeNull();
    const answer = await api('GET', `/merchants/${merchant}/stats?span=minute&${range(FROM, FROM + 48 * HOUR)}`);
    const { errors } = (await answer.json()) as { errors: readonly { path: string }[] };
    expect([answer.status, errors.map(({ path }) => path)]).toEqual([400, ['/from']]);
  });

  it('is not in the future alone', () => {
    expect(stepsOf({ ...asked, from: now + 3 * HOUR }, now)).toBeNull();
  });
});

it('methods of step-up stand with how they fare', async () => {
  const step = (what: string, method: string, n: number) =>
    ({ kind: 'challenge', merchant, at: FROM, evaluation: `ev_${n}`, what, method }) as never;
  await put(
    ...[0, 1, 2].flatMap((n) => [step('asked', 'turnstile', n), step('asked', 'proof_of_work', n)]),
    step('passed', 'proof_of_work', 0),
    step('otherwise', 'turnstile', 0),
    step('failed', 'turnstile', 1),
  );
  const { challenges } = await stats(range(FROM, FROM + HOUR));
  expect(challenges).toEqual([
    { method: 'proof_of_work', asked: 3, passed: 1, failed: 0, abandoned: 2, countries: [] },
    { method: 'turnstile', asked: 3, passed: 0, failed: 1, abandoned: 2, countries: [] },
  ]);
});
