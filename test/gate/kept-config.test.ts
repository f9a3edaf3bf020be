/**
 * The last good configuration in the gate: the newest that was written, and how long it outranks what KV still shows.
 */
import { evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { asking, calls, newGate, START, touch } from './asking.ts';

const STALE_FOR_MS = 5_000;
const NEW = { hash: 'new', writtenAt: START, json: '{"id":"acme"}' };
const OLD = { hash: 'old', writtenAt: START - 60_000, json: '{"id":"acme","mode":"off"}' };
const RAW = { hash: 'raw', writtenAt: 0, json: '{"id":"acme","mode":"shadow"}' };
const GONE = { hash: '', writtenAt: START, json: null };

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('has none at first', async () => {
  expect(await calls(newGate()).lastGoodConfig()).toBeNull();
});

it.for([
  { order: 'old, then new', first: OLD, second: NEW, kept: NEW },
  { order: 'new, then old as KV still shows it', first: NEW, second: OLD, kept: NEW },
  { order: 'new, then raw as KV still shows it', first: NEW, second: RAW, kept: NEW },
  { order: 'raw, then raw', first: { ...RAW, hash: 'raw-1' }, second: RAW, kept: RAW },
  { order: 'old long ago, then written straight into KV', first: OLD, second: RAW, kept: RAW },
  { order: 'deleted, then old as KV still shows it', first: GONE, second: OLD, kept: GONE },
])('keeps the right one of two, also over an eviction: $order', async ({ first, second, kept }) => {
  const gate = newGate();
  await calls(gate).offerConfig(first, 0);
  const instead = await calls(gate).offerConfig(second, STALE_FOR_MS);
  expect(instead).toEqual(kept === second ? null : kept);
  await evictDurableObject(gate);
  expect(await calls(gate).lastGoodConfig()).toEqual(kept);
});

it('sends a Worker with an older configuration back to read again, and takes no place for it', async () => {
  const gate = newGate();
  await calls(gate).offerConfig(NEW, 0);
  const touches = [touch('card', { limit: 1 })];
  const stale = { ...OLD, staleForMs: STALE_FOR_MS };
  expect(await calls(gate).admit(asking('a', touches, { config: stale }))).toEqual({ kind: 'stale_config' });
  const current = { ...NEW, staleForMs: STALE_FOR_MS };
  expect((await calls(gate).admit(asking('b', touches, { config: current }))).kind).toBe('admitted');
});

it('believes KV again once it has had its time to show the new one: an operator may have written it back', async () => {
  const gate = newGate();
  await calls(gate).offerConfig(NEW, 0);
  const stale = { ...RAW, staleForMs: STALE_FOR_MS };
  vi.setSystemTime(START + STALE_FOR_MS - 1);
  expect((await calls(gate).admit(asking('a', [], { config: stale }))).kind).toBe('stale_config');
  vi.setSystemTime(START + STALE_FOR_MS);
  expect((await calls(gate).admit(asking('b', [], { config: stale }))).kind).toBe('admitted');
  expect(await calls(gate).offerConfig(RAW, STALE_FOR_MS)).toBeNull();
  expect(await calls(gate).lastGoodConfig()).toEqual(RAW);
});
