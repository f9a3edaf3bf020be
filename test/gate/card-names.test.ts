/**
 * Names of one card over time: they are learnt in any order, from words of unequal weight, and in any number.
 */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { CardNames } from '../../src/gate/card-names.ts';
import { asking, calls, counts, fail, type GateStub, newGate, outcome, rowsOf, touch } from './asking.ts';

const name = (kind: string, of: string) => `${kind}_${of.padEnd(43, '0')}`;
const [FP, OTHER_FP] = [name('fp', 'a'), name('fp', 'b')];
const [PF, OTHER_PF] = [name('pf', 'a'), name('pf', 'b')];
const [TK, AT] = [name('tk', 'a'), name('at', 'a')];
const key = (...parts: string[]) => JSON.stringify(parts);
const byCard = (card: string, limit = 100) => touch(key('guest_card', card), { rule: 'guest_card', limit });

/** The card that goes by a name once these were joined, each pair by the word of somebody who knows, or a weaker one. */
function cardOf(asked: string, joins: readonly (readonly string[])[], weak: readonly (readonly string[])[] = []) {
  return runInDurableObject(newGate(), (_, { storage }) => {
    const names = new CardNames(storage.sql);
    for (const pair of joins) names.join(pair, 1);
    for (const pair of weak) names.suggest(pair, 1);
    return names.of([asked])[0];
  });
}

describe('the card', () => {
  it('is the number once a token of it is told with the processor’s fingerprint', async () => {
    expect(
      await cardOf(PF, [
        [FP, TK],
        [TK, PF],
      ]),
    ).toBe(FP);
    expect(
      await cardOf(TK, [
        [FP, TK],
        [TK, PF],
      ]),
    ).toBe(FP);
  });

  it('is another one once the token is told with a fingerprint of another card', async () => {
    const joins = [
      [FP, TK],
      [OTHER_FP, OTHER_PF],
      [TK, OTHER_PF],
    ];
    expect(await cardOf(TK, joins)).toBe(OTHER_FP);
    expect(
      await cardOf(TK, [
        [PF, TK],
        [TK, OTHER_PF],
      ]),
    ).toBe(OTHER_PF);
  });

  it('that is attached to a payment is the last one that was', async () => {
    expect(
      await cardOf(AT, [
        [FP, AT],
        [TK, AT],
      ]),
    ).toBe(TK);
    expect(
      await cardOf(TK, [
        [FP, AT],
        [TK, AT],
      ]),
    ).toBe(TK);
  });

  it('is learnt from a weak word, and no other card is made of it by one', async () => {
    expect(await cardOf(PF, [], [[FP, PF]])).toBe(FP);
    expect(await cardOf(PF, [[FP, PF]], [[OTHER_FP, PF]])).toBe(FP);
    expect(
      await cardOf(
        PF,
        [],
        [
          [FP, PF],
          [OTHER_FP, PF],
        ],
      ),
    ).toBe(FP);
    expect(await cardOf(PF, [[OTHER_FP, PF]], [[FP, PF]])).toBe(OTHER_FP);
    expect(await cardOf(TK, [[FP, TK]], [[TK, PF]])).toBe(FP);
    expect(await cardOf(PF, [[FP, TK]], [[TK, PF]])).toBe(FP);
  });
});

it('ten thousand tokens of one card cost no more than a few', async () => {
  const gate = newGate();
  const tokens = Array.from({ length: 10_000 }, (_, i) => name('tk', `n${i}n`));
  for (let at = 0; at < tokens.length; at += 500) {
    await calls(gate).close({ settlements: [], joins: tokens.slice(at, at + 500).map((one) => [FP, one]) });
  }
  await fail(gate, 'first', [byCard(FP)]);
  const [first = ''] = tokens;
  await calls(gate).admit(asking('x', [byCard(first)], { cards: [first] }));
  await calls(gate).settle(outcome('x', 'failed', [byCard(first)], { cards: [first] }));
  expect(await counts(gate)).toEqual({ [key('guest_card', FP)]: 2 });
  expect(await rowsOf(gate, `SELECT count(*) AS of_card FROM card_names WHERE name = '${FP}'`)).toEqual([
    { of_card: expect.toSatisfy((rows: number) => rows <= 100) },
  ]);
});

it('whoever waits for 3-D Secure under ever new tokens of one card holds that many places of it', async () => {
  const gate = newGate();
  for (let i = 0; i < 20; i++) {
    const token = name('tk', `p${i}p`);
    await calls(gate).admit(asking(`e${i}`, [byCard(token, 15)], { cards: [token] }));
    await calls(gate).settle(outcome(`e${i}`, 'pending', [byCard(token, 15)], { cards: [token], alsoKnownAs: [PF] }));
  }
  expect((await calls(gate).admit(asking('next', [byCard(PF, 15)], { cards: [PF] }))).kind).toBe('refused');
});

describe('an attempt with several names', () => {
  const several = [byCard(FP, 2), byCard(TK, 2)];

  it('counts under each', async () => {
    const gate = newGate();
    await calls(gate).close({ settlements: [], joins: [[OTHER_FP, TK]] });
    await calls(gate).admit(asking('a', several, { cards: [FP] }));
    await calls(gate).settle(outcome('a', 'failed', several, { cards: [FP] }));
    expect(await counts(gate)).toEqual({ [key('guest_card', FP)]: 1, [key('guest_card', OTHER_FP)]: 1 });
  });

  it('holds one place, and counts once, where they are one card', async () => {
    const gate = newGate();
    await calls(gate).close({ settlements: [], joins: [[FP, TK]] });
    expect((await calls(gate).admit(asking('a', several, { cards: [FP] }))).kind).toBe('admitted');
    expect((await calls(gate).admit(asking('b', several, { cards: [FP] }))).kind).toBe('admitted');
    expect((await calls(gate).admit(asking('c', several, { cards: [FP] }))).kind).toBe('refused');
    await calls(gate).settle(outcome('a', 'failed', several, { cards: [FP] }));
    expect(await counts(gate)).toEqual({ [key('guest_card', FP)]: 1 });
  });

  it('may have more of them than a statement takes', async () => {
    const gate: GateStub = newGate();
    const many = Array.from({ length: 60 }, (_, i) => touch(`k${i}`, { formerKeys: [`f${i}`, `g${i}`] }));
    await calls(gate).settle(outcome('parked', 'pending', [touch('parked')]));
    expect((await calls(gate).admit(asking('a', many))).kind).toBe('admitted');
    await calls(gate).settle(outcome('a', 'failed', many));
    expect(Object.keys(await counts(gate))).toHaveLength(60);
  });
});
