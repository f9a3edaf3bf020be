import { describe, expect, it } from 'vitest';
import { AttackWatch, type Settled } from '../../src/attack/attack-watch.ts';
import {
  BEGIN,
  BINS,
  buyer,
  campaign,
  DAY_MS,
  HOUR_MS,
  pick,
  type Random,
  randomOf,
  trade,
} from '../support/simulated-trade.ts';

const DAYS = 10;
const NOON = BEGIN + DAYS * DAY_MS + 12 * HOUR_MS;
const SEEDS = [1, 2, 3];

interface Told {
  readonly attempts: number;
  readonly stepped: number;
  readonly refused: number;
}

interface Run {
  readonly buyers: Told;
  readonly testers: Told;
  readonly watch: AttackWatch;
}

/** Who is stepped up does not come back, but for one tester in fifteen. */
function run(settled: readonly Settled[], random: Random): Run {
  const watch = new AttackWatch();
  const told = { buyers: { attempts: 0, stepped: 0, refused: 0 }, testers: { attempts: 0, stepped: 0, refused: 0 } };
  for (const one of settled.toSorted((a, b) => a.at - b.at)) {
    const isTester = one.payer.startsWith('tester');
    const tally = isTester ? told.testers : told.buyers;
    const alarm = watch.alarmOf(one.traits, one.at);
    if (one.at >= BEGIN + DAYS * DAY_MS) {
      tally.attempts++;
      if (alarm?.isNew) tally.refused++;
      else if (alarm !== null) tally.stepped++;
    }
    if (alarm?.isNew) continue;
    const hasPassed = alarm === null || random() < (isTester ? 1 / 15 : 0.9);
    if (alarm !== null) watch.noteChallenge(one, 'asked');
    if (alarm !== null && hasPassed) watch.noteChallenge(one, 'passed');
    if (hasPassed) watch.note(one);
  }
  return { ...told, watch };
}

const usual = (random: Random) => trade(DAYS + 1, 1_000, random);
const caught = ({ attempts, stepped, refused }: Told) => (stepped + refused) / attempts;
const twoHours = { tries: 500, from: NOON, spanMs: 2 * HOUR_MS };

describe.each(SEEDS)('seed %i', (seed) => {
  it.each<[string, (random: Random) => readonly Settled[]]>([
    ['ordinary trade', () => []],
    [
      'a flash sale: six times the buyers, failing as ever',
      (random) => Array.from({ length: 3_000 }, () => buyer(NOON + random() * 3 * HOUR_MS, random)).flat(),
    ],
    [
      'an unlucky buyer, who tries forty times',
      (random) => campaign({ tries: 40, from: NOON, spanMs: HOUR_MS }, random).map(unlucky),
    ],
    [
      'an office: two hundred buyers from one network',
      (random) => Array.from({ length: 200 }, () => buyer(NOON + random() * HOUR_MS, random, { asn: 64_500 })).flat(),
    ],
  ])('%s stays normal', (_, more) => {
    const random = randomOf(seed);
    const { buyers, watch } = run([...usual(random), ...more(random)], random);
    expect(buyers).toMatchObject({ stepped: 0, refused: 0 });
    expect(watch.attacked).toEqual([]);
  });

  it.each<[string, number, (random: Random) => readonly Settled[]]>([
    ['one try a card from homes everywhere', 0.95, (random) => campaign(twoHours, random)],
    ["sequential numbers in a popular bank's BIN", 0.95, (random) => campaign({ ...twoHours, traits: bankOf }, random)],
    ['BINs that were never seen', 0.95, (random) => campaign({ ...twoHours, traits: strange }, random)],
    ['fresh customers', 0.95, (random) => campaign({ ...twoHours, traits: () => ({ standing: 'newcomer' }) }, random)],
    ['cards added', 0.95, (random) => campaign({ ...twoHours, traits: () => ({ kind: 'setup' }) }, random)],
    [
      'one try in ten minutes',
      0.6,
      (random) => campaign({ tries: 240, from: NOON - 12 * HOUR_MS, spanMs: DAY_MS }, random),
    ],
  ])('%s is seen', (_, share, attack) => {
    const random = randomOf(seed);
    const { buyers, testers } = run([...usual(random), ...attack(random)], random);
    expect(caught(testers)).toBeGreaterThan(share);
    expect(caught(buyers)).toBeLessThan(0.15);
    expect(buyers.refused / buyers.attempts).toBeLessThanOrEqual(0.001);
  });
});

const unlucky = (settled: Settled): Settled => ({ ...settled, payer: 'buyer with forty cards', weight: 1 });
const bankOf = () => ({ bin: BINS[0] ?? '' });
const strange = (random: Random) => ({ bin: pick(['550001', '550002', '550003', '550004', '550005'], random) });

describe('an attack', () => {
  const random = randomOf(7);
  const before = usual(random);
  const attack = campaign({ ...twoHours, traits: bankOf }, random);

  it('names the segment, and leaves other banks and known customers alone', () => {
    const { watch } = run(
      [...before, ...attack].filter(({ at }) => at < NOON + HOUR_MS),
      random,
    );
    const tried = attack[0]?.traits ?? fail();
    expect(watch.attacked.map(({ segment }) => segment).every((it) => it.includes(`bin:${BINS[0]}`))).toBe(true);
    expect(watch.levelAt(NOON + HOUR_MS)).toBe('under_attack');
    expect(watch.alarmOf(tried, NOON + HOUR_MS)).toMatchObject({ level: 'under_attack', isNew: false });
    expect(watch.alarmOf({ ...tried, bin: BINS[3] ?? '', country: 'NL' }, NOON + HOUR_MS)).toBeNull();
    expect(watch.alarmOf({ ...tried, standing: 'known' }, NOON + HOUR_MS)).toBeNull();
  });

  it('ends by itself when nobody tries any more', () => {
    const { watch } = run(
      [...before, ...attack].filter(({ at }) => at < NOON + 2 * HOUR_MS),
      random,
    );
    const tried = attack[0]?.traits ?? fail();
    expect(watch.alarmOf(tried, NOON + 2.1 * HOUR_MS)).not.toBeNull();
    expect(watch.alarmOf(tried, NOON + 6 * HOUR_MS)).toBeNull();
    expect(watch.levelAt(NOON + 6 * HOUR_MS)).toBe('normal');
  });

  it('is as it was after it was kept and read again', () => {
    const { watch } = run(
      [...before, ...attack].filter(({ at }) => at < NOON + HOUR_MS),
      random,
    );
    const again = new AttackWatch(JSON.parse(JSON.stringify(watch.keep())));
    expect(again.attacked).toEqual(watch.attacked);
    expect(again.alarmOf(attack[0]?.traits ?? fail(), NOON + HOUR_MS)).not.toBeNull();
  });
});

it('does not learn from the hours of an attack', () => {
  const random = randomOf(9);
  const daily = Array.from({ length: DAYS }, (_, day) =>
    campaign({ tries: 400, from: BEGIN + day * DAY_MS + 14 * HOUR_MS, spanMs: 2 * HOUR_MS, traits: bankOf }, random),
  ).flat();
  const last = campaign({ ...twoHours, traits: bankOf }, random);
  const { testers } = run([...usual(random), ...daily, ...last], random);
  expect(caught(testers)).toBeGreaterThan(0.95);
});

function fail(): never {
  throw new Error('nobody tried');
}
