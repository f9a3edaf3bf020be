/**
 * The merchant's own rules, asked of an attempt: most of them before the gate is, those that name counts by its answer.
 */
import { factsOf } from '../decision/attempt-facts.ts';
import { liftByItems } from '../decision/list-lifting.ts';
import type { Finding } from '../decision/reason.ts';
import { countsByRule, ruleFindings } from '../decision/rule-findings.ts';
import type { Facts } from '../expression/facts.ts';
import { countsOf } from '../journal/rule-counts.ts';
import { ruleFaults } from '../journal/rule-faults.ts';
import type { Risk } from '../network/risk.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Judged } from './admitting.ts';
import type { Tried } from './attempt-reader.ts';
import { offeredAnew } from './clearing.ts';
import type { Guarding } from './guarding.ts';

/** What the rules say that need no gate, and what the others will be asked of; nothing where there are none. */
export interface OwnWord {
  readonly findings: readonly Finding[];
  readonly facts?: Facts;
}

const NO_WORD: OwnWord = { findings: [] };

/** What expressions may ask of the attempt; undefined where there are none. */
export function factsOfTried(guarding: Guarding, tried: Tried, risk: Risk | undefined): Facts | undefined {
  const { asks } = guarding.inForce.policy;
  return asks === null ? undefined : factsIn(guarding, tried, { asks, risk });
}

export function askOwnRules(guarding: Guarding, facts: Facts | undefined): OwnWord {
  const { rules, merchant } = guarding.inForce.policy;
  if (rules === null || facts === undefined) return NO_WORD;
  const findings = ruleFindings(rules.early, facts, ruleFaults(merchant, guarding.now));
  return rules.late.length === 0 ? { findings } : { findings, facts };
}

/** What the gate said of the counters. */
export interface Counted {
  readonly verdicts: readonly Verdict[];
  readonly counted: readonly number[] | null;
}

/** The attempt with what the rules say that name counts; null: the gate said nothing of any. */
export function withLateRules(guarding: Guarding, one: Judged, answer: Counted | null): Judged {
  const { rules, merchant } = guarding.inForce.policy;
  if (rules === null || one.facts === undefined) return one;
  const told = answer === null ? [] : countsOf(one.touches, answer.verdicts, answer.counted);
  const facts = { ...one.facts, counts: countsByRule(told) };
  const found = ruleFindings(rules.late, facts, ruleFaults(merchant, guarding.now));
  const standing = liftByItems(found, one.allowed ?? []);
  return found.length === 0 ? one : offeredAnew(guarding, { ...one, early: [...one.early, ...standing] });
}

interface Asked {
  readonly asks: ReadonlySet<string>;
  readonly risk: Risk | undefined;
}

function factsIn(
  { inForce, route, now, sessionBornAt }: Guarding,
  { kind, attempt, provenance }: Tried,
  { asks, risk }: Asked,
): Facts {
  // Where nobody reads sessions, or no browser sends one, nobody knows of one.
  const mayHaveSession = inForce.policy.session !== null && attempt.kind !== 'renewal' && route.access === 'shopper';
  const session = mayHaveSession ? { isPresent: attempt.session !== null, bornAt: sessionBornAt ?? null } : null;
  const emailDomain = attempt.email?.domain ?? null;
  const beside = { route: route.name, provenance, emailDomain, session, risk, now, asks };
  const facts = factsOf(attempt, beside);
  return kind === 'attempt' ? facts : { ...facts, attempt: { ...facts.attempt, kind: 'attachment' } };
}
