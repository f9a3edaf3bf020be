// One campaign in the trade of its days, under several configurations: what of it was kept from the processor, and what
// became of those who mean well on the same days.

import type { Policy } from '../../src/config/policy.ts';
import { Replay } from '../../src/replay/replay.ts';
import { readReplayLine } from '../../src/replay/replay-line.ts';
import { attacks } from './attacks.ts';
import { type Campaign, daysOf, firstDay, isAttack } from './calendar.ts';
import { dayMs, lineOf } from './try.ts';

/** Of one kind of payers. */
export interface Fate {
  attempts: number;
  /** Of those that the processor would have let through. */
  payments: number;
  /** Kept from the processor: blocked, or challenged in vain. */
  stopped: number;
  challenged: number;
  blockedPayments: number;
  /** Payments that the processor let through. */
  paid: number;
}

/** What came of a trial under one configuration. */
export interface Outcome {
  readonly testers: Fate;
  readonly good: Fate;
  /** Of the good, who came for the sale. */
  readonly sale: Fate;
}

export interface Trial {
  /** Null: a quiet day. */
  readonly campaign: Campaign | null;
  readonly seed: number;
  readonly scale: number;
}

/** Days of trade before, so that there is a normal to compare with. */
const daysBefore = 7;
/** Longer than what makes a history clean. */
const pastDays = 90;

/** In the order of the policies. */
export async function run({ campaign, seed, scale }: Trial, policies: readonly Policy[]): Promise<readonly Outcome[]> {
  const lasts = campaign !== null && isAttack(campaign) ? Math.ceil(attacks[campaign].lastsMs / dayMs) : 1;
  const only = campaign === null ? [] : [campaign];
  const plan = { seed, scale, pastDays, days: daysBefore + lasts, quietDays: daysBefore, only, start: firstDay };
  const replays = policies.map((policy) => new Replay(policy));
  const outcomes = policies.map((): Outcome => ({ testers: noFate(), good: noFate(), sale: noFate() }));
  for (const tries of daysOf(plan)) {
    for (const one of tries) {
      const read = readReplayLine(lineOf(one));
      if (!read.ok) throw new Error(read.fault);
      for (const [index, replay] of replays.entries()) {
        const { evaluation, afterChallenge, isThrough } = await replay.next(read.line);
        const outcome = outcomes[index];
        if (outcome === undefined || one.at < firstDay + daysBefore * dayMs) continue;
        for (const fate of fatesOf(one.label, outcome)) {
          const wouldPay = one.outcome.status === 'succeeded';
          fate.attempts += 1;
          if (wouldPay) fate.payments += 1;
          if (!isThrough) fate.stopped += 1;
          if (evaluation.decision === 'challenge') fate.challenged += 1;
          if (wouldPay && (afterChallenge ?? evaluation).decision === 'block') fate.blockedPayments += 1;
          if (wouldPay && isThrough) fate.paid += 1;
        }
      }
    }
  }
  return outcomes;
}

function fatesOf(label: string, { testers, good, sale }: Outcome): readonly Fate[] {
  if (isAttack(label)) return [testers];
  return label === 'sale' ? [good, sale] : [good];
}

/** Several trials of one thing as one. */
export function sum(fates: readonly Fate[]): Fate {
  const whole = noFate();
  for (const fate of fates) for (const name of Object.keys(whole) as (keyof Fate)[]) whole[name] += fate[name];
  return whole;
}

function noFate(): Fate {
  return { attempts: 0, payments: 0, stopped: 0, challenged: 0, blockedPayments: 0, paid: 0 };
}
