/**
 * When outcomes are missing: more of the newest than ever before, of enough of them, where they used to come.
 */
import { describe, expect, it } from 'vitest';
import {
  begunAnew,
  isOver,
  missingIn,
  newOutcomeHistory,
  noteTally,
  type OutcomeHistory,
} from '../../src/alerts/outcome-history.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Business {
  /** Of five minutes. */
  readonly attempts: number;
  readonly missing: number;
}

class Shop {
  history: OutcomeHistory = newOutcomeHistory(0);
  now = 0;

  goOn(ms: number, { attempts, missing }: Business, learns = true): this {
    for (const end = this.now + ms; this.now < end; this.now += 5 * MINUTE) {
      const tally = { from: this.now, to: this.now + 5 * MINUTE, letThrough: attempts, missing, payments: 0 };
      this.history = noteTally(this.history, tally, learns);
    }
    return this;
  }

  get alarm(): boolean {
    return missingIn(this.history, this.now) !== null;
  }
}

const usual = () => new Shop().goOn(2 * DAY, { attempts: 10, missing: 0 });

describe('is an alarm', () => {
  it('all at once, within a quarter of an hour', () => {
    const shop = usual();
    expect(shop.alarm).toBe(false);
    expect(shop.goOn(15 * MINUTE, { attempts: 10, missing: 10 }).alarm).toBe(true);
    expect(missingIn(shop.history, shop.now)).toEqual({ letThrough: 30, missing: 30 });
  });

  it('at half of them', () => {
    expect(usual().goOn(20 * MINUTE, { attempts: 10, missing: 5 }).alarm).toBe(true);
  });

  it('at a shop with few payments, once there were thirty', () => {
    const small = new Shop();
    const [open, missing, night] = [
      { attempts: 1, missing: 0 },
      { attempts: 1, missing: 1 },
      { attempts: 0, missing: 0 },
    ];
    for (let day = 0; day < 10; day++) small.goOn(2 * HOUR, open).goOn(22 * HOUR, night);
    expect(small.goOn(2 * HOUR, missing).alarm).toBe(true);
  });
});

describe('is none', () => {
  it.each([
    ['at a shop that never reported', () => new Shop().goOn(5 * DAY, { attempts: 10, missing: 10 })],
    [
      'where every third was missing before',
      () => new Shop().goOn(5 * DAY, { attempts: 9, missing: 3 }).goOn(HOUR, { attempts: 9, missing: 9 }),
    ],
    [
      'on the first day',
      () => new Shop().goOn(20 * HOUR, { attempts: 10, missing: 0 }).goOn(HOUR, { attempts: 10, missing: 10 }),
    ],
    [
      'at three payments a night',
      () =>
        usual()
          .goOn(7 * HOUR, { attempts: 0, missing: 0 })
          .goOn(15 * MINUTE, { attempts: 1, missing: 1 }),
    ],
    ['at a third of them', () => usual().goOn(3 * HOUR, { attempts: 9, missing: 3 })],
    [
      'after what has passed already',
      () =>
        usual()
          .goOn(30 * MINUTE, { attempts: 10, missing: 10 })
          .goOn(10 * MINUTE, { attempts: 10, missing: 0 }),
    ],
    ['when nobody pays', () => usual().goOn(10 * DAY, { attempts: 0, missing: 0 })],
  ])('%s', (_, shop) => {
    expect(shop().alarm).toBe(false);
  });
});

describe('is over', () => {
  const broken = () => usual().goOn(HOUR, { attempts: 10, missing: 10 }, false);

  it('when they come again, and not before', () => {
    const shop = broken();
    expect(isOver(shop.history)).toBe(false);
    expect(isOver(shop.goOn(20 * MINUTE, { attempts: 10, missing: 0 }, false).history)).toBe(true);
  });

  it('once: what was wrong is no part of what comes', () => {
    const shop = broken().goOn(10 * MINUTE, { attempts: 10, missing: 0 }, false);
    shop.history = begunAnew(shop.history);
    for (let i = 0; i < 20; i++) expect(shop.goOn(10 * MINUTE, { attempts: 1, missing: 0 }).alarm).toBe(false);
    expect(shop.goOn(HOUR, { attempts: 10, missing: 10 }).alarm).toBe(true);
  });

  it('when nobody has paid for three days', () => {
    const shop = broken().goOn(3 * DAY - 2 * HOUR, { attempts: 0, missing: 0 }, false);
    expect(isOver(shop.history)).toBe(false);
    expect(isOver(shop.goOn(3 * HOUR, { attempts: 0, missing: 0 }, false).history)).toBe(true);
  });

  it('and what was missing meanwhile is not taken for usual', () => {
    const shop = broken()
      .goOn(3 * DAY, { attempts: 10, missing: 10 }, false)
      .goOn(HOUR, { attempts: 10, missing: 0 });
    expect(shop.history.usual.missing).toBe(0);
  });
});

it('remembers a bounded number of stretches', () => {
  const shop = new Shop().goOn(20 * DAY, { attempts: 1, missing: 0 });
  expect(shop.history.newest.length).toBeLessThan(150);
  expect(new Shop().goOn(5 * DAY, { attempts: 1_000, missing: 0 }).history.newest.length).toBeLessThan(15);
});
