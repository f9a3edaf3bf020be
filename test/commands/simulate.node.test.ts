/**
 * The simulated days: the same for the same seed, in order of time, in the contract's format, and what they are told to be.
 */
import { expect, it } from 'vitest';
import { readArguments } from '../../commands/simulate/arguments.ts';
import { attackNames, calendarOf, campaigns, daysOf, firstDay, isAttack } from '../../commands/simulate/calendar.ts';
import { drawsOf } from '../../commands/simulate/draws.ts';
import { dayMs, lineOf, type Try } from '../../commands/simulate/try.ts';
import { attemptSchema } from '../../src/api/schemas.ts';
import { DECLINE_REASONS } from '../../src/outcome/outcome.ts';

const PLAN = { seed: 1, days: 16, quietDays: 2, scale: 0.2, pastDays: 0, only: campaigns, start: firstDay };
const triesOf = (change: Partial<typeof PLAN> = {}): readonly Try[] => [...daysOf({ ...PLAN, ...change })].flat();
const all = triesOf();
const of = (label: string, tries = all) => tries.filter((one) => one.label === label);
const share = (tries: readonly Try[], is: (one: Try) => boolean) => tries.filter(is).length / tries.length;

it('is the same file for the same seed, and another for another', () => {
  const short = { days: 2, quietDays: 1, only: ['one_ip'] as const };
  expect(triesOf(short).map(lineOf)).toEqual(triesOf(short).map(lineOf));
  expect(triesOf(short)).not.toEqual(triesOf({ ...short, seed: 2 }));
});

it('is in order of time, within its days', () => {
  const times = all.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(firstDay);
  expect(times.at(-1)).toBeLessThan(firstDay + PLAN.days * dayMs);
});

it('has attempts as the API takes them, and decline reasons of the closed list', () => {
  expect(all.map(({ attempt }) => attemptSchema.safeParse(attempt)).filter(({ success }) => !success)).toEqual([]);
  const reasons = new Set(all.flatMap(({ outcome }) => outcome.decline_reason ?? []));
  expect([...reasons].filter((reason) => !DECLINE_REASONS.some((one) => one === reason))).toEqual([]);
});

it('has every campaign, and every card and address of it is nobody’s', () => {
  const labels = new Set(all.map(({ label }) => label));
  expect(campaigns.filter((name) => name !== 'hidden_in_sale' && !labels.has(name))).toEqual([]);
  expect(all.filter(({ attempt: { card } }) => !card.bin.startsWith('9'))).toEqual([]);
  const ips = all.flatMap(({ attempt: { ip } }) => ip ?? []);
  expect(ips.filter((ip) => !/^(?:24\d|25[0-4])\.|^2001:db8:/.test(ip))).toEqual([]);
});

it('leaves the trade as it is, whatever campaigns there are', () => {
  const quiet = triesOf({ only: [], days: 3 });
  const attacked = triesOf({ only: ['one_ip'], days: 3 });
  expect(attacked.filter(({ label }) => !isAttack(label))).toEqual(quiet);
});

it('has testers who pass every proof of work and one CAPTCHA in fifteen', () => {
  const testers = all.filter(({ label }) => isAttack(label));
  expect(share(testers, ({ passed }) => passed.proof_of_work)).toBe(1);
  expect(share(testers, ({ passed }) => passed.turnstile)).toBeCloseTo(1 / 15, 1);
  expect(testers.filter(({ passed }) => passed.passkey || passed.identity)).toEqual([]);
});

it('has testers whose amounts and e-mails look human half of the time', () => {
  const tests = of('residential');
  expect(share(tests, ({ attempt: { amount } }) => amount <= 500)).toBeCloseTo(0.5, 1);
  expect(share(tests, ({ attempt: { email = '' } }) => /^[a-z0-9]+@mail\d+\.example$/.test(email))).toBeCloseTo(0.5, 1);
});

it.each([
  ['one_ip', (one: Try) => one.attempt.ip, 1],
  ['cvc_cracking', (one: Try) => one.attempt.card.fingerprint, 3],
  ['sequential', (one: Try) => one.attempt.card.bin, 1],
] as const)('%s has few of what it is about', (label, what, count) => {
  expect(new Set(of(label).map(what)).size).toBe(count);
});

it.each([
  ['residential', (one: Try) => one.attempt.ip],
  ['residential', (one: Try) => one.attempt.card.fingerprint],
  ['fresh_customers', (one: Try) => one.attempt.customer_id],
  ['ipv6_rotation', (one: Try) => one.attempt.ip?.split(':').slice(0, 4).join(':')],
] as const)('%s has a new one each time', (label, what) => {
  const tries = of(label);
  expect(new Set(tries.map(what)).size / tries.length).toBeGreaterThan(0.98);
});

it('declines a buyer’s first try in a tenth of all cases, and nobody’s during an outage but for the processor', () => {
  expect(share(of('guests', triesOf({ only: [], days: 5 })), ({ outcome }) => outcome.status === 'failed')).toBeCloseTo(
    0.15,
    1,
  );
  const reasons = new Set(of('outage').map(({ outcome: { decline_reason } }) => decline_reason));
  expect([...reasons].filter((reason) => reason !== 'processing_error' && reason !== undefined)).toEqual([]);
});

it('gives each campaign a day of its own after the quiet ones, and none that it does not end on', () => {
  const calendar = calendarOf({ ...PLAN, days: 18 });
  expect([...calendar.keys()].every((day) => day >= PLAN.quietDays)).toBe(true);
  expect([...calendar.values()].flat().toSorted()).toEqual(expect.arrayContaining(attackNames.toSorted()));
  expect(calendarOf({ ...PLAN, days: 3, only: ['low_and_slow'] })).toEqual(new Map());
});

it('tells of the past of customers who come, and of nobody else’s', () => {
  const tries = triesOf({ only: [], days: 3, pastDays: 90 });
  const past = of('past', tries);
  const coming = new Set(tries.filter(({ label }) => label !== 'past').map(({ attempt }) => attempt.customer_id));
  expect(past.length).toBeGreaterThan(100);
  expect(past.filter(({ attempt }) => !coming.has(attempt.customer_id))).toEqual([]);
  // Declined as often as others: whoever had seen nothing fail would find everything suspicious.
  const declined = past.filter(({ outcome }) => outcome.status === 'failed').length / past.length;
  expect(declined).toBeGreaterThan(0.05);
  expect(declined).toBeLessThan(0.2);
  expect(past.every(({ at }) => at < firstDay && at >= firstDay - 90 * dayMs - 1)).toBe(true);
  expect(tries.filter(({ label }) => label !== 'past')).toEqual(triesOf({ only: [], days: 3 }));
});

it('draws by weight', () => {
  const draws = drawsOf(1, 'a test');
  const drawn = Array.from({ length: 10_000 }, () => draws.weighted({ a: 3, b: 1, c: 0 }));
  expect(drawn.filter((one) => one === 'a').length / drawn.length).toBeCloseTo(0.75, 1);
  expect(drawn).not.toContain('c');
});

it.each([
  [[], '--seed is needed'],
  [['--seed', 'x'], '--seed must be a whole number'],
  [['--seed', '1', '--only', 'nonsense'], 'there is no campaign nonsense'],
  [['--seed', '1', '--scale', '0'], '--scale must be above 0'],
  [['--seed', '1', '--quiet', '20', '--days', '3'], '--quiet must be a whole number, 3 at most'],
])('refuses %j', (args, fault) => {
  expect(readArguments(args)).toMatchObject({ fault: expect.stringContaining(fault) });
});
