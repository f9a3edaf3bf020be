/**
 * What the watch knows when it is made again, of what was kept of it and of the outcomes that are on record: as much as
 * before, and nothing twice.
 */
import { expect, it } from 'vitest';
import { AttackWatch, type KeptWatch, type Settled } from '../../src/attack/attack-watch.ts';
import { BEGIN, BINS, campaign, DAY_MS, HOUR_MS, randomOf, trade } from '../support/simulated-trade.ts';

const DAYS = 4;
const END = BEGIN + DAYS * DAY_MS;

function noted(settled: readonly Settled[], watch = new AttackWatch()): AttackWatch {
  for (const one of settled.toSorted((a, b) => a.at - b.at)) {
    watch.alarmOf(one.traits, one.at);
    watch.note(one);
  }
  return watch;
}

/** As a gate that lost its memory: what was kept, and the last day of what is on record. */
function again(watch: AttackWatch, settled: readonly Settled[], now: number): AttackWatch {
  const made = new AttackWatch(JSON.parse(JSON.stringify(watch.keep())) as KeptWatch);
  const lastDay = settled.filter(({ at }) => at >= now - DAY_MS && at < now);
  for (const one of lastDay.toSorted((a, b) => a.at - b.at)) made.note(one);
  made.alarmOf((settled[0] as Settled).traits, now);
  return made;
}

const attemptsOf = (watch: AttackWatch, segment = 'all') =>
  new Map(watch.keep().baseline.usual).get(segment)?.attempts ?? 0;

it('an hour is learned once, however often a gate loses its memory', () => {
  const settled = trade(DAYS, 100, randomOf(3));
  let watch = noted(settled);
  watch.alarmOf((settled[0] as Settled).traits, END);
  const before = attemptsOf(watch);
  for (let times = 0; times < 20; times++) watch = again(watch, settled, END);
  expect(attemptsOf(watch)).toBeCloseTo(before, 6);
});

it('what was tried since it was kept is learned all the same', () => {
  const settled = trade(DAYS, 100, randomOf(3));
  const noon = END - 12 * HOUR_MS;
  const whole = noted(settled);
  whole.alarmOf((settled[0] as Settled).traits, END);
  const half = noted(settled.filter(({ at }) => at < noon));
  expect(attemptsOf(again(half, settled, END))).toBeCloseTo(attemptsOf(whole), 6);
});

it('the hours of an attack that is over are not learned when it is made again', () => {
  const random = randomOf(5);
  const attack = campaign(
    { tries: 400, from: END - 14 * HOUR_MS, spanMs: 2 * HOUR_MS, traits: () => ({ bin: BINS[0] ?? '' }) },
    random,
  );
  const settled = [...trade(DAYS, 300, random), ...attack];
  const watch = noted(settled);
  watch.alarmOf((settled[0] as Settled).traits, END);
  const segment = `bin:${BINS[0]}`;
  expect(attemptsOf(again(watch, settled, END), segment)).toBeCloseTo(attemptsOf(watch, segment), 6);
});
