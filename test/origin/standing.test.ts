/**
 * What one isolate holds of a merchant's servers between the words of the gate.
 */
import { expect, it } from 'vitest';
import { Standing } from '../../src/origin/standing.ts';
import { CLIENTS_TO_FALL } from '../../src/origin/votes.ts';

const NOW = 1_000_000;
const place = { url: 'https://nl.example', host: 'nl.example', country: null, priority: 1, weight: 1 };

it('spends the votes by which a place falls: one client cannot bring it down again when it is back', () => {
  const standing = new Standing();
  const votes = Array.from({ length: CLIENTS_TO_FALL }, (_, n) => standing.vote(place, `a${n}`, false, NOW));
  expect(votes.at(-1)).toBe(true);
  expect(standing.vote(place, 'a0', false, NOW + 10_000)).toBe(false);
});
