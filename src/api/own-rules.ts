/**
 * The merchant's own rules, asked of an attempt that a backend asks about. The caller vouches for what it says of it.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import type { Finding } from '../decision/reason.ts';
import { ruleFindings } from '../decision/rule-findings.ts';
import type { Facts } from '../expression/facts.ts';
import { ruleFaults } from '../journal/rule-faults.ts';
import type { Risk } from '../network/risk.ts';
import type { Tables } from '../network/tables.ts';
import type { ApiAttempt } from './schemas.ts';
import { factsOfSaid } from './weighing.ts';

interface Asked {
  readonly attempt: Attempt;
  readonly policy: Policy;
  readonly tables: Tables;
  readonly risk: Risk | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/** What the rules say that need no gate, and what the others will be asked of; nothing where there are none. */
export interface OwnWord {
  readonly findings: readonly Finding[];
  readonly facts?: Facts;
}

const NO_WORD: OwnWord = { findings: [] };

export function askOwnRules(said: ApiAttempt, { attempt, policy, tables, risk, now }: Asked): OwnWord {
  const { rules, merchant, mode } = policy;
  if (rules === null || mode === 'off') return NO_WORD;
  const facts = factsOfSaid(said, attempt, { tables, risk, now, asks: rules.facts });
  const findings = ruleFindings(rules.early, facts, ruleFaults(merchant, now));
  return rules.late.length === 0 ? { findings } : { findings, facts };
}
