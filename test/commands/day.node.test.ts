/**
 * The plan of the simulated day; the day itself is `npm run day`.
 */
import { expect, it } from 'vitest';
import { seedChance } from '../../commands/day/chance.ts';
import { listFaults } from '../../commands/day/faults.ts';
import { makeHonest } from '../../commands/day/honest.ts';
import { makeMenaces } from '../../commands/day/malicious.ts';
import { Tally } from '../../commands/day/tally.ts';

const plan = (seed: number) => {
  const chance = seedChance(seed);
  const { accesses, feed } = makeMenaces(chance);
  return { menaces: accesses, feed, honest: makeHonest(chance) };
};

it('has 327 malicious accesses, whatever the seed', () => {
  expect([1, 2, 3].map((seed) => plan(seed).menaces.length)).toEqual([327, 327, 327]);
});

it('is the same day for the same seed, and another for another', () => {
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

it('knows nobody who means well', () => {
  const { feed, honest } = plan(327);
  const listed = new Set(feed.split('\n').map((line) => line.split(',')[0]));
  expect(honest.filter(({ address }) => listed.has(address))).toEqual([]);
});

it('is at fault where more than eleven pass all layers, or anybody is refused by any', () => {
  const { menaces, honest } = plan(327);
  const all = [...menaces, ...honest];
  const day = (passing: number, refused: number) => {
    const tally = new Tally(all, 2);
    for (const access of honest.slice(refused)) {
      tally.pass(access, 0);
      tally.pass(access, 1);
    }
    for (const access of menaces.slice(0, passing)) tally.pass(access, 1);
    return listFaults(tally.rows());
  };
  expect(day(11, 0)).toEqual([]);
  expect(day(12, 0)).toHaveLength(1);
  expect(day(0, 1)).toHaveLength(1);
});
