/**
 * The gate's switches: the later word about a bypass counts, survives an eviction, and sends isolates back to read.
 */
import { evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { asking, CONFIG, calls, newGate, START, touch } from './asking.ts';

const HOUR_MS = 3_600_000;
const ON = { at: START, until: START + HOUR_MS, reason: 'payments fail', by: 'admin' };
const KEPT = { hash: CONFIG.hash, writtenAt: 0, json: '{}' };
const touches = [touch('card')];

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What becomes of an attempt whose isolate knows of a word that was said then. */
async function admission(gate: ReturnType<typeof newGate>, bypassAt?: number) {
  const config = bypassAt === undefined ? CONFIG : { ...CONFIG, bypassAt };
  return (await calls(gate).admit(asking(`e${Math.random()}`, touches, { config }))).kind;
}

it('has none at first', async () => {
  expect(await calls(newGate()).bypass()).toBeNull();
});

it('is there after an eviction, and told with the configuration', async () => {
  const gate = newGate();
  expect(await calls(gate).offerConfig(KEPT, 0)).toBeNull();
  await calls(gate).turnBypass(ON);
  await evictDurableObject(gate);
  expect(await calls(gate).bypass()).toEqual(ON);
  expect(await calls(gate).lastGoodConfig()).toEqual({ ...KEPT, bypass: ON });
  expect(await calls(gate).keptVersion()).toEqual({ hash: KEPT.hash, writtenAt: 0, bypass: ON });
});

it('is one word when the same is said twice, and the later of two whatever their clocks say', async () => {
  const gate = newGate();
  expect(await calls(gate).turnBypass(ON)).toEqual(ON);
  expect(await calls(gate).turnBypass(ON)).toEqual(ON);
  const off = { at: START - 5_000, until: START, reason: 'ended', by: 'key:0123456789abcdef' };
  expect(await calls(gate).turnBypass(off)).toEqual({ ...off, at: START + 1 });
  expect(await calls(gate).turnBypass(off)).toEqual({ ...off, at: START + 1 });
});

it('sends back who has not heard of it, and nobody else', async () => {
  const gate = newGate();
  expect(await admission(gate)).toBe('admitted');
  await calls(gate).turnBypass(ON);
  expect([await admission(gate), await admission(gate, START - 1), await admission(gate, START)]).toEqual([
    'stale_config',
    'stale_config',
    'admitted',
  ]);
});

it('is no news once it is over, but to who takes an earlier word for true', async () => {
  const gate = newGate();
  await calls(gate).turnBypass(ON);
  await calls(gate).turnBypass({ ...ON, at: START + 1_000, until: START + 1_000, reason: 'ended' });
  vi.setSystemTime(START + 2_000);
  expect([await admission(gate), await admission(gate, START), await admission(gate, START + 1_000)]).toEqual([
    'admitted',
    'stale_config',
    'admitted',
  ]);
});

it('does not keep a configuration from being kept', async () => {
  const gate = newGate();
  await calls(gate).offerConfig(KEPT, 0);
  await calls(gate).turnBypass(ON);
  const next = { hash: 'c2', writtenAt: START + 1, json: '{"id":"acme"}' };
  expect(await calls(gate).offerConfig(next, 0)).toBeNull();
  expect(await calls(gate).lastGoodConfig()).toEqual({ ...next, bypass: ON });
});

it('is forgotten when nobody can know an earlier word any more, and when its merchant is deleted', async () => {
  const gate = newGate();
  await calls(gate).turnBypass(ON);
  vi.setSystemTime(START + 49 * HOUR_MS);
  expect(await calls(gate).offerConfig(KEPT, 0)).toBeNull();
  expect(await calls(gate).bypass()).toBeNull();
  await calls(gate).turnBypass({ ...ON, at: START + 50 * HOUR_MS });
  await calls(gate).offerConfig({ hash: '', writtenAt: START + 50 * HOUR_MS, json: null }, 0);
  expect(await calls(gate).bypass()).toBeNull();
});
