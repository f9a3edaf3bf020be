/**
 * Rules that listen to everything, and sources that say what a test wants them to: the baseline of one change at a time.
 */
import type { Whence } from '../../src/attempt/attempt.ts';
import type {
  Asker,
  FeedRule,
  ProviderRule,
  ReputationRules,
  SourceRule,
  Sources,
} from '../../src/network/reputation.ts';
import type { Intelligence } from '../../src/network/risk.ts';
import { NO_TABLES, type Tables } from '../../src/network/tables.ts';

export const NL: Whence = { ip: { text: '203.0.113.9', counted: '203.0.113.9' }, country: 'NL', asn: 1136 };
/** AWS, which the table that ships calls hosting. */
export const HOSTING_ASN = 16509;

export const source = (name: string, change: Partial<FeedRule> = {}): FeedRule => {
  return { name, weight: 1, response: 'score', at: 0, ...change };
};

/** Asked on terms that no stand-in reads. */
export const provider = (name: string, change: Partial<SourceRule> = {}): ProviderRule => ({
  ...source(name, change),
  keyName: 'CORDON_REPUTATION_TESTS',
  apiUrl: new URL('https://provider.example'),
  timeoutMs: 300,
  cacheMs: 60_000,
  dailyBudget: 1_000,
  weight: 1,
});

export const rules: ReputationRules = {
  feeds: [],
  providers: [],
  shared: false,
  onSilence: 'allow',
  stepUpAbove: 70,
  classes: { hosting: { response: 'ignore', score: 40 }, vpn: { response: 'ignore', score: 30 } },
  mismatch: null,
  modes: { hosting: 'enforce', country_mismatch: 'enforce', reputation: 'enforce', risk_score: 'enforce' },
  need: { feeds: [], kinds: [] },
};

export const said = (from: string, score: number): Intelligence => {
  return { asked: 1, signals: [{ source: from, score, message: `${from} knows it` }], silent: [] };
};

export const sourcesOf = (
  tables: Partial<Tables> = {},
  providers: Readonly<Record<string, () => Promise<Intelligence>>> = {},
): Sources => ({
  tables: { ...NO_TABLES, ...tables },
  providers: new Map(Object.entries(providers).map(([name, consult]) => [name, { consult }])),
});

const asker: Asker = { merchant: 'acme', gate: {}, digestKey: {} as CryptoKey };
export const asking = { asker, now: 0, afterwards: () => {} };
