/**
 * The compiled rules about what is known of an address, and the one place where it is gathered: from the tables that
 * are at hand, at once, and from providers, who are asked while the rest of the request still arrives.
 */
import type { Whence } from '../attempt/attempt.ts';
import { type ClassRule, classHeard } from './asn-classes.ts';
import type { MismatchSizes } from './country-mismatch.ts';
import type { NetworkCode, NetworkResponse, NetworkRules } from './network-rules.ts';
import { type Heard, type Intelligence, joinIntelligence, type SignalResponse } from './risk.ts';
import type { Tables } from './tables.ts';

/** A feed or a provider that a merchant listens to. */
export interface SourceRule {
  readonly name: string;
  readonly response: SignalResponse;
  /** `response` is for signals of at least this score. */
  readonly at: number;
}

export interface ReputationRules {
  readonly feeds: readonly SourceRule[];
  readonly providers: readonly SourceRule[];
  /** What other merchants of this deployment have seen. */
  readonly shared: boolean;
  readonly onSilence: Exclude<NetworkResponse, 'ignore'> | 'allow';
  /** A score above it asks for a step-up. */
  readonly stepUpAbove: number;
  readonly classes: Readonly<Record<'hosting' | 'vpn', ClassRule>>;
  /** Null: countries are not compared. */
  readonly mismatch: MismatchSizes | null;
  readonly modes: Pick<NetworkRules['modes'], RiskCode>;
}

/** The layers that the score is made of, and the score itself. */
export type RiskCode = Extract<NetworkCode, 'hosting' | 'country_mismatch' | 'reputation' | 'risk_score'>;

/** Asks somebody else about an address, within limits of its own. */
export interface Provider {
  /** Never rejects: what is not answered is a silence. */
  consult(whence: Whence, asking: Asking): Promise<Intelligence>;
}

export interface Asking {
  readonly rule: SourceRule;
  readonly merchant: string;
  /** In ms since the epoch. */
  readonly now: number;
  /** Keeps work alive that nobody waits for. */
  readonly afterwards: (work: Promise<unknown>) => void;
}

/** Whom this deployment can ask. */
export interface Sources {
  readonly tables: Tables;
  readonly providers: ReadonlyMap<string, Provider>;
}

/** What one layer heard of an address. */
export interface Layer extends Heard {
  readonly code: RiskCode;
}

export type Gathered = readonly Layer[];
export type Gathering = Gathered | Promise<Gathered>;

/** All that is known of an address; a promise only where a provider is asked, who has been by the time this returns. */
export function gather(
  whence: Whence,
  rules: ReputationRules,
  { sources, ...asking }: Omit<Asking, 'rule'> & { readonly sources: Sources },
): Gathering {
  const atHand: Layer[] = [];
  const { hosting, reputation } = rules.modes;
  const ofClass = hosting === 'off' ? null : classHeard(whence, rules.classes, sources.tables);
  if (ofClass !== null && hosting !== 'off') atHand.push({ code: 'hosting', mode: hosting, intelligence: ofClass });
  if (reputation === 'off') return atHand;
  const layer = (intelligence: Intelligence): Layer => ({ code: 'reputation', mode: reputation, intelligence });
  if (rules.feeds.length > 0) {
    const names = rules.feeds.map(({ name }) => name);
    atHand.push(layer(sources.tables.consult(names, whence, asking.now)));
  }
  if (rules.providers.length === 0) return atHand;
  const asked = rules.providers.map((rule) => askProvider(whence, { ...asking, rule }, sources));
  return Promise.all(asked).then((told) => [...atHand, layer(joinIntelligence(told))]);
}

async function askProvider(whence: Whence, asking: Asking, { providers }: Sources): Promise<Intelligence> {
  const { name } = asking.rule;
  const silent = (reason: 'missing' | 'unreachable'): Intelligence => {
    return { asked: 1, signals: [], silent: [{ source: `provider:${name}`, reason }] };
  };
  const provider = providers.get(name);
  if (provider === undefined) return silent('missing');
  return provider.consult(whence, asking).catch(() => silent('unreachable'));
}
