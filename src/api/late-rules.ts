/**
 * What is put on record once the gate has spoken, before anybody is answered: what the merchant's own rules find that name
 * counts, and the challenge for him whom only the gate's word has brought as far as one. Who is stopped gives his place up.
 */

import type { Policy } from '../config/policy.ts';
import { type Decision, isStopped } from '../decision/evaluation.ts';
import { liftByItems } from '../decision/list-lifting.ts';
import type { Finding } from '../decision/reason.ts';
import { countsByRule, ruleFindings } from '../decision/rule-findings.ts';
import type { Amendment } from '../gate/amendment.ts';
import type { StoredEvaluation } from '../gate/gate-messages.ts';
import { countsOf } from '../journal/rule-counts.ts';
import { ruleFaults } from '../journal/rule-faults.ts';
import type { Tables } from '../network/tables.ts';
import type { Touch } from '../velocity/touch.ts';
import { clearQuestion, mayBeAsked, type Question } from './clearing.ts';
import { factsUnder, inMode } from './judging.ts';
import type { ApiAttempt } from './schemas.ts';
import { asRecorded, evaluationOf, type Recorded, recordedIn } from './stored-evaluations.ts';

export interface Late {
  readonly said: ApiAttempt;
  readonly question: Question;
  readonly touches: readonly Touch[];
  readonly policy: Policy;
  readonly tables: Tables;
}

/** How the evaluation is to be amended; null: not at all. The same for a repeat, whose answer may not differ. */
export async function amendmentOf(stored: StoredEvaluation, late: Late): Promise<Amendment | null> {
  const { policy, question } = late;
  const { rules, mode, version } = policy;
  const mayChange = (rules !== null && rules.late.length > 0) || mayBeAsked(question, policy);
  if (!mayChange || mode === 'off') return null;
  const by = recordedIn(stored);
  const isOfAnother = by.occasion.configVersion !== version.hash;
  if (by.isAmended === true || isOfAnother) return null;
  const found = isStopped(by.early, by.occasion) ? [] : lateFindings(stored, by, late);
  if (found.length === 0 && !isUnoffered(stored, by)) return null;
  const early = [...asRecorded(stored).early, ...found];
  const known = [...by.early, ...liftByItems(found, stored.listed?.allow ?? [])];
  const { evaluation } = stored;
  const cleared = await clearQuestion({ ...question, evaluation, early: known, pass: undefined }, policy);
  const occasion = { ...by.occasion, ...cleared.clearing };
  const record = (clearing: object) =>
    JSON.stringify({ early, occasion: { ...occasion, ...clearing }, isAmended: true } satisfies Recorded);
  const { decision } = evaluationOf({ ...stored, record: record({}) });
  const amendment = { evaluation, record: record({}), isRefused: REFUSALS.includes(decision) };
  const { challenge, ifShut } = cleared;
  if (decision !== 'challenge' || challenge === undefined) return amendment;
  return { ...amendment, challenge, recordIfShut: record(ifShut ?? {}) };
}

const REFUSALS: readonly Decision[] = ['challenge', 'block'];

/** Whether he is challenged, and was not expected to be: something blocked him that the gate has set aside. */
function isUnoffered(stored: StoredEvaluation, { occasion: { stepUp } }: Recorded): boolean {
  return stepUp?.kind === 'offered' && stepUp.at === null && evaluationOf(stored).decision === 'challenge';
}

/** By what was known when it was first asked. */
function lateFindings(stored: StoredEvaluation, { occasion }: Recorded, late: Late): readonly Finding[] {
  const { said, question, touches, policy, tables } = late;
  const { risk, now } = occasion;
  const facts = factsUnder(said, question.attempt, { policy, tables, risk, now });
  if (facts === undefined || policy.rules === null) return [];
  const counts = countsByRule(countsOf(touches, stored.verdicts, null));
  const found = ruleFindings(policy.rules.late, { ...facts, counts }, ruleFaults(policy.merchant, now));
  return found.map((finding) => inMode(finding, policy));
}
