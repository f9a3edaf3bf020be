/**
 * Settlement: a failure counts once under every place, whatever is said again, late or in contradiction.
 */
import { expect, it } from 'vitest';
import type { Settlement } from '../../src/gate/gate-messages.ts';
import { asking, calls, counts, fail, newGate, outcome, rowsIn, touch } from './asking.ts';

type Status = Settlement['status'];
type Said = 'recorded' | 'exists' | 'contradicts' | 'late_failure';

const PLACES = [touch('card'), touch('ip', { limit: 10 })];

it('counts a failure under every place, and no success under any', async () => {
  const gate = newGate();
  await fail(gate, 'a', PLACES);
  await calls(gate).admit(asking('b', PLACES));
  await calls(gate).settle(outcome('b', 'succeeded', PLACES));
  expect(await counts(gate)).toEqual({ card: 1, ip: 1 });
});

it('counts what no admission is remembered of: the settlement carries its places', async () => {
  const gate = newGate();
  expect(await calls(gate).settle(outcome('never admitted here', 'failed', PLACES))).toEqual({ kind: 'recorded' });
  expect(await counts(gate)).toEqual({ card: 1, ip: 1 });
});

it('counts fifty repetitions of one outcome once, in parallel too', async () => {
  const gate = newGate();
  await calls(gate).admit(asking('a', PLACES));
  const said = Array.from({ length: 50 }, () => calls(gate).settle(outcome('a', 'failed', PLACES)));
  const kinds = (await Promise.all(said)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(1);
  expect(await counts(gate)).toEqual({ card: 1, ip: 1 });
  expect(await rowsIn(gate, 'outcomes')).toBe(1);
});

// Contract: the same again changes nothing; pending and unknown are settled by a later word; a contradiction is told,
// yet a late failure is counted.
const LATE: readonly { first: Status; next: Status; said: Said; count: number }[] = [
  { first: 'succeeded', next: 'succeeded', said: 'exists', count: 0 },
  { first: 'succeeded', next: 'failed', said: 'late_failure', count: 1 },
  { first: 'succeeded', next: 'pending', said: 'contradicts', count: 0 },
  { first: 'succeeded', next: 'unknown', said: 'contradicts', count: 0 },
  { first: 'failed', next: 'failed', said: 'exists', count: 1 },
  { first: 'failed', next: 'succeeded', said: 'contradicts', count: 1 },
  { first: 'failed', next: 'pending', said: 'contradicts', count: 1 },
  { first: 'failed', next: 'unknown', said: 'contradicts', count: 1 },
  { first: 'pending', next: 'pending', said: 'exists', count: 0 },
  { first: 'pending', next: 'succeeded', said: 'recorded', count: 0 },
  { first: 'pending', next: 'failed', said: 'recorded', count: 1 },
  { first: 'unknown', next: 'unknown', said: 'exists', count: 0 },
  { first: 'unknown', next: 'succeeded', said: 'recorded', count: 0 },
  { first: 'unknown', next: 'failed', said: 'recorded', count: 1 },
];

it.for(LATE)('says $said to $next after $first, with $count counted', async ({ first, next, said, count }) => {
  const gate = newGate();
  await calls(gate).admit(asking('a', PLACES));
  await calls(gate).settle(outcome('a', first, PLACES));
  expect(await calls(gate).settle(outcome('a', next, PLACES))).toEqual({ kind: said });
  expect(await counts(gate)).toEqual(count === 0 ? {} : { card: count, ip: count });
});

it('counts a late failure after a success once, however often it is said', async () => {
  const gate = newGate();
  await calls(gate).settle(outcome('a', 'succeeded', PLACES));
  for (let i = 0; i < 3; i++) await calls(gate).settle(outcome('a', 'failed', PLACES));
  expect(await counts(gate)).toEqual({ card: 1, ip: 1 });
});

it('leaves the places of other attempts alone', async () => {
  const gate = newGate();
  const touches = [touch('card', { limit: 3 })];
  for (const evaluation of ['a', 'b']) await calls(gate).admit(asking(evaluation, touches));
  await calls(gate).settle(outcome('a', 'failed', touches));
  expect((await calls(gate).admit(asking('c', touches))).kind).toBe('admitted');
  expect((await calls(gate).admit(asking('d', touches))).kind).toBe('refused');
});
