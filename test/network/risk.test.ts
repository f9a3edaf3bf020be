import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assessRisk as assess, type Heard, type Intelligence, joinIntelligence } from '../../src/network/risk.ts';

const signal = (score: number, source = 'feed:a') => ({ source, score, message: 'listed' });
const told = (...scores: readonly number[]): Intelligence => ({
  asked: 4,
  signals: scores.map((score) => signal(score)),
  silent: [],
});

const assessRisk = (intelligence: Intelligence, mode: Heard['mode'] = 'enforce') => assess([{ mode, intelligence }]);

it('is not assessed where no source was asked', () => {
  expect(assessRisk({ asked: 0, signals: [], silent: [] })).toBeNull();
});

it.each([
  ['nothing', [], 0],
  ['one signal as it is', [40], 40],
  ['two signals, each its share of what the other leaves', [40, 30], 58],
  ['one that is sure, whatever else', [100, 5], 100],
  ['no less than zero and no more than a hundred', [-20, 300], 100],
] as const)('scores %s', (_, scores, expected) => {
  expect(assessRisk(told(...scores))?.score).toBe(expected);
});

it('lists the heaviest contribution first', () => {
  expect(assessRisk(told(10, 60, 30))?.contributions.map(({ score }) => score)).toEqual([60, 30, 10]);
});

it('a silent source lowers the confidence and leaves the score', () => {
  const silent = [{ source: 'provider:abuseipdb', reason: 'timeout' } as const];
  expect(assessRisk({ ...told(40), silent })).toMatchObject({ score: 40, confidence: 0.75, silent });
});

it('never falls when a signal is added, and stays between 0 and 100', () => {
  const score = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(fc.array(score), score, (scores, more) => {
      const before = assessRisk(told(...scores))?.score ?? -1;
      const after = assessRisk(told(...scores, more))?.score ?? -1;
      expect(after).toBeGreaterThanOrEqual(before);
      expect(after).toBeLessThanOrEqual(100);
    }),
  );
});

it('never falls when a layer says more, in whatever mode, nor when a source falls silent', () => {
  const score = fc.integer({ min: 0, max: 100 });
  const layer = fc.record({ mode: fc.constantFrom('enforce' as const, 'shadow' as const), scores: fc.array(score) });
  const heardOf = (layers: readonly { readonly mode: Heard['mode']; readonly scores: readonly number[] }[]) =>
    layers.map(({ mode, scores }): Heard => ({ mode, intelligence: told(...scores) }));
  fc.assert(
    fc.property(fc.array(layer), layer, (layers, more) => {
      const before = assess(heardOf(layers))?.score ?? 0;
      const after = assess(heardOf([...layers, more]));
      expect(after?.score).toBeGreaterThanOrEqual(before);
      const silent = [{ source: 'provider:p', reason: 'timeout' } as const];
      const quieter = assess([...heardOf([...layers, more]), { mode: 'enforce', intelligence: { ...told(), silent } }]);
      expect(quieter?.score).toBe(after?.score);
      expect(quieter?.confidence).toBeLessThan(after?.confidence ?? 0);
      if (more.mode === 'shadow') expect(after?.score).toBe(before);
    }),
  );
});

it('joins what several sources said', () => {
  const silent = [{ source: 'feed:b', reason: 'missing' } as const];
  expect(joinIntelligence([told(40), { asked: 1, signals: [], silent }])).toEqual({
    asked: 5,
    signals: [signal(40)],
    silent,
  });
});
