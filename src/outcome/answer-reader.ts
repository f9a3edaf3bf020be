/**
 * Reads an outcome out of the origin's answer, by the route's patterns: failed, succeeded, pending, then unknown.
 * What fits no pattern is `unmatched` (failed unless configured), except 5xx, which is an outage and counts nowhere.
 */
import { holdsCardNumber } from '../attempt/card-number.ts';
import { type FieldLookup, type Scalar, textAt } from '../attempt/fields.ts';
import { type Places, placesOf } from '../attempt/reading-rules.ts';
import { declineReasonFrom } from './decline-codes/decline-reasons.ts';
import { fitsLanding, type Landing, type LandingPattern, readLanding } from './landing.ts';
import type { Outcome, OutcomeStatus } from './outcome.ts';
import type { Processor } from './processor-event.ts';

export interface AnswerPattern {
  readonly status?: readonly number[] | undefined;
  /** JSON Pointer → values, one of which must stand there. */
  readonly json?: Readonly<Record<string, readonly Scalar[]>> | undefined;
  /** Where the answer leads; one of them must fit. */
  readonly location?: readonly LandingPattern[] | undefined;
}

export interface OutcomeRules {
  readonly failed: readonly AnswerPattern[];
  readonly succeeded: readonly AnswerPattern[];
  readonly pending: readonly AnswerPattern[];
  /** Answers to what never reached an issuer: a form filled in wrongly, a cart that is empty. */
  readonly unknown?: readonly AnswerPattern[] | undefined;
  readonly unmatched: OutcomeStatus;
  readonly declineReason?: Places | undefined;
  readonly paymentId?: Places | undefined;
  readonly cardFingerprint?: Places | undefined;
  readonly cardToken?: Places | undefined;
  /** Where the JSON tells the page to go to, as `Location` would. */
  readonly location?: Places | undefined;
  /** By whose table decline codes are read; null: every table's. */
  readonly processor: Processor | null;
}

export interface Answer {
  readonly status: number;
  /** The answer's JSON; null when it is none, or too long to be held. */
  readonly fields: FieldLookup | null;
  /** What was asked for, and the redirect's `Location`; absent where no pattern looks at them. */
  readonly redirect?: { readonly from: Pick<URL, 'href'>; readonly location: string | null };
}

const NAME_LIMIT = 128;

/** Whether anything is looked for in an answer's JSON: the outcome, or the names of payment and card. */
export function needsJson({ failed, succeeded, pending, unknown = [], ...named }: OutcomeRules): boolean {
  const names = [named.paymentId, named.cardFingerprint, named.cardToken, named.location];
  return (
    names.some((pointer) => pointer !== undefined) ||
    [...failed, ...succeeded, ...pending, ...unknown].some(({ json }) => json !== undefined)
  );
}

export function readAnswer(answer: Answer, rules: OutcomeRules): Outcome {
  const status = statusOf(answer, rules);
  const fields = answer.fields ?? new Map<string, Scalar>();
  // A payment's id is kept as it is. Of a card's names only digests are, and many a long token begins like all others.
  const nameAt = (places: Places | undefined) => keepable(firstText(fields, places));
  return {
    status,
    declineReason:
      status === 'failed' ? declineReasonFrom(firstText(fields, rules.declineReason), rules.processor) : null,
    paymentId: paymentIdOf(firstText(fields, rules.paymentId)),
    cardFingerprint: nameAt(rules.cardFingerprint),
    cardToken: nameAt(rules.cardToken),
  };
}

/** A payment's id as it is kept. */
export function paymentIdOf(text: string | null): string | null {
  return keepable(text?.slice(0, NAME_LIMIT) || null);
}

/** A pointer that was set wrong may lead to what must not be kept. */
function keepable(name: string | null): string | null {
  return name === null || holdsCardNumber(name, '') ? null : name;
}

/** What stands in the first of the places where anything does: an error has its ids elsewhere than a success. */
export function firstText(fields: FieldLookup, places: Places | undefined): string | null {
  return placesOf(places).reduce<string | null>((found, pointer) => found ?? textAt(fields, pointer), null);
}

function statusOf(answer: Answer, rules: OutcomeRules): OutcomeStatus {
  const landing = landingOf(answer, rules);
  const fits = (pattern: AnswerPattern) => matches(answer, landing, pattern);
  if (rules.failed.some(fits)) return 'failed';
  const mayHide = mayHideFailure(answer, rules);
  const tells = (pattern: AnswerPattern) => (!mayHide || pattern.location !== undefined) && fits(pattern);
  if (rules.succeeded.some(tells)) return 'succeeded';
  if (rules.pending.some(tells)) return 'pending';
  if (rules.unknown?.some(tells)) return 'unknown';
  return answer.status >= 500 ? 'unknown' : rules.unmatched;
}

/**
 * Where a failure is told in JSON, an answer without any tells nothing, for whoever asked may have asked for that; but
 * where a redirect leads, it tells.
 */
function mayHideFailure({ fields }: Answer, { failed }: OutcomeRules): boolean {
  return fields === null && failed.some(({ json }) => json !== undefined);
}

/** The answer's own `Location`, or the page that its JSON tells a script to go to. */
export function landingOf(
  { redirect, fields }: Answer,
  { location: places }: Pick<OutcomeRules, 'location'>,
): Landing | null {
  if (redirect === undefined) return null;
  const told = fields === null ? null : firstText(fields, places);
  return readLanding(redirect.location ?? told, redirect.from);
}

function matches({ status, fields }: Answer, landing: Landing | null, pattern: AnswerPattern): boolean {
  if (pattern.status !== undefined && !pattern.status.includes(status)) return false;
  if (
    pattern.location !== undefined &&
    !(landing !== null && pattern.location.some((one) => fitsLanding(landing, one)))
  )
    return false;
  return Object.entries(pattern.json ?? {}).every(([pointer, values]) => {
    const value = fields?.get(pointer);
    return values.some((one) => one === value);
  });
}
