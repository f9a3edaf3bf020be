/**
 * Admission: an attempt takes its place under all of its counters or under none.
 */
import { expect, it } from 'vitest';
import type { Admission } from '../../src/gate/gate-messages.ts';
import { asking, calls, counts, fail, newGate, outcome, rowsIn, touch } from './asking.ts';

it('takes exactly as many places as failures are left, however many ask at once', async () => {
  const gate = newGate();
  await fail(gate, 'before', [touch('card')]);
  const asked = Array.from({ length: 20 }, (_, i) => calls(gate).admit(asking(`e${i}`, [touch('card')])));
  const kinds = (await Promise.all(asked)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'admitted')).toHaveLength(2);
  expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(18);
});

it('takes no place under any counter when one of them refuses', async () => {
  const gate = newGate();
  await calls(gate).admit(asking('first', [touch('narrow', { limit: 1 })]));
  for (let i = 0; i < 5; i++) {
    const both = [touch('wide', { limit: 2 }), touch('narrow', { limit: 1 })];
    expect(statesOf(await calls(gate).admit(asking(`refused-${i}`, both)))).toEqual(['open', 'busy']);
  }
  const wide = [touch('wide', { limit: 2 })];
  expect((await calls(gate).admit(asking('a', wide))).kind).toBe('admitted');
  expect((await calls(gate).admit(asking('b', wide))).kind).toBe('admitted');
  expect((await calls(gate).admit(asking('c', wide))).kind).toBe('refused');
});

it('holds one place for an evaluation that asks twice', async () => {
  const gate = newGate();
  const touches = [touch('card', { limit: 2 })];
  for (let i = 0; i < 3; i++) expect((await calls(gate).admit(asking('same', touches))).kind).toBe('admitted');
  expect((await calls(gate).admit(asking('other', touches))).kind).toBe('admitted');
  expect((await calls(gate).admit(asking('third', touches))).kind).toBe('refused');
});

it('holds no place for an evaluation that is refused when it asks again', async () => {
  const gate = newGate();
  await calls(gate).admit(asking('same', [touch('card', { limit: 2 })]));
  await fail(gate, 'f1', [touch('card', { limit: 2 })]);
  await calls(gate).settle(outcome('f2', 'failed', [touch('card', { limit: 2 })]));
  expect((await calls(gate).admit(asking('same', [touch('card', { limit: 2 }), touch('ip')]))).kind).toBe('refused');
  const answer = await calls(gate).admit(asking('next', [touch('ip', { limit: 1 })]));
  expect(answer.kind).toBe('admitted');
});

it.for(['succeeded', 'failed', 'unknown'] as const)('gives the place up once the outcome is %s', async (status) => {
  const gate = newGate();
  const touches = [touch('card', { limit: 2 })];
  await calls(gate).admit(asking('a', touches));
  await calls(gate).settle(outcome('a', status, touches));
  const left = status === 'failed' ? 1 : 2;
  for (let i = 0; i < left; i++) {
    expect((await calls(gate).admit(asking(`left-${i}`, touches))).kind).toBe('admitted');
  }
  expect((await calls(gate).admit(asking('too many', touches))).kind).toBe('refused');
});

it('tells a shut key from a busy one, and until when it is shut', async () => {
  const gate = newGate();
  const touches = [touch('card', { limit: 1 })];
  await calls(gate).admit(asking('a', touches));
  expect(statesOf(await calls(gate).admit(asking('b', touches)))).toEqual(['busy']);
  await calls(gate).settle(outcome('a', 'failed', touches));
  const answer = await calls(gate).admit(asking('c', touches));
  expect(answer).toMatchObject({ kind: 'refused', verdicts: [{ state: 'shut', count: 1, limit: 1 }] });
  expect(answer.kind === 'refused' && answer.verdicts[0]?.shutUntil).toBeGreaterThan(Date.now());
});

it('never refuses by a shadow rule, and leaves what that rule would have refused out of its counter', async () => {
  const gate = newGate();
  const touches = [touch('shadowed', { limit: 1, mode: 'shadow' }), touch('enforced', { limit: 9 })];
  await fail(gate, 'first', touches);
  const answer = await calls(gate).admit(asking('second', touches));
  expect(answer.kind === 'admitted' && answer.places.map(({ key }) => key)).toEqual(['enforced']);
  await calls(gate).settle(outcome('second', 'failed', answer.kind === 'admitted' ? answer.places : []));
  expect(await counts(gate)).toEqual({ shadowed: 1, enforced: 2 });
});

it('counts under a counter that refuses others, and is not refused by it', async () => {
  const gate = newGate();
  const counting = [touch('card', { limit: 1, part: 'count_only' })];
  for (let i = 0; i < 3; i++) await fail(gate, `customer-${i}`, counting);
  expect((await calls(gate).admit(asking('customer', counting))).kind).toBe('admitted');
  expect((await calls(gate).admit(asking('guest', [touch('card', { limit: 1 })]))).kind).toBe('refused');
  expect(await counts(gate)).toEqual({ card: 3 });
});

it('writes nothing for an admission alone', async () => {
  const gate = newGate();
  await calls(gate).admit(asking('a', [touch('card'), touch('ip')]));
  for (const table of ['counters', 'outcomes', 'reservations', 'holds'] as const) {
    expect(await rowsIn(gate, table)).toBe(0);
  }
});

it('admits an attempt that touches nothing', async () => {
  expect((await calls(newGate()).admit(asking('a', []))).kind).toBe('admitted');
});

function statesOf(answer: Admission): readonly string[] {
  return 'verdicts' in answer ? answer.verdicts.map(({ state }) => state) : [];
}
