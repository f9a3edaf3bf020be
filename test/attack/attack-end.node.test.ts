/**
 * When an attack is over, and whom it asks while hardly anybody buys.
 */
import { expect, it } from 'vitest';
import { AttackWatch, type Settled } from '../../src/attack/attack-watch.ts';
import { BEGIN, BINS, buyer, campaign, DAY_MS, HOUR_MS, randomOf, trade } from '../support/simulated-trade.ts';

const DAYS = 6;
const MINUTE_MS = 60_000;
const abroad = { isAbroad: true, standing: 'guest', bin: BINS[3] ?? '' } as const;

/** Trade, and testers with cards from elsewhere, of whom nobody passes a challenge. */
function attackedFrom(from: number, spanMs: number, tries: number) {
  const random = randomOf(21);
  const attack = campaign({ tries, from, spanMs, traits: () => abroad }, random);
  const watch = new AttackWatch();
  for (const one of [...trade(DAYS, 800, random), ...attack].toSorted((a, b) => a.at - b.at)) {
    if (one.at >= from + spanMs) break;
    const alarm = watch.alarmOf(one.traits, one.at);
    if (alarm === null) watch.note(one);
    else answer(watch, one, !one.payer.startsWith('tester'));
  }
  return { watch, random, end: from + spanMs };
}

function answer(watch: AttackWatch, one: Settled, passes: boolean): void {
  watch.noteChallenge(one, 'asked');
  if (!passes) return;
  watch.noteChallenge(one, 'passed');
  watch.note(one);
}

const noon = BEGIN + (DAYS - 1) * DAY_MS + 12 * HOUR_MS;

it('buyers who pass what they are asked, and pay, do not keep a burst alive', () => {
  const { watch, random, end } = attackedFrom(noon, HOUR_MS, 400);
  expect(watch.levelAt(end)).toBe('under_attack');
  for (let minute = 1; minute <= 90; minute++) {
    const at = end + minute * MINUTE_MS;
    for (const one of buyer(at, random, abroad).slice(0, 1)) {
      if (watch.alarmOf(one.traits, at) !== null) answer(watch, { ...one, weight: 0 }, true);
    }
  }
  expect(watch.levelAt(end + 90 * MINUTE_MS)).toBe('normal');
});

it('testers who give up do', () => {
  const { watch, end } = attackedFrom(noon, HOUR_MS, 400);
  for (const one of campaign({ tries: 40, from: end, spanMs: 40 * MINUTE_MS, traits: () => abroad }, randomOf(5))) {
    if (watch.alarmOf(one.traits, one.at) !== null) answer(watch, one, false);
  }
  expect(watch.levelAt(end + 40 * MINUTE_MS)).toBe('under_attack');
});

const anyGuest = (random: () => number) =>
  buyer(0, random, {
    standing: 'guest',
    isAbroad: false,
    bin: BINS[0] ?? '',
    country: 'NL',
    network: 'ordinary',
    asn: 1,
  })[0]?.traits ?? expect.fail('nobody');

it.each<[string, number, string | undefined]>([
  ['at night, when hardly anybody buys, every guest is', 1, 'payer:guest'],
  ['by day nobody is outside of what is attacked', 12, undefined],
])('while an attack goes on: %s asked', (_, hour, segment) => {
  const from = BEGIN + (DAYS - 1) * DAY_MS + hour * HOUR_MS;
  const { watch, random, end } = attackedFrom(from, 5 * HOUR_MS, 100);
  const guest = anyGuest(random);
  expect(watch.alarmOf(guest, end)?.segment).toBe(segment);
  expect(watch.alarmOf({ ...guest, standing: 'newcomer' }, end)).toBeNull();
  expect(watch.alarmOf({ ...guest, standing: 'known' }, end)).toBeNull();
});

it('at night nobody is asked where nothing is attacked', () => {
  const { watch, random, end } = attackedFrom(BEGIN + (DAYS - 1) * DAY_MS + HOUR_MS, 5 * HOUR_MS, 0);
  expect(watch.alarmOf(anyGuest(random), end)).toBeNull();
});
