/**
 * What is known becomes risk and findings: one change from an address that nothing is known of, one result.
 */
import { describe, expect, it } from 'vitest';
import { NO_PROVENANCE, type Provenance } from '../../src/network/country-mismatch.ts';
import type { Gathered, ReputationRules } from '../../src/network/reputation.ts';
import { weigh } from '../../src/network/risk-findings.ts';
import { NO_TABLES } from '../../src/network/tables.ts';
import { NL, rules, said, source } from './reputation-baseline.ts';

const quiet = { asked: 1, signals: [], silent: [] };
const feed = (score: number, change: Partial<Gathered[number]> = {}): Gathered => [
  { code: 'reputation', mode: 'enforce', intelligence: said('feed:a', score), ...change },
];
const weighed = (gathered: Gathered, change: Partial<ReputationRules> = {}, provenance = NO_PROVENANCE) =>
  weigh(gathered, { whence: NL, provenance, tables: NO_TABLES }, { ...rules, feeds: [source('a')], ...change });
const told = (gathered: Gathered, change: Partial<ReputationRules> = {}, provenance = NO_PROVENANCE) =>
  weighed(gathered, change, provenance).findings.map(
    ({ code, rule, consequence, mode }) => `${rule === undefined ? code : `${code}:${rule}`} ${consequence} ${mode}`,
  );

it('is nothing where nothing was asked', () => {
  expect(weighed([])).toEqual({ risk: undefined, findings: [] });
});

it('is a risk of nothing where nothing was said', () => {
  expect(weighed([{ code: 'reputation', mode: 'enforce', intelligence: quiet }])).toEqual({
    risk: { score: 0, confidence: 1, contributions: [], silent: [] },
    findings: [],
  });
});

describe('the score', () => {
  it.each([
    [70, {}, ['reputation:feed:a allow enforce']],
    [71, {}, ['reputation:feed:a allow enforce', 'risk_score challenge enforce']],
    [71, { stepUpAbove: 71 }, ['reputation:feed:a allow enforce']],
    [1, { stepUpAbove: 0 }, ['reputation:feed:a allow enforce', 'risk_score challenge enforce']],
    [100, { stepUpAbove: 100 }, ['reputation:feed:a allow enforce']],
    [
      71,
      { modes: { ...rules.modes, risk_score: 'shadow' } },
      ['reputation:feed:a allow enforce', 'risk_score challenge shadow'],
    ],
    [71, { modes: { ...rules.modes, risk_score: 'off' } }, ['reputation:feed:a allow enforce']],
  ] as const)('of %d with %j', (score, change, expected) => {
    expect(told(feed(score), change)).toEqual(expected);
  });

  it('has no part of what is in shadow, and says what it would be with it', () => {
    const { risk, findings } = weighed([...feed(50), ...feed(60, { mode: 'shadow' })]);
    expect(risk).toMatchObject({ score: 50, contributions: [{ mode: 'shadow' }, { mode: 'enforce' }] });
    expect(findings.at(-1)).toEqual({
      code: 'risk_score',
      consequence: 'challenge',
      mode: 'shadow',
      message: 'with what is in shadow the risk score would be 80, above 70',
    });
  });
});

describe('a source that may do more than count', () => {
  it.each([
    ['review', 0, 50, 'review'],
    ['challenge', 0, 50, 'challenge'],
    ['block', 0, 50, 'block'],
    ['block', 50, 50, 'block'],
    ['block', 51, 50, 'allow'],
    ['score', 0, 50, 'allow'],
  ] as const)('%s at %d, saying %d: %s', (response, at, score, consequence) => {
    expect(told(feed(score), { feeds: [source('a', { response, at })] })).toEqual([
      `reputation:feed:a ${consequence} enforce`,
    ]);
  });

  it('does nothing in shadow', () => {
    const change = { feeds: [source('a', { response: 'block' })] };
    expect(told(feed(50, { mode: 'shadow' }), change)).toEqual(['reputation:feed:a block shadow']);
  });
});

describe('a silence', () => {
  const silence = { asked: 1, signals: [], silent: [{ source: 'provider:p', reason: 'timeout' } as const] };
  const layer = { code: 'reputation', mode: 'enforce', intelligence: silence } as const;

  it.each(['allow', 'review', 'challenge', 'block'] as const)('is a reason, and what is done is %s', (onSilence) => {
    const { risk, findings } = weighed([layer], { onSilence });
    expect(risk).toEqual({ score: 0, confidence: 0, contributions: [], silent: silence.silent });
    const message = `provider:p said nothing (timeout); on_silence: ${onSilence}`;
    const finding = { code: 'reputation', rule: 'provider:p', mode: 'enforce', consequence: onSilence, message };
    expect(findings).toEqual([finding]);
  });

  it('lowers the confidence, and takes nothing from what others said', () => {
    expect(weighed([...feed(60), layer]).risk).toMatchObject({ score: 60, confidence: 0.5 });
  });
});

describe('an address that thousands share', () => {
  const shared = (asn: number, gathered: Gathered, change: Partial<ReputationRules> = {}) =>
    weigh(
      gathered,
      { whence: { ...NL, asn }, provenance: NO_PROVENANCE, tables: NO_TABLES },
      { ...rules, feeds: [source('a', { response: 'block' })], ...change },
    );

  it.each([
    ['a relay', 36183],
    ['a gateway', 22616],
  ])('%s: a feed counts half against it, and does nothing else', (_, asn) => {
    const { risk, findings } = shared(asn, feed(100));
    expect(risk).toMatchObject({ score: 50, contributions: [{ source: 'feed:a', score: 50 }] });
    expect(findings).toMatchObject([{ code: 'reputation', rule: 'feed:a', consequence: 'allow' }]);
    expect(findings[0]?.message).toContain('many share the address');
  });

  it('is no way round: what several sources know still asks for a step-up', () => {
    expect(shared(36183, [...feed(100), ...feed(90)]).findings.at(-1)).toMatchObject({ code: 'risk_score' });
  });

  it('is not any other one', () => {
    const { risk, findings } = shared(1136, feed(100));
    expect(risk).toMatchObject({ score: 100 });
    expect(findings[0]).toMatchObject({ consequence: 'block' });
  });

  it('says of silence what it always says', () => {
    const intelligence = { asked: 1, signals: [], silent: [{ source: 'feed:a', reason: 'stale' } as const] };
    const layer = { code: 'reputation', mode: 'enforce', intelligence } as const;
    expect(shared(36183, [layer], { onSilence: 'block' }).findings).toMatchObject([{ consequence: 'block' }]);
  });
});

describe('countries', () => {
  const mismatch = { cardIp: 20, cardBilling: 15, billingIp: 10, timeZone: 10 };
  const home: Provenance = { ...NO_PROVENANCE, hasCard: true, cardCountry: 'NL', billingCountry: 'NL' };
  const compared = (change: Partial<Provenance>) => weighed([], { mismatch }, { ...home, ...change });

  it.each([
    ['agree', {}, 0, 1],
    ['of card and address differ', { cardCountry: 'DE', billingCountry: null }, 20, 1],
    ['of card and of both others differ', { cardCountry: 'DE' }, 32, 1],
    ['of billing address and of both others differ', { billingCountry: 'DE' }, 24, 1],
    ['all differ', { cardCountry: 'DE', billingCountry: 'FR' }, 39, 1],
    ['of a card that is not known', { cardCountry: null }, 0, 0.67],
    ['and the time zone agree', { timeZone: 'Europe/Amsterdam' }, 0, 1],
    ['agree, and the time zone does not', { timeZone: 'America/New_York' }, 10, 1],
    ['agree, and the time zone says nothing', { timeZone: 'UTC' }, 0, 1],
  ])('%s', (_, change, score, confidence) => {
    expect(compared(change).risk).toMatchObject({ score, confidence });
  });

  it('of an address that nobody knows is missing, and so is Tor’s', () => {
    for (const country of [null, 'T1']) {
      const subject = { whence: { ...NL, country }, provenance: home, tables: NO_TABLES };
      const { risk } = weigh([], subject, { ...rules, mismatch });
      expect(risk).toMatchObject({ score: 0, silent: [{ source: 'ip_country', reason: 'missing' }] });
    }
  });

  it('that weigh nothing say nothing', () => {
    const none = { cardIp: 0, cardBilling: 0, billingIp: 0, timeZone: 0 };
    expect(weighed([], { mismatch: none }, { ...home, cardCountry: 'DE' }).findings).toEqual([]);
  });

  it('are a reason that stops nobody', () => {
    expect(told([], { mismatch }, { ...home, cardCountry: 'DE', billingCountry: null })).toEqual([
      'country_mismatch allow enforce',
    ]);
  });

  it.each([
    ['off', undefined],
    ['shadow', 0],
  ] as const)('%s counts nothing', (mode, score) => {
    const modes = { ...rules.modes, country_mismatch: mode };
    expect(weighed([], { mismatch, modes }, { ...home, cardCountry: 'DE' }).risk?.score).toBe(score);
  });
});
