/**
 * What a merchant's own rules say of an attempt. Pure. A rule that has no result (a division by zero, a number beyond the
 * safe integers) decides nothing, and says so beside the other reasons.
 */
import { type Expression, truthOf } from '../expression/expression.ts';
import type { Facts } from '../expression/facts.ts';
import type { Finding } from './reason.ts';

export interface MerchantRule extends Pick<Finding, 'mode'> {
  readonly name: string;
  readonly expression: Expression;
  readonly then: 'block' | 'challenge' | 'review';
  /** Of a challenge: how strong the step-up must be. */
  readonly strength?: number;
}

/** A merchant's rules: `late` are those that ask what the gate counts. */
export interface RuleSet {
  readonly early: readonly MerchantRule[];
  readonly late: readonly MerchantRule[];
  /** Which facts they ask for, as `ip.country`. */
  readonly facts: ReadonlySet<string>;
}

/** One finding for each rule that holds. `faulty` is told the name of each that has no result. */
export function ruleFindings(
  rules: readonly MerchantRule[],
  facts: Facts,
  faulty: (rule: string) => void,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const truth = truthOf(rule.expression, facts);
    if (truth === 'holds') findings.push(findingOf(rule));
    if (truth !== 'faulty') continue;
    findings.push({ code: 'custom_rule', rule: rule.name, mode: 'shadow', consequence: 'allow', message: NO_RESULT });
    faulty(rule.name);
  }
  return findings;
}

const NO_RESULT = 'the rule has no result for this attempt: a division by zero, or a number that is too large';

/** Whether a challenge may be found once the gate has answered. */
export function mayChallengeLate(rules: RuleSet | null): boolean {
  return rules?.late.some(({ then, mode }) => then === 'challenge' && mode === 'enforce') ?? false;
}

function findingOf({ name, then, mode, strength }: MerchantRule): Finding {
  const finding = { code: 'custom_rule', rule: name, mode, consequence: then, message: 'the rule holds' } as const;
  return strength === undefined ? finding : { ...finding, strength };
}

/** What each velocity rule counts: the most, where one looks at several keys. What was not asked is not known. */
export function countsByRule(
  counts: readonly { readonly rule: string; readonly count: number | null }[],
): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const { rule, count } of counts) {
    if (count !== null) most.set(rule, Math.max(count, most.get(rule) ?? 0));
  }
  return most;
}
