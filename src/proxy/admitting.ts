/**
 * Asks the gate about the attempts of one request: one call, whatever there is to ask.
 */

import { withoutDeadEnds } from '../decision/dead-end.ts';
import type { LeaseStake } from '../decision/lease-lifting.ts';
import { liftByItems } from '../decision/list-lifting.ts';
import { hopedFor, type Listing } from '../decision/listing.ts';
import type { Finding } from '../decision/reason.ts';
import { type Clearing, clearedStrength } from '../decision/step-up.ts';
import type { Facts } from '../expression/facts.ts';
import type { ShownPass } from '../gate/challenge-messages.ts';
import type { Admission, AdmitRequest } from '../gate/gate-messages.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import * as calls from '../gate/text-calls.ts';
import type { Hit } from '../lists/item.ts';
import type { Risk } from '../network/risk.ts';
import type { PassFault } from '../step-up/shown-pass.ts';
import type { Verdict } from '../velocity/admission.ts';
import { payerMarks } from '../velocity/payer-marks.ts';
import { mayDemand, type Touch } from '../velocity/touch.ts';
import type { Tried } from './attempt-reader.ts';
import { type Guarding, gatesOf } from './guarding.ts';
import { askLease, knownConfig, type LeaseWord, liftedFindings } from './leasing.ts';

/** An attempt as it is judged: what it touches, and what is known before the gate is asked. */
export interface Judged {
  readonly tried: Tried;
  readonly id: string;
  readonly touches: readonly Touch[];
  readonly guest: boolean;
  readonly cards: readonly string[];
  readonly early: readonly Finding[];
  /** The blocks among them. */
  readonly known: readonly Verdict[];
  readonly risk: Risk | undefined;
  /** What the merchant's rules are asked of once the gate has answered; absent where none waits for that. */
  readonly facts?: Facts;
  /** What becomes of a challenge among its findings. */
  readonly clearing: Clearing;
  /** The pass that it came with, where that is good as far as is known here. */
  readonly pass?: ShownPass;
  /** What is wrong with the pass that it came with. */
  readonly passFault?: PassFault;
  /** What of its findings hangs on a lease of the address. */
  readonly stake: LeaseStake;
  /** The lease that holds the address. */
  readonly lease?: string;
  /** What the lists are asked about it; absent where they are empty. */
  readonly listing?: Listing;
  /** The items of the allow list that speak for it. */
  readonly allowed?: readonly Hit[];
  /** What the whole request uses its session with, at the one that asks. */
  readonly visit?: NonNullable<AdmitRequest['visit']>;
}

/** What the gate said: one admission for each that asked, and the lease that holds the address. */
export interface Asked {
  readonly admissions: readonly Admission[];
  readonly lease: string | null;
}

export type GateWord = Asked | 'stale_config' | 'unavailable';

/** Of requests that touch no counter. */
export async function askAlone(guarding: Guarding, question: LeaseQuestion | undefined): Promise<GateWord> {
  const word: LeaseWord = question === undefined ? { lease: null } : await askLease(guarding, question);
  return typeof word === 'string' ? word : { admissions: [], lease: word.lease };
}

/** An admission for each of `asking`. */
export async function admit(
  guarding: Guarding,
  asking: readonly Judged[],
  lease: LeaseQuestion | undefined,
): Promise<GateWord> {
  const { policy } = guarding.inForce;
  const config = knownConfig(guarding);
  const underLease = lease === undefined ? {} : { lease };
  const requests = asking.map((one, index): AdmitRequest => {
    const { id, tried, guest, cards, visit, pass, listing, clearing } = one;
    const touches = withoutDeadEnds(one.touches, policy.velocity, clearing);
    const asked = { evaluation: id, touches, guest, cards, reservationMs: policy.reservationMs, config };
    if (isPlain(guarding, one, lease)) return asked;
    const { nonce } = index === 0 ? guarding : NO_NONCE;
    const listed = listing === undefined ? {} : { lists: listing.question };
    const sealed = tried.seal === undefined || index > 0 ? NOTHING : { seal: tried.seal };
    const signed = nonce === null ? {} : { nonce };
    const further = { ...(visit === undefined ? {} : { visit }), ...signed, ...sealed, ...listed };
    const shown = pass === undefined ? underLease : { ...underLease, pass };
    return { ...asked, ...goesOn(tried), ...knownOf(guarding, one), ...further, ...shown, ...clearedOf(one) };
  });
  const answer = await calls.admit(gatesOf(guarding), policy, requests);
  if (answer.kind === 'unavailable') return 'unavailable';
  const { value: admissions } = answer;
  if (admissions.some(({ kind }) => kind === 'stale_config')) return 'stale_config';
  return { admissions, lease: lease === undefined ? null : leaseIn(admissions) };
}

/** Most say nothing but what every attempt says: what could come besides is not looked for one by one. */
function isPlain({ nonce }: Guarding, one: Judged, lease: LeaseQuestion | undefined): boolean {
  const { tried, early, risk, visit, pass, listing, touches } = one;
  const isUnasked = (visit ?? pass ?? listing ?? lease ?? tried.continues ?? tried.seal) === undefined;
  return isUnasked && nonce === null && early.length === 0 && risk === undefined && mayDemand(touches) === 0;
}

/** What a challenge means that the gate finds; of an attempt that touches no such counter nothing. */
function clearedOf({ touches, clearing }: Judged): Pick<AdmitRequest, 'cleared'> {
  const cleared = mayDemand(touches) === 0 ? 0 : clearedStrength(clearing);
  return cleared === 0 ? NOTHING : { cleared };
}

const NOTHING = {};

function leaseIn(admissions: readonly Admission[]): string | null {
  return admissions.map((one) => ('lease' in one ? one.lease : undefined)).find((it) => it !== undefined) ?? null;
}

const NO_NONCE: Pick<Guarding, 'nonce'> = { nonce: null };

/** For whoever asks before the answer is there; of most attempts nothing. Who needs a lease is admitted under one only. */
function knownOf(
  guarding: Guarding,
  { early: found, risk, stake, clearing, listing }: Judged,
): Pick<AdmitRequest, 'known'> {
  const leased = stake === 'passage' ? liftedFindings(guarding, found) : found;
  const early = listing?.stake === 'passage' ? liftByItems(leased, hopedFor(listing)) : leased;
  return early.length === 0 && risk === undefined ? {} : { known: JSON.stringify({ early, risk, clearing }) };
}

function goesOn({ continues, isTyped, attempt }: Tried): Pick<AdmitRequest, 'continues' | 'isTyped' | 'payer'> {
  return continues === undefined ? {} : { continues, isTyped, payer: payerMarks(attempt) };
}
