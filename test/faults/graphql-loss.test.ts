/**
 * The gate is lost under a request that makes several payments: in admission, while the shop thinks, and while the
 * outcomes are recorded. Each payment counts once by its own result, and no place is left behind.
 */
import { abortAllDurableObjects, evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { counts, gateOf } from '../gate/asking.ts';
import { answered, graphqlRoute, mutation, payment, post, result } from '../support/graphql-shop.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards } from '../support/shopper.ts';
import { holdReplies } from './held-replies.ts';

const EACH = ['evicted', 'aborted'] as const;
type Loss = (typeof EACH)[number];
const PACK = cards(40);
const RESULTS = { p0: result.declined, p1: result.order, p2: result.declined };
const COUNTED = 2;

let origin: StandInOrigin;
let used = 0;
let card = '';
let before = 0;

beforeEach(async () => {
  card = PACK[used++] ?? '';
  origin = new StandInOrigin();
  origin.answer(() => answered(RESULTS));
  await abortAllDurableObjects();
  await putAcme({ routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 5) });
  before = await total();
  // A timer keeps an object in memory: without the gate's own, it is lost as early as it ever can be.
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const three = () => post(mutation(...Object.keys(RESULTS).map((alias) => payment(alias, card))));

it.for(EACH)('counts each payment once when the gate is %s while the shop thinks', async (loss) => {
  const release = origin.hold(() => answered(RESULTS));
  const sent = three();
  await until(() => origin.arrived.length === 1);
  await lose(loss);
  release();
  expect((await sent).status).toBe(200);
  await onlyTheFailuresAreLeft();
});

it.for(EACH)('sends the request once when the gate is %s in admission', async (loss) => {
  await lostIn('admitAll', loss);
  expect(origin.arrived).toHaveLength(1);
  await onlyTheFailuresAreLeft();
});

it.for(EACH)('counts each payment once when the gate is %s while it records', async (loss) => {
  await lostIn('close', loss);
  await onlyTheFailuresAreLeft();
});

async function lostIn(method: 'admitAll' | 'close', loss: Loss): Promise<void> {
  const held = holdReplies(method);
  const sent = three();
  await until(() => held.done() === 1);
  const lost = lose(loss);
  held.release();
  await lost;
  expect((await sent).status).toBe(200);
}

/** Of a limit of five, two are used up: three more fit at once, and four do not. */
async function onlyTheFailuresAreLeft(): Promise<void> {
  expect((await total()) - before).toBe(COUNTED);
  const more = (count: number) => post(mutation(...Array.from({ length: count }, (_, i) => payment(`p${i}`, card))));
  expect((await more(4)).status).toBe(429);
  origin.answer(() => answered({ p0: result.order, p1: result.order, p2: result.order }));
  expect((await more(3)).status).toBe(200);
}

async function total(): Promise<number> {
  return Object.values(await counts(gateOf('acme'))).reduce((sum, count) => sum + count, 0);
}

function lose(loss: Loss): Promise<void> {
  return loss === 'evicted' ? evictDurableObject(gateOf('acme')) : abortAllDurableObjects();
}

// vi.waitFor would drive the fake timers from outside the object that they belong to.
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await scheduler.wait(5);
}
