/**
 * What is known of an address is gathered: at once where nobody outside is asked, and without waiting to ask them.
 */
import { describe, expect, it } from 'vitest';
import { type Gathered, gather } from '../../src/network/reputation.ts';
import { asking, HOSTING_ASN, NL, provider, rules, said, source, sourcesOf } from './reputation-baseline.ts';

const hosting = { hosting: { response: 'score', score: 40 }, vpn: { response: 'ignore', score: 30 } } as const;

it('asks nobody without a rule', () => {
  expect(gather(NL, rules, { ...asking, sources: sourcesOf() })).toEqual([]);
});

it('answers at once where no provider is asked', () => {
  const consult = () => said('feed:a', 60);
  const told = gather(
    { ...NL, asn: HOSTING_ASN },
    { ...rules, classes: hosting, feeds: [source('a')] },
    { ...asking, sources: sourcesOf({ consult }) },
  );
  expect(told).toMatchObject([
    { code: 'hosting', mode: 'enforce', intelligence: { signals: [{ source: 'hosting', score: 40 }] } },
    { code: 'reputation', mode: 'enforce', intelligence: said('feed:a', 60) },
  ]);
});

it('a fresh isolate waits for its tables, while providers are asked already', async () => {
  const reading = Promise.withResolvers<void>();
  let isRead = false;
  const tables = {
    prepare: () => reading.promise,
    consult: () => (isRead ? said('feed:a', 60) : said('feed:a', 0)),
  };
  let isAsked = false;
  const consult = async () => {
    isAsked = true;
    return said('provider:p', 50);
  };
  const listening = { ...rules, feeds: [source('a')], providers: [provider('p')] };
  const told = gather(NL, listening, { ...asking, sources: sourcesOf(tables, { p: consult }) });
  expect(isAsked).toBe(true);
  isRead = true;
  reading.resolve();
  expect(await told).toMatchObject([{ intelligence: said('feed:a', 60) }, { intelligence: said('provider:p', 50) }]);
});

it('a feed that is not there is silent', () => {
  const told = gather(NL, { ...rules, feeds: [source('a')] }, { ...asking, sources: sourcesOf() });
  expect(told).toMatchObject([{ intelligence: { asked: 1, silent: [{ source: 'feed:a', reason: 'missing' }] } }]);
});

describe('a provider', () => {
  const provided = { ...rules, providers: [provider('p'), provider('q')] };

  it('has been asked by the time that gathering returns, beside the others', async () => {
    const asked: string[] = [];
    const consult = (name: string) => async () => {
      asked.push(name);
      return said(`provider:${name}`, 50);
    };
    const told = gather(NL, provided, { ...asking, sources: sourcesOf({}, { p: consult('p'), q: consult('q') }) });
    expect(asked).toEqual(['p', 'q']);
    const signals = [...said('provider:p', 50).signals, ...said('provider:q', 50).signals];
    expect(await told).toMatchObject([{ code: 'reputation', intelligence: { asked: 2, signals } }]);
  });

  it.each([
    ['that this deployment does not have is missing', {}, 'missing'],
    ['that breaks is unreachable', { p: () => Promise.reject(new Error('no')) }, 'unreachable'],
  ])('%s', async (_, providers, reason) => {
    const told = await gather(
      NL,
      { ...rules, providers: [provider('p')] },
      { ...asking, sources: sourcesOf({}, providers) },
    );
    expect(told).toMatchObject([
      { intelligence: { asked: 1, signals: [], silent: [{ source: 'provider:p', reason }] } },
    ]);
  });
});

describe('a layer', () => {
  const all = { ...rules, classes: hosting, feeds: [source('a')], providers: [provider('p')] };
  const sources = sourcesOf({ consult: () => said('feed:a', 60) }, { p: async () => said('provider:p', 50) });
  const told = async (modes: Partial<typeof rules.modes>) => {
    const layers: Gathered = await gather(NL, { ...all, modes: { ...rules.modes, ...modes } }, { ...asking, sources });
    return layers.map(({ code, mode }) => `${code} ${mode}`);
  };

  it.each([
    [{}, ['hosting enforce', 'reputation enforce', 'reputation enforce']],
    [{ hosting: 'off' }, ['reputation enforce', 'reputation enforce']],
    [{ reputation: 'off' }, ['hosting enforce']],
    [{ hosting: 'shadow' }, ['hosting shadow', 'reputation enforce', 'reputation enforce']],
    [{ reputation: 'shadow' }, ['hosting enforce', 'reputation shadow', 'reputation shadow']],
    [{ hosting: 'off', reputation: 'off' }, []],
  ] as const)('has a mode of its own: %j', async (modes, expected) => {
    expect(await told(modes)).toEqual(expected);
  });

  it('that is off asks no provider', () => {
    let isAsked = false;
    const p = async () => {
      isAsked = true;
      return said('provider:p', 50);
    };
    void gather(
      NL,
      { ...all, modes: { ...rules.modes, reputation: 'off' } },
      { ...asking, sources: sourcesOf({}, { p }) },
    );
    expect(isAsked).toBe(false);
  });
});
