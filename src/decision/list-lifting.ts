/**
 * What the lists say of an attempt: an item of the deny list refuses it, one of the allow list sets aside what its kind
 * may, and never a counter of the guard. Pure.
 */
import { type Hit, type ItemType, type Listed, type Power, powerOf, speaksForPayer } from '../lists/item.ts';
import { isStopped } from './evaluation.ts';
import { LIFTED_BY_LEASE } from './lease-lifting.ts';
import { type Stake, stakeIn } from './prospect.ts';
import type { Finding } from './reason.ts';
import type { Clearing } from './step-up.ts';

/** What may ask for a challenge by who the payer is, and not by what he has done: a counter's word stands. */
const LIFTED_AS_CHALLENGE: readonly string[] = ['attack_mode', 'custom_rule', 'no_session'];

/** Whatever stands here an item of that power sets aside. */
export const LIFTED: Readonly<Record<Power, readonly string[]>> = {
  address: LIFTED_BY_LEASE,
  network: ['asn', 'hosting'],
  country: ['country', 'country_unknown', 'tor'],
  payer: ['country_mismatch', 'risk_score'],
};

/** One finding for each type that an item of the deny list names him by. */
export function denyFindings({ deny }: Pick<Listed, 'deny'>, mode: Finding['mode']): readonly Finding[] {
  return deny.map(({ type, reason }) => {
    return { code: 'list', rule: type, consequence: 'block', mode, message: `${type} on the deny list: ${reason}` };
  });
}

/** The findings under items of the allow list: those that they lift stay on record and decide nothing. */
export function liftByItems(findings: readonly Finding[], allow: readonly Hit[]): readonly Finding[] {
  if (allow.length === 0) return findings;
  return findings.map((finding): Finding => {
    const hit = allow.find(({ type }) => lifts(powerOf(type), finding));
    if (hit === undefined || finding.consequence === 'allow') return finding;
    const message = `${finding.message}; lifted by the allow list (${hit.type})`;
    return { ...finding, consequence: 'allow', mode: 'shadow', message };
  });
}

/**
 * What hangs on the allow list. `enough`: of which powers items must be there for the attempt to go on, and where a lease
 * is there as well that is not enough by itself.
 */
export type AllowStake =
  | { readonly kind: Exclude<Stake, 'passage'> }
  | {
      readonly kind: 'passage';
      readonly enough: readonly (readonly Power[])[];
      readonly enoughIfLeased?: readonly (readonly Power[])[];
    };

/** What is found against an attempt, and what becomes of a challenge in it. */
export interface Standing {
  readonly early: readonly Finding[];
  readonly clearing: Clearing;
  /** The findings as a lease would leave them; absent where none is asked for. */
  readonly leased?: readonly Finding[] | undefined;
}

const NOTHING: AllowStake = { kind: 'nothing' };

/** `types`: of the items that may speak for this payer. */
export function allowStake({ early, clearing, leased = [] }: Standing, types: Iterable<ItemType>): AllowStake {
  if (early.length === 0) return NOTHING;
  const powers = [...new Set([...types].map(powerOf))].filter((power) => early.some((one) => lifts(power, one)));
  if (powers.length === 0) return NOTHING;
  if (!isStopped(early, clearing)) return { kind: 'reasons' };
  const sets = subsetsOf(powers);
  const enough = leastOf(sets.filter((some) => !isStopped(without(early, some), clearing)));
  const together = isStopped(leased, clearing) ? sets : [];
  const enoughIfLeased = leastOf(together.filter((some) => !isStopped(without(leased, some), clearing)));
  if (enoughIfLeased.length > 0) return { kind: 'passage', enough, enoughIfLeased };
  if (enough.length > 0) return { kind: 'passage', enough };
  const leads = sets.some((some) => stakeIn(early, without(early, some), clearing) === 'challenge');
  return leads ? { kind: 'challenge' } : NOTHING;
}

function without(findings: readonly Finding[], powers: readonly Power[]): readonly Finding[] {
  return findings.filter((finding) => !powers.some((power) => lifts(power, finding)));
}

function lifts(power: Power, { code, consequence }: Finding): boolean {
  if (LIFTED[power].includes(code)) return true;
  return consequence === 'challenge' && speaksForPayer(power) && LIFTED_AS_CHALLENGE.includes(code);
}

/** There are four powers: sixteen subsets at most. */
function subsetsOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: 1 << all.length }, (_, bits) => all.filter((_, index) => (bits >> index) % 2 === 1));
}

/** Those that hold no other. */
function leastOf(sets: readonly (readonly Power[])[]): readonly (readonly Power[])[] {
  const isLeast = (set: readonly Power[]) =>
    !sets.some((other) => other.length < set.length && other.every((power) => set.includes(power)));
  return sets.filter(isLeast);
}
