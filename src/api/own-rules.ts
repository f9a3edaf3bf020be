/**
 * The merchant's own rules, asked of an attempt that a backend asks about.
 */
import type { Policy } from '../config/policy.ts';
import type { Finding } from '../decision/reason.ts';
import { ruleFindings } from '../decision/rule-findings.ts';
import type { Facts } from '../expression/facts.ts';
import { ruleFaults } from '../journal/rule-faults.ts';

/** What the rules say that need no gate, and what the others will be asked of; nothing where there are none. */
export interface OwnWord {
  readonly findings: readonly Finding[];
  readonly facts?: Facts;
}

/** `now` in ms since the epoch. */
export function askOwnRules(facts: Facts | undefined, { rules, merchant }: Policy, now: number): OwnWord {
  if (rules === null || facts === undefined) return NO_WORD;
  const findings = ruleFindings(rules.early, facts, ruleFaults(merchant, now));
  return rules.late.length === 0 ? { findings } : { findings, facts };
}

const NO_WORD: OwnWord = { findings: [] };
