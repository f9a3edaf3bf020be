/**
 * What becomes of findings that ask for a challenge: asked of the payer, met by what he has passed, or whatever the
 * merchant's fallback says. Pure; which methods there are for whom is settled before (step-up/).
 */
import { LEAST_STRENGTH } from '../velocity/touch.ts';
import type { Finding } from './reason.ts';

/** A challenge as the payer is told of it. */
export interface Offer {
  readonly url: string;
  /** By name, in the merchant's order. */
  readonly methods: readonly string[];
  /** RFC 3339. */
  readonly expires_at: string;
}

/** Why a payer is offered nothing. */
export type NoOffer =
  | 'not_configured'
  /** None of the methods is for this payer, this route or what is demanded. */
  | 'none_fits';

/** What there is for this payer. */
export type StepUp =
  | { readonly kind: 'none'; readonly because: NoOffer }
  /** `at`: null where nobody will see it, as under a merchant in shadow. */
  | { readonly kind: 'offered'; readonly methods: readonly string[]; readonly at: Omit<Offer, 'methods'> | null }
  /** The processor does it: the attempt goes on, and asks for 3-D Secure. */
  | { readonly kind: 'request_3ds' }
  /** Several payments in one request: a pass is for one. */
  | { readonly kind: 'several_attempts' }
  /** Too many challenges were asked for and left unanswered. */
  | { readonly kind: 'shut' };

/** A challenge that this payer has passed for this very attempt. */
export interface Passed {
  readonly method: string;
  readonly strength: number;
}

export interface Clearing {
  /** What becomes of a challenge that no method can run: `step_up.fallback`. */
  readonly challengeFallback: 'block' | 'review' | 'allow';
  /** Absent: no step-up is configured. */
  readonly stepUp?: StepUp | undefined;
  /** What this payer has passed for this attempt; absent: nothing. */
  readonly passed?: Passed | undefined;
}

export function strengthOf({ strength = LEAST_STRENGTH }: Finding): number {
  return strength;
}

/** The strength that passes all that is asked for; 0 where nothing is. */
export function demandedStrength(findings: readonly Finding[], passed?: Passed): number {
  const asked = findings.filter((one) => one.mode === 'enforce' && one.consequence === 'challenge');
  const open = asked.filter((one) => !isMet(one, passed));
  return open.reduce((most, one) => Math.max(most, strengthOf(one)), 0);
}

/** More than any finding may demand. */
const EVERY_STRENGTH = 99;

/** Up to which strength a challenge stops this payer no more, by the same words as `cleared`; 0: each does. */
export function clearedStrength({ stepUp = NOT_CONFIGURED, passed, challengeFallback: fallback }: Clearing): number {
  const goesOn = stepUp.kind === 'request_3ds' || (stepUp.kind === 'none' && fallback !== 'block');
  const isWorthless = passed?.method === UNREACHABLE && fallback === 'block';
  return goesOn ? EVERY_STRENGTH : isWorthless ? 0 : (passed?.strength ?? 0);
}

/** Under attack each answer costs a tester's machines so many times as much; a buyer's, seconds. */
export const EFFORT_UNDER_ATTACK = 4;

/** How many times as hard a challenge is to be as the risk asks for, by what was found. */
export function effortOf(found: readonly { readonly code: string; readonly mode: Finding['mode'] }[]): number {
  const isUnderAttack = found.some(({ code, mode }) => code === 'attack_mode' && mode === 'enforce');
  return isUnderAttack ? EFFORT_UNDER_ATTACK : 1;
}

/** A finding as it stands once it is known what becomes of a challenge. Any other stays what it is. */
export function cleared(finding: Finding, clearing: Clearing): Finding {
  if (finding.consequence !== 'challenge') return finding;
  const { stepUp = NOT_CONFIGURED, passed, challengeFallback: fallback } = clearing;
  if (isMet(finding, passed))
    return passed?.method === UNREACHABLE ? unreached(finding, fallback) : met(finding, passed);
  switch (stepUp.kind) {
    case 'offered':
      return finding;
    case 'request_3ds':
      return became('allow', finding, '3-D Secure is asked for');
    case 'shut':
      return became('block', finding, 'too many challenges were left unanswered');
    case 'none':
      return became(fallback, finding, `${WHY[stepUp.because]}, fallback: ${fallback}`);
    // No fallback: whoever is challenged could choose it, by asking for two at once.
    case 'several_attempts':
      return became('block', finding, 'several payments in one request cannot be challenged');
  }
}

const WHY: Readonly<Record<NoOffer, string>> = {
  not_configured: 'no step-up is configured',
  none_fits: 'no step-up can be offered',
};

/** The name of a pass that was given because no method could be run: it is worth what the fallback is. */
export const UNREACHABLE = 'unreachable';

const NOT_CONFIGURED: StepUp = { kind: 'none', because: 'not_configured' };

function met(finding: Finding, passed: Passed | undefined): Finding {
  return became('allow', finding, `passed: ${passed?.method}`);
}

function unreached(finding: Finding, fallback: Clearing['challengeFallback']): Finding {
  return became(fallback, finding, `no step-up could be reached, fallback: ${fallback}`);
}

function isMet(finding: Finding, passed: Passed | undefined): boolean {
  return passed !== undefined && passed.strength >= strengthOf(finding);
}

function became(consequence: Finding['consequence'], finding: Finding, word: string): Finding {
  return { ...finding, consequence, message: `${finding.message}; ${word}` };
}
