/**
 * What the lists say of an attempt: an item of the deny list refuses it, one of the allow list sets aside what its kind
 * may, and never a counter of the guard. Pure.
 */
import { type Hit, type ItemType, type Listed, type Power, powerOf, speaksForPayer } from '../lists/item.ts';
import { isStopped } from './evaluation.ts';
import { LIFTED_BY_LEASE } from './lease-lifting.ts';
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

/** What hangs on the allow list. `enough`: of which powers items must be there for the attempt to go on. */
export type AllowStake =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reasons' }
  | { readonly kind: 'passage'; readonly enough: readonly (readonly Power[])[] };

const NOTHING: AllowStake = { kind: 'nothing' };

/** `types`: of the items that may speak for this payer. Whom something else stops none helps. */
export function allowStake(findings: readonly Finding[], types: Iterable<ItemType>, clearing: Clearing): AllowStake {
  if (findings.length === 0) return NOTHING;
  const powers = [...new Set([...types].map(powerOf))].filter((power) => findings.some((one) => lifts(power, one)));
  if (powers.length === 0) return NOTHING;
  if (!isStopped(findings, clearing)) return { kind: 'reasons' };
  const enough = subsetsOf(powers).filter((some) => !isStopped(without(findings, some), clearing));
  return enough.length === 0 ? NOTHING : { kind: 'passage', enough: enough.filter((set) => isLeast(set, enough)) };
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

function isLeast(set: readonly Power[], among: readonly (readonly Power[])[]): boolean {
  return !among.some((other) => other.length < set.length && other.every((power) => set.includes(power)));
}
