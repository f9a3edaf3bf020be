/**
 * Who is asked and gives up keeps an attack alive; one alone does not, however often he asks.
 */
import { expect, it } from 'vitest';
import { AttackWatch, type Settled } from '../../src/attack/attack-watch.ts';
import { BEGIN, BINS, campaign, DAY_MS, HOUR_MS, randomOf, trade } from '../support/simulated-trade.ts';

const NOON = BEGIN + 4 * DAY_MS + 12 * HOUR_MS;
const END = NOON + HOUR_MS;
const MINUTE_MS = 60_000;

/** A shop whose one bank was attacked for an hour. */
function attacked(): { readonly watch: AttackWatch; readonly tried: Settled } {
  const random = randomOf(11);
  const attack = campaign({ tries: 300, from: NOON, spanMs: HOUR_MS, traits: () => ({ bin: BINS[0] ?? '' }) }, random);
  const watch = new AttackWatch();
  const all = [...trade(4, 300, random), ...attack].toSorted((a, b) => a.at - b.at);
  for (const one of all) {
    if (one.at >= END) continue;
    watch.alarmOf(one.traits, one.at);
    watch.note(one);
  }
  const tried = attack[0] ?? expect.fail('nobody tried');
  expect(watch.levelAt(END)).not.toBe('normal');
  return { watch, tried };
}

/** Asked once a minute for twelve hours, and never passed. */
function besieged(payerOf: (minute: number) => string): AttackWatch {
  const { watch, tried } = attacked();
  for (let minute = 1; minute <= 720; minute++) {
    const at = END + minute * MINUTE_MS;
    if (watch.alarmOf(tried.traits, at) !== null)
      watch.noteChallenge({ ...tried, at, payer: payerOf(minute) }, 'asked');
  }
  return watch;
}

it('one who asks without end does not keep everybody else stepped up', () => {
  expect(besieged(() => 'one competitor').levelAt(END + 12 * HOUR_MS)).toBe('normal');
});

it('many who give up do', () => {
  expect(besieged((minute) => `tester ${minute}`).levelAt(END + 12 * HOUR_MS)).not.toBe('normal');
});

it('of segments that nobody can count no more are remembered of an hour than there is room for', () => {
  const watch = new AttackWatch();
  const traits = { ...attacked().tried.traits, network: 'hosting' as const };
  const hour = Math.floor(BEGIN / HOUR_MS) * HOUR_MS;
  const paid = (bin: string, at: number) =>
    watch.note({ at: hour + at, traits: { ...traits, bin }, payer: bin, weight: 0 });
  for (let at = 0; at < 8_000; at++) paid(String(500_000 + at), at);
  for (let at = 0; at < 100; at++) paid('400000', 10_000 + at);
  watch.alarmOf(traits, hour + 2 * HOUR_MS);
  const usual = new Map(watch.keep().baseline.usual);
  expect([usual.get('all')?.attempts, usual.has('bin:400000')]).toEqual([8_100, false]);
});
