/**
 * The same attempts through the Worker and its gate, asked by the API and told of their outcomes, and through the replay:
 * line by line the same decisions, for the same reasons, with the same score. The clock is each attempt's own.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { daysOf, firstDay, type Plan } from '../../commands/simulate/calendar.ts';
import { lineOf, type Try } from '../../commands/simulate/try.ts';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { readPolicy } from '../../src/replay/policy-text.ts';
import { Replay } from '../../src/replay/replay.ts';
import { readReplayLine } from '../../src/replay/replay-line.ts';
import { api, newMerchant, tell } from '../api/backend.ts';
import { answer, LIGHT, solved } from '../support/challenges.ts';

const PLAN: Plan = {
  seed: 8,
  days: 4,
  quietDays: 0,
  scale: 0.02,
  start: firstDay,
  pastDays: 0,
  only: ['one_ip', 'cvc_cracking'],
};
const ENABLED = { card_ip_blocking_status: 'enabled', guest_user_card_blocking_status: 'enabled' };
const CLASSIC = { ...ENABLED, customer_id_blocking_status: 'shadow', guest_ip_blocking_status: 'enabled' };

/** What is compared of an answer. */
interface Seen {
  readonly decision: string;
  readonly reasons: readonly unknown[];
  readonly score: number;
  readonly methods: readonly string[];
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: firstDay });
});
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ['the classic four', { card_testing_guard_config: CLASSIC }, ['allow', 'block']],
  [
    'tight limits, and places that 3-D Secure holds',
    {
      card_testing_guard_config: { ...CLASSIC, card_ip_blocking_threshold: 1, card_testing_guard_expiry: 86_400 },
      reservation_seconds: 3_600,
      max_block_seconds: 7_200,
    },
    ['allow', 'block'],
  ],
  [
    'countries, a score, and a challenge',
    {
      card_testing_guard_config: CLASSIC,
      network: {
        operating_countries: ['NL', 'DE', 'FR', 'US'],
        deny_countries: ['SG'],
        payer_country: true,
        country_mismatch: 'score',
      },
      reputation: { sizes: { card_ip: 60 }, step_up_above: 50 },
      step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT, max_unanswered: 2 },
    },
    ['allow', 'block', 'challenge'],
  ],
  [
    'the recommended set, with a challenge',
    {
      velocity: 'recommended',
      step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT, max_unanswered: 4 },
    },
    ['allow', 'block', 'challenge'],
  ],
  [
    "the merchant's own rules, some by what is counted",
    {
      card_testing_guard_config: CLASSIC,
      velocity: [
        {
          name: 'large',
          by: 'ip',
          limit: 3,
          window_seconds: 86_400,
          when: 'attempt.amount > 5000 && !customer.verified',
        },
      ],
      rules: [
        { name: 'late', when: 'counts.guest_ip >= 1 || counts.large >= 2', then: 'challenge' },
        { name: 'early', when: '!customer.verified && attempt.amount < 300 && attempt.hour < 20', then: 'challenge' },
        { name: 'night', when: 'attempt.hour >= 22 && attempt.weekday != 1', then: 'review' },
        { name: 'shadow', when: 'card.scheme == "visa" && card.country != ip.country', then: 'block', mode: 'shadow' },
        { name: 'block', when: 'counts.guest_card >= 1 && attempt.amount % 2 == 0', then: 'block' },
        { name: 'faulty', when: '1 / (attempt.amount % 3) > 0', then: 'review', mode: 'shadow' },
      ],
      step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT, max_unanswered: 2 },
    },
    ['allow', 'block', 'challenge', 'review'],
  ],
  ['a merchant in shadow', { mode: 'shadow', card_testing_guard_config: CLASSIC }, ['allow']],
])('%s', { timeout: 240_000 }, async (_, config, decisions) => {
  const tries = [...daysOf(PLAN)].flat().map(hardened);
  const merchant = await newMerchant(config);
  const live: Seen[] = [];
  for (const one of tries) live.push(...(await pay(merchant, one)));
  const replayed = await replay({ id: merchant, ...config }, tries);
  expect(live.length).toBeGreaterThan(200);
  expect(new Set(live.map(({ decision }) => decision))).toEqual(new Set(decisions));
  expect(replayed).toEqual(live);
});

/** One in nine waits for 3-D Secure, and one in seven passes no challenge. */
function hardened(one: Try, index: number): Try {
  const outcome = index % 9 === 0 ? ({ status: 'pending' } as const) : one.outcome;
  return { ...one, outcome, passed: { ...one.passed, proof_of_work: index % 7 !== 0 } };
}

async function pay(merchant: string, { at, attempt, outcome, passed }: Try): Promise<readonly Seen[]> {
  vi.setSystemTime(at);
  const asked = await evaluated({ merchant, attempt });
  const seen = seenIn(asked);
  if (asked.decision !== 'challenge' || !passed.proof_of_work) {
    await report(asked, outcome);
    return [seen];
  }
  const url = asked.challenge?.url ?? '';
  const { pass } = (await (await answer(url, await solved(url))).json()) as { readonly pass: string };
  const again = await evaluated({ merchant, attempt, pass });
  await report(again, outcome);
  return [seen, seenIn(again)];
}

async function evaluated(body: unknown): Promise<ToldEvaluation> {
  const told = await api('POST', '/evaluations', { body });
  expect(told.status, await told.clone().text()).toBe(200);
  return told.json();
}

async function report({ id, reservation }: ToldEvaluation, outcome: Try['outcome']): Promise<void> {
  if (reservation !== null) expect((await tell(id, outcome)).status).toBe(200);
}

function seenIn({ decision, reasons, risk_score: score, challenge }: ToldEvaluation): Seen {
  return { decision, reasons, score, methods: challenge?.methods ?? [] };
}

async function replay(config: object, tries: readonly Try[]): Promise<readonly Seen[]> {
  const bytes = Uint8Array.fromBase64(env.CORDON_MASTER_KEY);
  const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const read = await readPolicy(JSON.stringify(config), key);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const replay = new Replay(read.policy);
  const seen: Seen[] = [];
  for (const one of tries) {
    const line = readReplayLine(lineOf(one));
    if (!line.ok) throw new Error(line.fault);
    const { evaluation, methods, afterChallenge } = await replay.next(line.line);
    seen.push({ ...seenIn({ ...evaluation, challenge: null } as ToldEvaluation), methods });
    if (afterChallenge !== null) seen.push(seenIn({ ...afterChallenge, challenge: null } as ToldEvaluation));
  }
  return seen;
}
