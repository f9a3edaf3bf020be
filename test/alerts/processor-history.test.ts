/**
 * When a processor is quiet: payments go by, and what it used to say of them does not come.
 */
import { describe, expect, it } from 'vitest';
import { hear, isQuiet, notePayments, type ProcessorHistory } from '../../src/alerts/processor-history.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Payments are counted once their last word should have come. */
const BEHIND = 25 * MINUTE;

class Shop {
  history: ProcessorHistory | null = null;
  now = 100 * DAY;
  alarms = 0;
  #owed = 0;

  /** `payments` in five minutes; the processor says `words` of each, at once, unless it is silent. */
  goOn(ms: number, payments: number, words: number, isHeard: (time: number) => boolean = () => true): this {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 5 * MINUTE;
      this.#owed += payments * words;
      if (this.#owed >= 1 && isHeard(this.now)) {
        this.history = hear(this.history, 'stripe', Math.floor(this.#owed), this.now);
        this.#owed -= Math.floor(this.#owed);
      }
      const to = this.now - BEHIND;
      const tally = { from: to - 5 * MINUTE, to, letThrough: payments, missing: 0, payments };
      if (this.history !== null) this.history = notePayments(this.history, tally);
      if (this.isQuiet) this.alarms++;
    }
    return this;
  }

  get isQuiet(): boolean {
    return this.history !== null && isQuiet(this.history, this.now);
  }
}

const silent = () => false;
const usual = (payments = 5, words = 1) => new Shop().goOn(3 * DAY, payments, words);

describe('is quiet', () => {
  it.each([
    ['a busy shop’s, after an hour', () => usual().goOn(HOUR, 5, 1, silent)],
    ['one that says three things of a payment', () => usual(5, 3).goOn(HOUR, 5, 3, silent)],
    ['one that speaks of every fourth payment', () => usual(5, 0.25).goOn(2 * HOUR, 5, 0.25, silent)],
    ['a small shop’s, after a day', () => usual(1).goOn(DAY, 1, 1, silent)],
  ])('%s', (_, shop) => {
    expect(shop().isQuiet).toBe(true);
  });
});

describe('is not', () => {
  it.each([
    ['after ten minutes', () => usual().goOn(10 * MINUTE, 5, 1, silent)],
    ['at night, when nobody pays', () => usual().goOn(10 * HOUR, 0, 0, silent)],
    [
      'at three payments a night',
      () =>
        usual()
          .goOn(15 * MINUTE, 1, 1, silent)
          .goOn(8 * HOUR, 0, 0, silent),
    ],
    ['one that never reported', () => new Shop().goOn(3 * DAY, 5, 1, silent)],
    ['one that began today', () => new Shop().goOn(20 * HOUR, 5, 1).goOn(2 * HOUR, 5, 1, silent)],
    ['one that speaks of disputes alone', () => usual(5, 0.001).goOn(HOUR, 5, 0.001, silent)],
    [
      'one that said a dozen things in its life',
      () =>
        new Shop()
          .goOn(10 * MINUTE, 6, 1)
          .goOn(5 * DAY, 0, 0)
          .goOn(HOUR, 5, 1, silent),
    ],
  ])('%s', (_, shop) => {
    expect(shop().isQuiet).toBe(false);
  });
});

it('one that reports once a day is not quiet in between, once that is known', () => {
  const daily = (time: number) => time % DAY < 5 * MINUTE;
  const shop = new Shop().goOn(7 * DAY, 5, 1, daily);
  shop.alarms = 0;
  expect(shop.goOn(7 * DAY, 5, 1, daily).alarms).toBe(0);
  expect(shop.goOn(3 * DAY, 5, 1, silent).isQuiet).toBe(true);
});

it('speaks again, and all is well', () => {
  const shop = usual().goOn(3 * HOUR, 5, 1, silent);
  expect(shop.isQuiet).toBe(true);
  shop.goOn(HOUR, 5, 1);
  expect(shop.isQuiet).toBe(false);
  expect(shop.history?.run).toBe(0);
});
