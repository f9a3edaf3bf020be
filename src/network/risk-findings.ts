/**
 * What is known of an attempt becomes its risk, and findings: one for each signal, each silence and the score. Pure.
 */
import type { Whence } from '../attempt/attempt.ts';
import { isShared } from './asn-classes.ts';
import { compareCountries, type Provenance } from './country-mismatch.ts';
import type { NetworkFinding } from './network-rules.ts';
import type { Gathered, Layer, ReputationRules, SourceRule } from './reputation.ts';
import { assessRisk, type Risk, type Signal, type SignalResponse, scoreOf } from './risk.ts';
import type { Tables } from './tables.ts';

export interface Weighed {
  /** Undefined where no source was asked. */
  readonly risk: Risk | undefined;
  readonly findings: readonly NetworkFinding[];
}

export const NOTHING_WEIGHED: Weighed = { risk: undefined, findings: [] };

/** Whose attempt it is, and by which tables its network is known. */
export interface Subject {
  readonly whence: Whence;
  readonly provenance: Provenance;
  readonly tables: Tables;
}

/** Weighs what was gathered about an address together with what one attempt says of itself. */
export function weigh(gathered: Gathered, { whence, provenance, tables }: Subject, rules: ReputationRules): Weighed {
  const isAmongMany = gathered.length > 0 && isShared(whence, tables);
  const ofAddress = isAmongMany ? gathered.map(softened) : gathered;
  const layers = [...ofAddress, ...compared(whence, provenance, rules)];
  const risk = assessRisk(layers);
  if (risk === null) return NOTHING_WEIGHED;
  const heard = isAmongMany ? { ...rules, ...COUNTING_ALONE } : rules;
  return { risk, findings: [...layers.flatMap((layer) => findingsOf(layer, heard)), ...scoreFindings(risk, rules)] };
}

/** What a feed or a provider has against an address that thousands share counts half against each, and does no more. */
const COUNTING_ALONE = { feeds: [], providers: [] } as const;

function softened(layer: Layer): Layer {
  if (layer.code !== 'reputation') return layer;
  const signals = layer.intelligence.signals.map(({ source, score, message }): Signal => {
    return { source, score: Math.round(score / 2), message: `${message}; many share the address, so it counts half` };
  });
  return { ...layer, intelligence: { ...layer.intelligence, signals } };
}

function compared({ country }: Whence, provenance: Provenance, { mismatch, modes }: ReputationRules): Gathered {
  const { country_mismatch: mode } = modes;
  if (mismatch === null || mode === 'off') return [];
  return [{ code: 'country_mismatch', mode, intelligence: compareCountries(country, provenance, mismatch) }];
}

function findingsOf({ code, mode, intelligence }: Layer, rules: ReputationRules): readonly NetworkFinding[] {
  const { signals, silent } = intelligence;
  switch (code) {
    case 'hosting':
      return signals.map(({ source, message }) => {
        const { response } = rules.classes[source === 'vpn' ? 'vpn' : 'hosting'];
        const consequence = response === 'ignore' ? 'allow' : consequenceOf(response);
        return { code: 'hosting', rule: source, mode, consequence, message };
      });
    case 'country_mismatch':
      return signals.map(({ message }) => ({ code: 'country_mismatch', mode, consequence: 'allow', message }));
    case 'reputation':
      return [
        ...signals.map((signal) => ({ ...reputationFinding(signal, rules), mode })),
        ...silent.map(({ source, reason }): NetworkFinding => {
          const { onSilence: consequence } = rules;
          const message = `${source} said nothing (${reason}); on_silence: ${consequence}`;
          return { code: 'reputation', rule: source, mode, consequence, message };
        }),
      ];
    case 'risk_score':
      return [];
  }
}

function reputationFinding({ source, score, message }: Signal, rules: ReputationRules): Omit<NetworkFinding, 'mode'> {
  const { response, at } = ruleOf(source, rules) ?? COUNTS_ALONE;
  const consequence = score >= at ? consequenceOf(response) : 'allow';
  return { code: 'reputation', rule: source, consequence, message };
}

const COUNTS_ALONE = { response: 'score', at: 0 } as const;

function ruleOf(source: string, { feeds, providers }: ReputationRules): SourceRule | undefined {
  return (
    feeds.find(({ name }) => source === `feed:${name}`) ?? providers.find(({ name }) => source === `provider:${name}`)
  );
}

function consequenceOf(response: SignalResponse): NetworkFinding['consequence'] {
  return response === 'score' ? 'allow' : response;
}

/** Too high, or what would be too high if all that is in shadow counted. */
function scoreFindings(
  { score, contributions }: Risk,
  { stepUpAbove, modes }: ReputationRules,
): readonly NetworkFinding[] {
  const { risk_score: mode } = modes;
  const wouldBe = scoreOf(contributions);
  if (mode === 'off' || wouldBe <= stepUpAbove) return [];
  const isOver = score > stepUpAbove;
  const message = isOver
    ? `the risk score is ${score}, above ${stepUpAbove}`
    : `with what is in shadow the risk score would be ${wouldBe}, above ${stepUpAbove}`;
  return [{ code: 'risk_score', mode: isOver ? mode : 'shadow', consequence: 'challenge', message }];
}
