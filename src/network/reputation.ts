/**
 * The compiled rules about what is known of an address, and the one place where it is gathered: from the tables that
 * are at hand, at once, and from providers, who are asked while the rest of the request still arrives.
 */
import type { Whence } from '../attempt/attempt.ts';
import { type ClassRule, classHeard } from './asn-classes.ts';
import type { MismatchSizes } from './country-mismatch.ts';
import type { NetworkCode, NetworkResponse, NetworkRules } from './network-rules.ts';
import type { ProviderTerms } from './provider-api.ts';
import { type Heard, type Intelligence, joinIntelligence, type SignalResponse } from './risk.ts';
import { type Listened, type Need, SHARED, type Tables } from './tables.ts';

/** A feed or a provider that a merchant listens to. */
export interface SourceRule {
  readonly name: string;
  readonly response: SignalResponse;
  /** `response` is for signals of at least this score. */
  readonly at: number;
}

/** A feed that a merchant listens to; `at` is of the score as it is weighed. */
export interface FeedRule extends SourceRule, Listened {}

export interface ProviderRule extends SourceRule, ProviderTerms {}

export interface ReputationRules {
  readonly feeds: readonly FeedRule[];
  readonly providers: readonly ProviderRule[];
  /** What other merchants of this deployment have seen. */
  readonly shared: boolean;
  readonly onSilence: Exclude<NetworkResponse, 'ignore'> | 'allow';
  /** A score above it asks for a step-up. */
  readonly stepUpAbove: number;
  readonly classes: Readonly<Record<'hosting' | 'vpn', ClassRule>>;
  /** Null: countries are not compared. */
  readonly mismatch: MismatchSizes | null;
  readonly modes: Pick<NetworkRules['modes'], RiskCode>;
  /** Of the tables. */
  readonly need: Need;
}

/** The layers that the score is made of, and the score itself. */
export type RiskCode = Extract<NetworkCode, 'hosting' | 'country_mismatch' | 'reputation' | 'risk_score'>;

/** Asks somebody else about an address, within limits of its own. */
export interface Provider {
  /** Never rejects: what is not answered is a silence. A promise only where somebody must be waited for. */
  consult(whence: Whence, asking: Asking): Intelligence | Promise<Intelligence>;
}

/** The merchant on whose behalf, and at whose cost. */
export interface Asker {
  readonly merchant: string;
  /** Where his gate lives, which counts what is spent. */
  readonly gate: {
    readonly location?: DurableObjectLocationHint | undefined;
    readonly jurisdiction?: DurableObjectJurisdiction | undefined;
  };
  readonly digestKey: CryptoKey;
}

export interface Asking {
  readonly rule: ProviderRule;
  readonly asker: Asker;
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

/**
 * All that is known of an address; a promise only where a provider must be waited for, who is asked by then, or where a
 * fresh isolate still reads its tables.
 */
export function gather(
  whence: Whence,
  rules: ReputationRules,
  { sources, ...asking }: Omit<Asking, 'rule'> & { readonly sources: Sources },
): Gathering {
  const reading = sources.tables.prepare(rules.need, asking.now, asking.afterwards);
  const look = () => lookUp(whence, rules, { tables: sources.tables, now: asking.now });
  const { reputation: mode } = rules.modes;
  if (mode === 'off' || rules.providers.length === 0) return reading === null ? look() : reading.then(look);
  const asked = rules.providers.map((rule) => askProvider(whence, { ...asking, rule }, sources));
  const withTold = (all: readonly Intelligence[]): Gathered => {
    return [...look(), { code: 'reputation', mode, intelligence: joinIntelligence(all) }];
  };
  const isWaiting = reading !== null || asked.some((one) => one instanceof Promise);
  if (!isWaiting) return withTold(asked as readonly Intelligence[]);
  return Promise.all([Promise.all(asked), reading]).then(([all]) => withTold(all));
}

/** What the tables say that are at hand. */
function lookUp(
  whence: Whence,
  { classes, feeds, shared, modes: { hosting, reputation } }: ReputationRules,
  { tables, now }: { readonly tables: Tables; readonly now: number },
): Gathered {
  const layers: Layer[] = [];
  const ofClass = hosting === 'off' ? null : classHeard(whence, classes, tables);
  if (ofClass !== null && hosting !== 'off') layers.push({ code: 'hosting', mode: hosting, intelligence: ofClass });
  const listened = shared ? [...feeds, SHARED] : feeds;
  if (reputation === 'off' || listened.length === 0) return layers;
  return [...layers, { code: 'reputation', mode: reputation, intelligence: tables.consult(listened, whence, now) }];
}

function askProvider(whence: Whence, asking: Asking, { providers }: Sources): Intelligence | Promise<Intelligence> {
  const { name } = asking.rule;
  const silent = (reason: 'missing' | 'unreachable'): Intelligence => {
    return { asked: 1, signals: [], silent: [{ source: `provider:${name}`, reason }] };
  };
  const provider = providers.get(name);
  if (provider === undefined) return silent('missing');
  const told = provider.consult(whence, asking);
  return told instanceof Promise ? told.catch(() => silent('unreachable')) : told;
}
