/**
 * The merchant's own rules, asked of an attempt that a backend asks about. The caller vouches for what it says of it.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { factsOf } from '../decision/attempt-facts.ts';
import type { Finding } from '../decision/reason.ts';
import { ruleFindings } from '../decision/rule-findings.ts';
import type { Facts } from '../expression/facts.ts';
import { ruleFaults } from '../journal/rule-faults.ts';
import type { Risk } from '../network/risk.ts';
import type { Tables } from '../network/tables.ts';
import type { ApiAttempt } from './schemas.ts';
import { provenanceOf } from './weighing.ts';

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

export function askOwnRules(said: ApiAttempt, { attempt, policy, tables, risk, now }: Asked): OwnWord {
  const { rules, merchant, mode } = policy;
  if (rules === null || mode === 'off') return NO_WORD;
  const beside = {
    route: null,
    provenance: provenanceOf(said, tables),
    emailDomain: domainOf(said.email),
    // The caller says which session it was, or nothing: that there was none it does not say.
    session: attempt.session === null ? null : { isPresent: true, bornAt: null },
    risk,
    now,
    asks: rules.facts,
  };
  const facts = factsOf(attempt, beside);
  const findings = ruleFindings(rules.early, facts, ruleFaults(merchant, now));
  return rules.late.length === 0 ? { findings } : { findings, facts };
}

const NO_WORD: OwnWord = { findings: [] };

function domainOf(email: string | undefined): string | null {
  const at = email?.lastIndexOf('@') ?? -1;
  const domain = at < 0 ? '' : (email?.slice(at + 1) ?? '');
  return domain === '' ? null : domain.toLowerCase();
}
