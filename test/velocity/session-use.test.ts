/**
 * How a session may be used within an hour, against a model that keeps every use and looks at all of them each time.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { REUSES, reusesOf, type SessionUse, UNUSED, useWith, type Visited } from '../../src/velocity/session-use.ts';

const HOUR_MS = 3_600_000;
const visited = (change: Partial<Visited> = {}): Visited => ({ session: 'se_1', ...change });
const from = (limit: number, ...names: readonly string[]) => ({ limit, of: names.map((name) => [name]) });

/** What goes on is noted, as the gate does it. */
function use(before: SessionUse, one: Visited, now: number): SessionUse {
  return reusesOf(before, one, now).length === 0 ? useWith(before, one, now) : before;
}

it('lets so many through, and whoever came before goes on', () => {
  let after = UNUSED;
  for (const address of ['a', 'b', 'a', 'c']) {
    expect(reusesOf(after, visited({ addresses: from(3, address) }), 0)).toEqual([]);
    after = use(after, visited({ addresses: from(3, address) }), 0);
  }
  expect(reusesOf(after, visited({ addresses: from(3, 'd') }), 0)).toEqual(['addresses']);
  expect(reusesOf(after, visited({ addresses: from(3, 'b') }), 0)).toEqual([]);
});

it.each([
  ['addresses alone', { addresses: from(1, 'b'), cards: from(2, 'y') }, ['addresses']],
  ['cards alone', { addresses: from(2, 'b'), cards: from(1, 'y') }, ['cards']],
  ['both', { addresses: from(1, 'b'), cards: from(1, 'y') }, REUSES],
  ['neither', { addresses: from(2, 'b'), cards: from(2, 'y') }, []],
  ['what is not limited', { cards: from(2, 'y') }, []],
  ['several cards of one request', { cards: from(2, 'y', 'z') }, ['cards']],
  ['one card of one request, twice', { cards: from(2, 'y', 'y') }, []],
  ['a card that is known, beside a limit that was lowered', { cards: from(0, 'x') }, []],
  ['nothing', { cards: from(0) }, []],
] as const)('says of what there is too much: %s', (_, change, expected) => {
  const before = useWith(UNUSED, visited({ addresses: from(9, 'a'), cards: from(9, 'x') }), 0);
  expect(reusesOf(before, visited(change), 0)).toEqual(expected);
});

it('forgets an hour after it was last seen', () => {
  const known = use(UNUSED, visited({ cards: from(1, 'x') }), 0);
  const again = use(known, visited({ cards: from(1, 'x') }), 1_000);
  const other = visited({ cards: from(1, 'y') });
  expect(reusesOf(again, other, HOUR_MS + 999)).toEqual(['cards']);
  expect(reusesOf(again, other, HOUR_MS + 1_000)).toEqual([]);
});

it('knows a card by each of its names, and two that turned out to be one as one', () => {
  const named = (...of: readonly (readonly string[])[]) => visited({ cards: { limit: 2, of } });
  const two = use(use(UNUSED, named(['pf_1']), 0), named(['fp_1']), 0);
  expect(reusesOf(two, named(['fp_2']), 0)).toEqual(['cards']);
  const joined = use(two, named(['fp_1', 'pf_1']), 0);
  expect(reusesOf(joined, named(['fp_2']), 0)).toEqual([]);
});

it('is what the model says', () => {
  const step = fc.record({
    waitMs: fc.constantFrom(0, 1, 60_000, HOUR_MS / 2, HOUR_MS - 1, HOUR_MS),
    addresses: fc.subarray(['a', 'b', 'c', 'd', 'e'], { maxLength: 2 }),
    cards: fc.subarray(['v', 'w', 'x', 'y', 'z'], { maxLength: 3 }),
    limits: fc.constantFrom([1, 1] as const, [2, 3] as const, [3, 2] as const),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const seen: { readonly reuse: string; readonly name: string; readonly at: number }[] = [];
      let after = UNUSED;
      let now = 0;
      for (const { waitMs, addresses, cards, limits } of steps) {
        now += waitMs;
        const used = { addresses: from(limits[0], ...addresses), cards: from(limits[1], ...cards) };
        const expected = REUSES.filter((reuse) => {
          const recent = seen.filter((one) => one.reuse === reuse && now - one.at < HOUR_MS).map(({ name }) => name);
          const names = used[reuse].of.flat();
          return (
            !names.every((name) => recent.includes(name)) && new Set([...recent, ...names]).size > used[reuse].limit
          );
        });
        expect(reusesOf(after, visited(used), now)).toEqual(expected);
        if (expected.length === 0) {
          for (const reuse of REUSES) for (const [name = ''] of used[reuse].of) seen.push({ reuse, name, at: now });
        }
        after = use(after, visited(used), now);
      }
    }),
  );
});
