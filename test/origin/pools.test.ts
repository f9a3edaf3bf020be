/**
 * How a server falls by Cordon's own checks, what isolates tell each other of it through the gate, and what becomes of one
 * that is alone with its belief.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileOrigin, type Place } from '../../src/config/origin-policy.ts';
import { originSchema } from '../../src/config/origin-schema.ts';
import { Gate } from '../../src/gate/gate.ts';
import { type Pooling, Pools } from '../../src/origin/pools.ts';
import { deployment } from '../config/deployment.ts';
import { StandInOrigin } from '../support/origin.ts';

const NL = 'https://nl.alone.example';
const DE = 'https://de.alone.example';

let origin: StandInOrigin;
let pools: Pools;
let pooling: Pooling;
let late: Promise<unknown>[];
let test = 0;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(console, 'error').mockReturnValue();
  origin = new StandInOrigin();
  const environment = await deployment();
  pools = new Pools(environment);
  late = [];
  const merchant = `alone${test++}`;
  const written = originSchema.parse({ pool: [{ url: NL }, { url: DE, priority: 2 }], sign: false });
  const compiled = await compileOrigin(written, { merchant, version: 1, hosts: ['alone.example'] }, environment);
  const policy = { merchant, gate: {}, hosts: new Set(['alone.example']), isWatched: false };
  pooling = { policy, origin: compiled ?? expect.fail(), afterwards: (work) => void late.push(work) };
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const illAtNl = () =>
  origin.answer(({ url }) => (url.startsWith(NL) ? new Response('', { status: 503 }) : new Response('well')));
/** What is done beside the requests is done. */
const untilQuiet = () => Promise.all(late.splice(0));
/** The first that is asked, after so many seconds. */
async function firstAfter(seconds: number): Promise<string | undefined> {
  vi.setSystemTime(Date.now() + seconds * 1000);
  const [first] = pools.order(pooling, Date.now());
  await untilQuiet();
  return first?.url;
}
/** Of so many checks in a row nothing comes back, then the server is well; how many were made. */
function missing(checks: number): { readonly made: () => number } {
  let made = 0;
  origin.answer(() => {
    made++;
    return new Response('', { status: made <= checks ? 503 : 200 });
  });
  return { made: () => made };
}
async function fallWithoutGate(): Promise<void> {
  const away = vi.spyOn(Gate.prototype, 'hearOrigin').mockImplementation((): never => {
    throw new Error('away');
  });
  illAtNl();
  await pools.check(pooling, pooling.origin.pool[0]);
  away.mockRestore();
  expect(await firstAfter(0)).toBe(DE);
}

describe.each<[string, (place: Place) => unknown]>([
  ['by the clock', (place) => pools.check(pooling, place)],
  ['for a doubt', (place) => pools.doubt(pooling, place)],
  ['for what a client saw', (place) => pools.failed(pooling, place, '203.0.113.9', 'broken')],
])('a server that is checked %s', (_, look) => {
  it.each([
    [1, NL],
    [2, DE],
  ])('and misses %i in a row: the next request goes to %s', async (missed, url) => {
    const checks = missing(missed);
    await look(pooling.origin.pool[0]);
    await untilQuiet();
    expect(await firstAfter(0)).toBe(url);
    expect(checks.made()).toBe(2);
  });
});

it.each([
  ['nothing', []],
  ['other servers', [{ kind: 'failed', place: 'other.example', why: 'lost' }]],
  ['that it fell before, and came back', 'came_back'],
] as const)('comes back where the gate was away when it fell, and knows of %s', async (_, known) => {
  const gate = (await deployment()).gates.namespace.getByName(pooling.policy.merchant);
  const place = 'nl.alone.example';
  if (known === 'came_back') {
    const events = ['failed', 'passed', 'passed', 'passed'].map((kind) => ({ kind, place, why: 'lost' }) as never);
    await gate.hearOrigin({ events });
  } else await gate.hearOrigin({ events: [...known] });
  vi.setSystemTime(Date.now() + 1_000);
  pools.hear(pooling.policy.merchant, (await gate.originWord()) as never);
  await fallWithoutGate();
  origin.answer(() => new Response('well'));
  for (let n = 0; n < 8; n++) await firstAfter(11);
  expect(await firstAfter(1)).toBe(NL);
});

it('that is ill still is told to the gate, which did not hear of it', async () => {
  await fallWithoutGate();
  for (let n = 0; n < 2; n++) await firstAfter(11);
  const gate = (await deployment()).gates.namespace.getByName(pooling.policy.merchant);
  expect(await gate.originWord()).toMatchObject({ places: [{ place: 'nl.alone.example', isDown: true }] });
});
