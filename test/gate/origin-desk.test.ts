/**
 * The gate as the common memory of a merchant's servers: it survives an eviction, is bounded, and tells what changed.
 */

import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import type { Drain } from '../../src/gate/drain.ts';
import type { Gate } from '../../src/gate/gate.ts';
import type { PlaceEvent } from '../../src/gate/place-health.ts';

let gate: DurableObjectStub<Gate>;
let count = 0;
beforeEach(() => {
  gate = env.GATE.getByName(`origin-desk-${count++}`) as unknown as DurableObjectStub<Gate>;
});

const fails = (place: string): PlaceEvent => ({ kind: 'failed', place, why: 'lost' });
const drain: Drain = { kind: 'country', name: 'NL', at: 5, until: null, reason: 'works', by: 'admin' };

it('tells everybody of a place that fell, and him who told it that it did', async () => {
  const heard = await gate.hearOrigin({ events: [fails('nl.example')] });
  expect(heard.changed).toMatchObject([{ place: 'nl.example', isDown: true, falls: 1 }]);
  expect((await gate.hearOrigin({ events: [fails('nl.example')] })).changed).toEqual([]);
  expect(await gate.originWord()).toMatchObject({ places: [{ place: 'nl.example', isDown: true }] });
});

it('knows after an eviction which are down and which are drained', async () => {
  await gate.hearOrigin({ events: [fails('nl.example')] });
  await gate.turnDrain(drain);
  const before = await gate.originWord();
  await evictDurableObject(gate);
  const word = await gate.originWord();
  expect(word.drains).toEqual(before.drains);
  expect(word.places).toMatchObject([{ place: 'nl.example', isDown: true, falls: 1, why: 'lost' }]);
});

it('gives the check of a place to one of those who ask', async () => {
  await gate.hearOrigin({ events: [fails('nl.example')] });
  expect((await gate.hearOrigin({ events: [], claim: 'nl.example' })).isGranted).toBe(false);
  await evictDurableObject(gate); // due at once, then
  const asked = await Promise.all([1, 2, 3].map(() => gate.hearOrigin({ events: [], claim: 'nl.example' })));
  expect(asked.filter(({ isGranted }) => isGranted)).toHaveLength(1);
  expect((await gate.hearOrigin({ events: [], claim: 'other.example' })).isGranted).toBe(false);
});

it('takes a later word for later, whatever the clocks', async () => {
  const first = await gate.turnDrain({ ...drain, at: 9_000_000_000_000 });
  const second = await gate.turnDrain({ ...drain, at: 5, until: Date.now() });
  expect(second?.at).toBeGreaterThan(first?.at ?? Infinity);
  expect((await gate.originWord()).drains).toHaveLength(1);
});

it('takes no more drains than it keeps, and still changes those', async () => {
  for (let n = 0; n < 32; n++) await gate.turnDrain({ ...drain, kind: 'place', name: `p${n}.example` });
  expect(await gate.turnDrain(drain)).toBeNull();
  expect(await gate.turnDrain({ ...drain, kind: 'place', name: 'p3.example', until: 1 })).not.toBeNull();
});

it('keeps no more places than a pool can have', async () => {
  for (let n = 0; n < 60; n++) await gate.hearOrigin({ events: [fails(`p${n}.example`)] });
  expect((await gate.originWord()).places).toHaveLength(48);
  const rows = await runInDurableObject(gate, (_, { storage }) => {
    return storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM origin_places').one().n;
  });
  expect(rows).toBe(48);
});

it('writes a row when a place falls and when it returns, and none for a check', async () => {
  const written = () =>
    runInDurableObject(gate, (object, { storage }) => {
      const desk = object as unknown as Gate;
      const count = (work: () => unknown) => {
        const before = storage.sql.exec<{ n: number }>('SELECT total_changes() AS n').one().n;
        work();
        return storage.sql.exec<{ n: number }>('SELECT total_changes() AS n').one().n - before;
      };
      const pass = () => desk.hearOrigin({ events: [{ kind: 'passed', place: 'nl.example' }] });
      return [count(() => desk.hearOrigin({ events: [fails('nl.example')] })), count(pass), count(pass), count(pass)];
    });
  expect(await written()).toEqual([1, 0, 0, 1]);
});

it('says of a merchant that was deleted a word that is later than all before: no drain lives on in an isolate', async () => {
  await gate.hearOrigin({ events: [fails('nl.example')] });
  const drained = (await gate.turnDrain({ ...drain, at: Date.now() })) ?? expect.fail();
  await gate.offerConfig({ hash: 'gone', writtenAt: Date.now() + 1, json: null }, 0);
  await evictDurableObject(gate);
  await scheduler.wait(5);
  const word = await gate.originWord();
  expect([word.places, word.drains]).toEqual([[], []]);
  expect(word.at).toBeGreaterThan(drained.at);
  expect((await gate.turnDrain({ ...drain, at: 5 }))?.at).toBeGreaterThan(word.at);
});
