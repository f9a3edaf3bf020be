/**
 * One client, one vote: nobody shuts a server alone.
 */
import { expect, it } from 'vitest';
import { CLIENTS_TO_FALL, Votes } from '../../src/origin/votes.ts';

const NOW = 1_000_000;

function cast(votes: Votes, clients: number, isGood: boolean, { from = 'a', at = NOW } = {}): void {
  for (let n = 0; n < clients; n++) votes.cast(`${from}${n}`, isGood, at);
}

it('does not believe one client, however often he fails', () => {
  const votes = new Votes();
  for (let n = 0; n < 1_000; n++) votes.cast('203.0.113.9', false, NOW);
  expect(votes.areAgainst(NOW)).toBe(false);
});

it('believes enough of them, and not one less', () => {
  const votes = new Votes();
  cast(votes, CLIENTS_TO_FALL - 1, false);
  expect(votes.areAgainst(NOW)).toBe(false);
  cast(votes, CLIENTS_TO_FALL, false);
  expect(votes.areAgainst(NOW)).toBe(true);
});

it('does not believe many while others are served', () => {
  const votes = new Votes();
  cast(votes, 40, false);
  cast(votes, 11, true, { from: 'b' });
  expect(votes.areAgainst(NOW)).toBe(false);
});

it('counts the last that a client saw', () => {
  const votes = new Votes();
  cast(votes, CLIENTS_TO_FALL, false);
  votes.cast('a0', true, NOW);
  expect(votes.areAgainst(NOW)).toBe(false);
});

it('forgets after half a minute', () => {
  const votes = new Votes();
  cast(votes, CLIENTS_TO_FALL, false);
  expect(votes.areAgainst(NOW + 29_999)).toBe(true);
  expect(votes.areAgainst(NOW + 30_000)).toBe(false);
});
