/**
 * An attempt as it stands before anything is counted: what is found against it, and which counters it touches.
 */
import { factsUnder, inMode, touchesUnder } from '../api/judging.ts';
import { networkFindings, provenanceOf } from '../api/weighing.ts';
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import type { Finding } from '../decision/reason.ts';
import { ruleFindings } from '../decision/rule-findings.ts';
import type { Facts } from '../expression/facts.ts';
import { type Gathered, gather } from '../network/reputation.ts';
import type { Risk } from '../network/risk.ts';
import { NOTHING_WEIGHED, type Weighed, weigh } from '../network/risk-findings.ts';
import type { Tables } from '../network/tables.ts';
import type { Touch } from '../velocity/touch.ts';
import type { ReplayLine } from './replay-line.ts';

export interface Case {
  readonly attempt: Attempt;
  readonly early: readonly Finding[];
  readonly risk: Risk | undefined;
  /** What expressions may ask; undefined where there are none. */
  readonly facts: Facts | undefined;
  readonly now: number;
  readonly touches: readonly Touch[];
}

interface Under {
  readonly policy: Policy;
  readonly tables: Tables;
}

export function caseOf(line: ReplayLine, attempt: Attempt, { policy, tables }: Under): Case {
  const now = line.at;
  if (policy.mode === 'off') return { attempt, early: [], risk: undefined, facts: undefined, now, touches: [] };
  const network = networkFindings(line.attempt, attempt.whence, { policy, tables });
  const { risk, findings } = weighed(line, attempt, { policy, tables });
  const facts = factsUnder(line.attempt, attempt, { policy, tables, risk, now });
  const own = facts === undefined ? [] : ruleFindings(policy.rules?.early ?? [], facts, toldToNobody);
  const early = [...network, ...findings, ...own].map((finding) => inMode(finding, policy));
  return {
    attempt,
    early,
    risk,
    facts,
    now,
    touches: touchesUnder(attempt, policy, { said: line.attempt, tables, facts }),
  };
}

/** Nobody is asked that would have to be waited for. */
function weighed({ attempt: said, at: now }: ReplayLine, { whence }: Attempt, { policy, tables }: Under): Weighed {
  const { reputation } = policy;
  if (reputation === null || whence === null) return NOTHING_WEIGHED;
  const asking = { sources: { tables, providers: new Map() }, asker: policy, now, afterwards: () => {} };
  const gathered = gather(whence, { ...reputation, providers: [] }, asking) as Gathered;
  return weigh(gathered, { whence, provenance: provenanceOf(said, tables), tables }, reputation);
}

/** A rule without a result is a finding already. */
export const toldToNobody = (): void => {};
