/**
 * Which server is asked first: priority, weight, health and drains.
 */
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/config/origin-policy.ts';
import type { Drain } from '../../src/gate/drain.ts';
import { placesInOrder, type Situation } from '../../src/origin/choice.ts';

const NOW = 1_000_000;

function place(host: string, more: Partial<Place> = {}): Place {
  return { url: `https://${host}`, host, country: host.slice(0, 2).toUpperCase(), priority: 1, weight: 1, ...more };
}

function drain(more: Partial<Drain>): Drain {
  return { kind: 'country', name: 'NL', at: 1, until: null, reason: 'works', by: 'admin', ...more };
}

const POOL = [place('de.example', { priority: 2 }), place('nl.example'), place('fr.example', { priority: 3 })];

function order(pool: readonly Place[], { down = [], ...more }: Partial<Situation> & { down?: readonly string[] } = {}) {
  const isDown = ({ host }: Place) => down.includes(host);
  return placesInOrder(pool, { isDown, drains: [], now: NOW, draw: 0, ...more }).map(({ host }) => host);
}

describe('the order of places', () => {
  it.each<[string, Parameters<typeof order>[1], readonly string[]]>([
    ['is that of their priorities', {}, ['nl.example', 'de.example', 'fr.example']],
    ['puts who is down last', { down: ['nl.example'] }, ['de.example', 'fr.example', 'nl.example']],
    [
      'leaves nobody out when all are down',
      { down: ['nl.example', 'de.example', 'fr.example'] },
      ['nl.example', 'de.example', 'fr.example'],
    ],
    ['leaves a drained country out', { drains: [drain({})] }, ['de.example', 'fr.example']],
    [
      'leaves a drained place out',
      { drains: [drain({ kind: 'place', name: 'de.example' })] },
      ['nl.example', 'fr.example'],
    ],
    [
      'takes no place for a country of its name',
      { drains: [drain({ kind: 'place', name: 'NL' })] },
      ['nl.example', 'de.example', 'fr.example'],
    ],
    [
      'leaves it out until the moment that was named',
      { drains: [drain({ until: NOW + 1 })] },
      ['de.example', 'fr.example'],
    ],
    [
      'takes it in again at that moment',
      { drains: [drain({ until: NOW })] },
      ['nl.example', 'de.example', 'fr.example'],
    ],
    [
      'asks what is down rather than what is drained',
      { drains: [drain({})], down: ['de.example', 'fr.example'] },
      ['de.example', 'fr.example'],
    ],
    ['is empty where all are drained', { drains: [drain({}), drain({ name: 'DE' }), drain({ name: 'FR' })] }, []],
  ])('%s', (_, situation, expected) => {
    expect(order(POOL, situation)).toEqual(expected);
  });

  it('spreads the requests of one priority by weight, and has the others to fall back on', () => {
    const pool = [place('a.example', { weight: 3 }), place('b.example'), place('c.example', { priority: 2 })];
    const firsts = Array.from({ length: 8 }, (_, n) => order(pool, { draw: n / 8 })[0]);
    expect(firsts).toEqual([...Array(6).fill('a.example'), 'b.example', 'b.example']);
    expect(order(pool, { draw: 0.9 })).toEqual(['b.example', 'a.example', 'c.example']);
  });

  it('draws among those that are well alone', () => {
    const pool = [place('a.example', { weight: 100 }), place('b.example'), place('c.example')];
    expect(order(pool, { draw: 0.01, down: ['a.example'] })).toEqual(['b.example', 'c.example', 'a.example']);
  });
});
