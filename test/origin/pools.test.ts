/**
 * What isolates tell each other of a server through the gate, and what becomes of one that is alone with its belief.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { compileOrigin } from '../../src/config/origin-policy.ts';
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
/** The first that is asked, after so many seconds; what is done beside the request is done. */
async function firstAfter(seconds: number): Promise<string | undefined> {
  vi.setSystemTime(Date.now() + seconds * 1000);
  const [first] = pools.order(pooling, Date.now());
  await Promise.all(late.splice(0));
  return first?.url;
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
