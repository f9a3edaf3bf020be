/**
 * The gate loses its memory (eviction) or is torn down under its callers (abort): in admit, between admit and settle,
 * and in settle. Each decline counts once, none is lost.
 */
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WRITE_DOWN_AGE_MS } from '../../src/gate/housekeeping.ts';
import { asking, calls, counts, gateOf, newGate, rowsIn, touch } from '../gate/asking.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';
import { delayReplies, holdReplies } from './held-replies.ts';

const CROWD = 12;
const EACH = ['evicted', 'aborted'] as const;
type Loss = (typeof EACH)[number];

const PACK = cards(50);
let origin: StandInOrigin;
let used = 0;
let addresses = 0;
let card = '';
let countedBefore: readonly string[] = [];

beforeEach(async () => {
  card = PACK[used++] ?? '';
  origin = new StandInOrigin();
  // No object lives on from the test before, whose clock its timers belong to.
  await abortAllDurableObjects();
  await putAcme({ card_testing_guard_config: rule('guest_user_card', 10_000) });
  countedBefore = Object.keys(await counts(gateOf('acme')));
  // A timer keeps an object in memory: without the gate's own, it is lost as early as it ever can be.
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.for(EACH)('counts every decline once when the gate is %s between admit and settle', async (loss) => {
  const release = origin.hold(answers.decline);
  const sent = crowd();
  await until(() => origin.arrived.length === CROWD);
  await lose(loss);
  release();
  expect(await statusesOf(sent)).toEqual(Array(CROWD).fill(402));
  expect(await countOfCard()).toBe(CROWD);
});

it.for(EACH)('sends each attempt to the origin once when the gate is %s in admit', async (loss) => {
  origin.answer(answers.decline);
  const held = holdReplies('admitText');
  const sent = crowd();
  await until(() => held.done() === CROWD);
  const lost = lose(loss);
  held.release();
  await lost;
  expect(await statusesOf(sent)).toEqual(Array(CROWD).fill(402));
  expect(origin.arrived).toHaveLength(CROWD);
  expect(await countOfCard()).toBe(CROWD);
});

it.for(EACH)('counts every decline once when the gate is %s in settle', async (loss) => {
  origin.answer(answers.decline);
  const held = holdReplies('settleText');
  const sent = crowd();
  await until(() => held.done() === CROWD);
  const lost = lose(loss);
  held.release();
  await lost;
  expect(await statusesOf(sent)).toEqual(Array(CROWD).fill(402));
  expect(await countOfCard()).toBe(CROWD);
});

it('counts what reached the origin, once, when the gate is aborted again and again', { timeout: 30_000 }, async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  origin.answer(answers.decline);
  delayReplies(3);
  const answered = Promise.all(Array.from({ length: CROWD }, () => tenStatuses()));
  const over = answered.then(() => true);
  // Ever longer pauses: on a slow machine nothing would ever come through between two losses.
  for (let pauseMs = 20; !(await Promise.race([over, scheduler.wait(pauseMs)])); pauseMs *= 1.1) await lose('aborted');
  const statuses = (await answered).flat();
  const acknowledged = statuses.filter((status) => status === 402).length;
  // A call in which the gate was lost twice is given up: before the origin as a refusal, after it as "not known yet".
  expect(statuses.filter((status) => ![402, 403, 503].includes(status))).toEqual([]);
  expect(acknowledged).toBeLessThanOrEqual(origin.arrived.length);
  expect(acknowledged).toBeGreaterThan(0);
  // What could not be recorded at once is tried again after the answer.
  await until(async () => (await countOfCard()) === origin.arrived.length);
});

it.for(EACH)('still holds the place of an attempt that has grown old when the gate is %s', async (loss) => {
  await putAcme({ card_testing_guard_config: rule('guest_user_card', 1) });
  const release = origin.hold(answers.decline);
  const slow = attempt();
  await until(() => origin.arrived.length === 1);
  await runInDurableObject(gateOf('acme'), () => void vi.advanceTimersByTime(WRITE_DOWN_AGE_MS));
  await lose(loss);
  expect((await attempt()).status).toBe(429);
  release();
  expect((await slow).status).toBe(402);
  expect((await attempt()).status).toBe(403);
  expect(await rowsIn(gateOf('acme'), 'reservations')).toBe(0);
});

it.for(EACH)('still holds the place of a payment that waits for its payer when the gate is %s', async (loss) => {
  await putAcme({ card_testing_guard_config: rule('guest_user_card', 1) });
  origin.answer(answers.needAction);
  expect((await attempt()).status).toBe(200);
  await lose(loss);
  expect((await attempt()).status).toBe(429);
});

it.for(EACH)('keeps a card shut when the gate is %s', async (loss) => {
  await putAcme({ card_testing_guard_config: rule('guest_user_card', 1) });
  origin.answer(answers.decline);
  await attempt();
  await lose(loss);
  expect((await attempt()).status).toBe(403);
});

it('stays in memory until its young places are written down', { timeout: 15_000 }, async () => {
  vi.useRealTimers();
  const gate = newGate();
  await calls(gate).admit(asking('young', [touch('card')]));
  const startedAt = performance.now();
  // An eviction waits for the timers that are set.
  await evictDurableObject(gate);
  expect(performance.now() - startedAt).toBeGreaterThan(WRITE_DOWN_AGE_MS - 500);
});

/** One attempt of this test's card, from an address of its own: the limit of attempts per address is not the subject. */
function attempt(): Promise<Response> {
  const address = addresses++;
  return pay({ card, ip: `198.51.${address >> 8}.${address & 255}` });
}

function crowd(): Promise<Response>[] {
  return Array.from({ length: CROWD }, () => attempt());
}

async function tenStatuses(): Promise<readonly number[]> {
  const statuses: number[] = [];
  while (statuses.length < 10) statuses.push((await attempt()).status);
  return statuses;
}

function lose(loss: Loss): Promise<void> {
  return loss === 'evicted' ? evictDurableObject(gateOf('acme')) : abortAllDurableObjects();
}

async function statusesOf(sent: readonly Promise<Response>[]): Promise<readonly number[]> {
  return (await Promise.all(sent)).map(({ status }) => status);
}

/** What has been counted under this test's card. */
async function countOfCard(): Promise<number> {
  const now = Object.entries(await counts(gateOf('acme')));
  return now.filter(([key]) => !countedBefore.includes(key)).reduce((sum, [, count]) => sum + count, 0);
}

// vi.waitFor would drive the fake timers from outside the object that they belong to.
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await scheduler.wait(5);
}
