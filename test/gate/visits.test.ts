/**
 * How a session was used of late: told apart up to a bound, forgotten in time, and no more sessions than memory allows.
 */
import { expect, it } from 'vitest';
import { TOLD_APART, Visits } from '../../src/gate/visits.ts';

const HOUR_MS = 3_600_000;
const visit = (change: Partial<{ session: string; address: string | null; card: string | null }> = {}) => ({
  session: 's',
  address: '203.0.113.1',
  card: 'fp_1',
  ...change,
});

it('counts different addresses and cards, each once', () => {
  const visits = new Visits();
  expect(visits.note(visit(), 0)).toEqual({ addresses: 1, cards: 1 });
  expect(visits.note(visit(), 1)).toEqual({ addresses: 1, cards: 1 });
  expect(visits.note(visit({ address: '203.0.113.2' }), 2)).toEqual({ addresses: 2, cards: 1 });
  expect(visits.note(visit({ card: 'fp_2' }), 3)).toEqual({ addresses: 2, cards: 2 });
  expect(visits.note(visit({ card: null, address: null }), 4)).toEqual({ addresses: 2, cards: 2 });
});

it('keeps sessions apart', () => {
  const visits = new Visits();
  visits.note(visit(), 0);
  expect(visits.note(visit({ session: 't', card: 'fp_2' }), 0)).toEqual({ addresses: 1, cards: 1 });
});

it('begins anew after an hour', () => {
  const visits = new Visits();
  visits.note(visit(), 0);
  expect(visits.note(visit({ card: 'fp_2' }), HOUR_MS)).toMatchObject({ cards: 2 });
  expect(visits.note(visit({ card: 'fp_3' }), HOUR_MS + 1)).toMatchObject({ cards: 1 });
});

it('tells no more apart than its bound', () => {
  const visits = new Visits();
  for (let i = 0; i < 100; i++) visits.note(visit({ card: `fp_${i}` }), 0);
  expect(visits.note(visit(), 0)).toEqual({ addresses: 1, cards: TOLD_APART });
});

it('forgets the session that was not seen for longest when there are too many', () => {
  const visits = new Visits();
  visits.note(visit({ session: 'kept', card: 'fp_a' }), 0);
  visits.note(visit({ session: 'lost', card: 'fp_a' }), 0);
  visits.note(visit({ session: 'kept', card: 'fp_b' }), 0);
  for (let i = 0; i < 4_095; i++) visits.note(visit({ session: `s${i}` }), 0);
  expect(visits.note(visit({ session: 'kept', card: 'fp_c' }), 0)).toMatchObject({ cards: 3 });
  expect(visits.note(visit({ session: 'lost', card: 'fp_c' }), 0)).toMatchObject({ cards: 1 });
});
