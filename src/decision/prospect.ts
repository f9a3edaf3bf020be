/**
 * How far an attempt may come, before the gate has said which lease holds its address and which items of the allow list
 * speak for it. In front of a checkout and in the API the gate is asked by the same words. Pure.
 */
import { answeringFinding, isStopped } from './evaluation.ts';
import type { Finding } from './reason.ts';
import type { Clearing } from './step-up.ts';

/**
 * What hangs on something that sets findings aside. `passage`: without it the attempt is refused. `challenge`: without it
 * refused, with it asked for a challenge. `reasons`: it goes on, with other reasons or none.
 */
export type Stake = 'nothing' | 'reasons' | 'challenge' | 'passage';

/** `left`: what of the findings stands when it is there. Whom something else blocks it does not help. */
export function stakeIn(findings: readonly Finding[], left: readonly Finding[], clearing: Clearing): Stake {
  if (left.length === findings.length) return 'nothing';
  if (!isStopped(left, clearing)) return isStopped(findings, clearing) ? 'passage' : 'reasons';
  const leads = answer(findings, clearing) === 'block' && answer(left, clearing) === 'challenge';
  return leads ? 'challenge' : 'nothing';
}

function answer(findings: readonly Finding[], clearing: Clearing): Finding['consequence'] | undefined {
  return answeringFinding(findings, clearing)?.consequence;
}

/**
 * `passage`: it is let in, unless the gate finds something. `challenge`: it is not, but what it is told the gate alone
 * knows; nothing is counted of it. `settled`: what was found decides, whatever the gate knows.
 */
export type Prospect = 'passage' | 'challenge' | 'settled';

/** `stakes`: what hangs on a lease, and on the allow list. */
export function prospectOf(early: readonly Finding[], clearing: Clearing, stakes: readonly Stake[]): Prospect {
  if (stakes.includes('passage') || !isStopped(early, clearing)) return 'passage';
  return stakes.includes('challenge') ? 'challenge' : 'settled';
}
