/**
 * The judgement: `failures + in flight < limit`, at both edges, and who takes a place under what.
 */
import { describe, expect, it } from 'vitest';
import { admits, judge, placesOf, type Verdict } from '../../src/velocity/admission.ts';
import type { Touch } from '../../src/velocity/touch.ts';

const NOW = 1_763_770_000_000;
const touch: Touch = {
  rule: 'card_ip',
  key: '["card_ip","fp_1","203.0.113.9"]',
  formerKeys: [],
  limit: 3,
  windowSeconds: 100,
  maxBlockSeconds: 250,
  part: 'check',
  mode: 'enforce',
};

const reading = (count: number, inFlight: number, change: Partial<Touch> = {}) => ({
  touch: { ...touch, ...change },
  counter: count === 0 ? null : { count, expiresAt: NOW + 100, shutAt: count >= 3 ? NOW : null },
  inFlight,
});

describe('the watch in shadow', () => {
  it('sees through whom it would have asked, where a counter in shadow leaves him out', () => {
    const alarmed = { ...touch, mode: 'shadow', key: '["attack_mode"]', watched: {} } as unknown as Touch;
    const counted: Touch = { ...touch, mode: 'shadow' };
    const shut: Verdict = { ...judge(reading(3, 0)), mode: 'shadow' };
    expect(placesOf([alarmed, counted], [{ ...shut, then: 'challenge' }, shut])).toEqual([alarmed]);
  });
});

describe('with a limit of three', () => {
  it.each([
    { count: 0, inFlight: 0, state: 'open' },
    { count: 2, inFlight: 0, state: 'open' },
    { count: 0, inFlight: 2, state: 'open' },
    { count: 1, inFlight: 1, state: 'open' },
    { count: 2.5, inFlight: 0, state: 'open' },
    { count: 0, inFlight: 3, state: 'busy' },
    { count: 1, inFlight: 2, state: 'busy' },
    { count: 2, inFlight: 1, state: 'busy' },
    { count: 2.5, inFlight: 1, state: 'busy' },
    { count: 0, inFlight: 50, state: 'busy' },
    { count: 3, inFlight: 0, state: 'shut' },
    { count: 3, inFlight: 5, state: 'shut' },
    { count: 40, inFlight: 0, state: 'shut' },
  ])('$count failures and $inFlight in flight: $state', ({ count, inFlight, state }) => {
    expect(judge(reading(count, inFlight)).state).toBe(state);
  });

  it('a limit of one admits exactly one', () => {
    expect(judge(reading(0, 0, { limit: 1 })).state).toBe('open');
    expect(judge(reading(0, 1, { limit: 1 })).state).toBe('busy');
    expect(judge(reading(1, 0, { limit: 1 })).state).toBe('shut');
  });

  it.each([
    [3, 0],
    [0, 3],
    [99, 99],
  ])('whoever is only counted is never refused: %i failures, %i in flight', (count, inFlight) => {
    expect(judge(reading(count, inFlight, { part: 'count_only' }))).toMatchObject({ state: 'open', shutUntil: null });
  });

  it('the verdict says what it saw', () => {
    expect(judge(reading(4, 2))).toEqual({
      rule: 'card_ip',
      key: touch.key,
      mode: 'enforce',
      state: 'shut',
      count: 4,
      inFlight: 2,
      limit: 3,
      shutUntil: NOW + 100,
    });
  });

  it('a block ends with its longest life where that comes first', () => {
    const counter = { count: 3, expiresAt: NOW + 999_000, shutAt: NOW };
    expect(judge({ touch, counter, inFlight: 0 }).shutUntil).toBe(NOW + 250_000);
  });
});

const verdict = (state: Verdict['state'], mode: Verdict['mode']): Verdict => ({ ...judge(reading(0, 0)), state, mode });

describe('all verdicts together', () => {
  it.each([
    { verdicts: [], admitted: true },
    { verdicts: ['open/enforce'], admitted: true },
    { verdicts: ['open/enforce', 'open/shadow'], admitted: true },
    { verdicts: ['shut/shadow'], admitted: true },
    { verdicts: ['busy/shadow', 'shut/shadow', 'open/enforce'], admitted: true },
    { verdicts: ['shut/enforce'], admitted: false },
    { verdicts: ['busy/enforce'], admitted: false },
    { verdicts: ['open/enforce', 'open/enforce', 'busy/enforce'], admitted: false },
    { verdicts: ['shut/shadow', 'shut/enforce'], admitted: false },
  ])('$verdicts: $admitted', ({ verdicts, admitted }) => {
    const said = verdicts.map((text) => {
      const [state, mode] = text.split('/') as [Verdict['state'], Verdict['mode']];
      return verdict(state, mode);
    });
    expect(admits(said)).toBe(admitted);
  });
});

it('takes its place under what is open, and leaves out what a shadow rule would have refused', () => {
  const touches = ['a', 'b', 'c', 'd'].map((rule): Touch => ({ ...touch, rule }));
  const verdicts = [
    verdict('open', 'enforce'),
    verdict('shut', 'shadow'),
    verdict('busy', 'shadow'),
    verdict('open', 'shadow'),
  ];
  expect(placesOf(touches, verdicts).map(({ rule }) => rule)).toEqual(['a', 'd']);
});

it('takes its place under what only counts it', () => {
  const counted: Touch = { ...touch, part: 'count_only' };
  expect(placesOf([counted], [judge(reading(99, 99, { part: 'count_only' }))])).toEqual([counted]);
});
