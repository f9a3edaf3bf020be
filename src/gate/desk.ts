/**
 * The gate's side of the API: who may, what is put on record, and what is told again. Judging and counting are the
 * book's. Times are ms since the epoch.
 */
import { isChallenged } from '../velocity/admission.ts';
import type { Admissions, Answered } from './admissions.ts';
import type { Amendment } from './amendment.ts';
import type { Attempts, KnownAttempt } from './attempts.ts';
import type { Book } from './book.ts';
import type { PassUse } from './challenge-messages.ts';
import type { Challenges } from './challenges.ts';
import type {
  Caller,
  Evaluated,
  EvaluateRequest,
  NotLetIn,
  Report,
  Reported,
  Scope,
  StoredEvaluation,
  Told,
} from './gate-messages.ts';
import type { KeyRing } from './key-ring.ts';
import type { Labels } from './labels.ts';
import type { Ledger } from './ledger.ts';
import { isEnough } from './lists.ts';
import type { Register } from './register.ts';

interface Rooms {
  readonly ledger: Ledger;
  readonly book: Book;
  readonly admissions: Admissions;
  readonly register: Register;
  readonly keys: KeyRing;
  readonly challenges: Challenges;
  readonly attempts: Attempts;
  readonly labels: Labels;
}

const EXPIRED = {
  status: 'unknown',
  declineReason: null,
  declineCode: null,
  paymentId: null,
  contradicted: false,
} as const;
/** What may lift what stood against an attempt. */
interface Lifting {
  readonly lease: string | undefined;
  readonly pass: PassUse | undefined;
  /** A counter asks for a challenge that was not passed. */
  readonly isChallenged: boolean;
  /** Denied, or let in by an item of the allow list: nothing is asked of him. */
  readonly isListed: boolean;
}

const REFUSED: Extract<Answered, { kind: 'refused' }> = { kind: 'refused', verdicts: [] };

export class Desk {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** Judges an attempt and puts it on record, unless the idempotency key was used for it before. */
  evaluate(request: EvaluateRequest, now: number): Exclude<Evaluated, { kind: 'stale_config' }> {
    const { keys, register } = this.#rooms;
    const { caller, idempotency } = request.recording;
    const refusal = keys.refuse(caller, 'evaluate');
    if (refusal !== null) return refusal;
    const used = idempotency === null ? null : register.usedKey(idempotency.key, now);
    if (used !== null)
      return used.payload === idempotency?.payload ? this.#again(used.evaluation, now) : { kind: 'other_payload' };
    const judged = this.#judge(request, now);
    if (request.recording.asksAgain === true && judged.pass === 'used') return { kind: 'pass_used' };
    const { lease, pass, listed, verdicts } = judged;
    const isListed = isSettledBy(request, judged);
    const { evaluation, guest, reservationMs, cards = [] } = request;
    const isAdmitted = judged.kind === 'admitted';
    const places = isAdmitted ? judged.places : [];
    const reservedUntil = isAdmitted ? judged.reservedUntil : null;
    const isAsked = isChallenged(verdicts, request.cleared);
    const record = this.#recordOf(request.recording, { lease, pass, isListed, isChallenged: isAsked }, now);
    const known = { evaluation, record, verdicts, places, guest, reservedUntil, reservationMs, cards, createdAt: now };
    const entry = listed === undefined ? known : { ...known, listed };
    register.put(entry);
    if (idempotency !== null) register.putUsedKey({ ...idempotency, evaluation, expiresAt: now + idempotency.keptMs });
    const told = lease === undefined ? {} : { lease };
    return { kind: 'evaluated', isRepeat: false, stored: storedOf(entry, null, []), ...told };
  }

  /** Who was refused before is judged all the same where a lease or a pass may lift what stood against him. */
  #judge(request: EvaluateRequest, now: number): Exclude<Answered, { kind: 'unleased' }> {
    const mayBeLifted = request.lease?.isNeeded === true || (request.pass ?? request.lists?.enough) !== undefined;
    if (request.recording.isRefused && !mayBeLifted)
      return { ...REFUSED, ...this.#rooms.admissions.told(request, now) };
    const judged = this.#rooms.admissions.admit(request, now, true);
    if (judged.kind === 'unleased') return { ...judged, ...REFUSED };
    const isUsed = judged.kind === 'refused' && judged.pass === 'used';
    const { isRefused, asksAgain } = request.recording;
    const needsNone = asksAgain !== true && (request.pass?.isLate === true || !isRefused);
    return isUsed && needsNone ? this.#judgeUnpassed(request, now) : judged;
  }

  /** Nothing known before would have asked for the pass: without it the counters say what becomes of the attempt. */
  #judgeUnpassed(request: EvaluateRequest, now: number): Exclude<Answered, { kind: 'unleased' }> {
    const { pass: _, cleared: __, ...bare } = request;
    const { clearedUnpassed: cleared } = request.recording;
    const judged = this.#rooms.admissions.admit(cleared === undefined ? bare : { ...bare, cleared }, now, true);
    return judged.kind === 'unleased' ? { ...judged, ...REFUSED } : { ...judged, pass: 'used' };
  }

  /** Whoever is asked for a challenge is counted in the same step. */
  #recordOf(recording: EvaluateRequest['recording'], lifting: Lifting, now: number): string {
    const { record, recordIfLeased = record, recordIfPassed = record, recordIfShut = record, challenge } = recording;
    const { recordIfLeasedAndPassed = recordIfLeased } = recording;
    const { lease, pass, isListed } = lifting;
    const isStopped = recording.isRefused && lease === undefined && pass !== 'good' && !isListed;
    const isAsked = challenge !== undefined && (isStopped || lifting.isChallenged);
    if (isAsked && !this.#rooms.challenges.ask(challenge, now).isAsked) return recordIfShut;
    if (pass === 'good') return lease === undefined ? recordIfPassed : recordIfLeasedAndPassed;
    return isListed || lease === undefined ? record : recordIfLeased;
  }

  /** Decides an evaluation anew; what goes no further gives its place up, as if it had taken none. */
  amend(amendment: Amendment, now: number): StoredEvaluation | null {
    const { register, challenges, book } = this.#rooms;
    const { evaluation, record, recordIfShut = record, challenge, isRefused } = amendment;
    const entry = register.get(evaluation);
    if (entry === null) return null;
    const isShut = challenge !== undefined && !challenges.ask(challenge, now).isAsked;
    if (isRefused) book.giveUp([{ evaluation }]);
    const place = isRefused ? { places: [], reservedUntil: null } : {};
    const amended = { ...entry, ...place, record: isShut ? recordIfShut : record };
    register.put(amended);
    return this.#stored(amended, now);
  }

  /** Settles an evaluation by the word of the API's caller, whoever asked for it: the API or the checkout's route. */
  report({ caller, evaluation, tellsInFlight = false, ...word }: Report, now: number): Reported {
    const { keys, register, book, attempts } = this.#rooms;
    const refusal = keys.refuse(caller, 'report');
    if (refusal !== null) return refusal;
    const attempt = attempts.find(evaluation);
    if (attempt === null) return { kind: register.get(evaluation) === null ? 'unknown_evaluation' : 'was_refused' };
    const { reservedUntil: _, record: __, row, ...kept } = attempt;
    // Its time was over before this word came: a place that was given back is not taken again.
    book.endIfOver(attempt, now);
    const settled = book.settle({ ...kept, ...word, evaluation }, now);
    const found = row === undefined ? this.#find(evaluation, now) : this.#stored(row, now);
    const stored = found ?? (tellsInFlight ? this.#inFlight(attempt, now) : null);
    return stored === null ? { kind: 'unknown_evaluation' } : { ...settled, stored };
  }

  tell(evaluation: string, caller: Caller, now: number): Told {
    // Whoever may ask or report may look.
    const refusal = this.refuse(caller, 'evaluate') && this.refuse(caller, 'report');
    if (refusal !== null) return refusal;
    const stored = this.#find(evaluation, now);
    return stored === null ? { kind: 'unknown_evaluation' } : { kind: 'told', stored };
  }

  refuse(caller: Caller, scope: Scope): NotLetIn | null {
    return this.#rooms.keys.refuse(caller, scope);
  }

  #again(evaluation: string, now: number): Exclude<Evaluated, { kind: 'stale_config' }> {
    const stored = this.#find(evaluation, now);
    return stored === null ? { kind: 'other_payload' } : { kind: 'evaluated', isRepeat: true, stored };
  }

  /** An evaluation that can be told: the API's from its row, a checkout's once its answer came. */
  #find(evaluation: string, now: number): StoredEvaluation | null {
    const { register, ledger } = this.#rooms;
    const entry = register.get(evaluation);
    if (entry !== null) return this.#stored(entry, now);
    const { record } = ledger.keptAttempt(evaluation) ?? {};
    return record === undefined ? null : this.#stored({ evaluation, record, verdicts: [], reservedUntil: null }, now);
  }

  /** A checkout's attempt whose answer is still to come: what it was is told with that. */
  #inFlight({ evaluation, found: { known = '{}', verdicts = [] } = {} }: KnownAttempt, now: number): StoredEvaluation {
    return { ...this.#stored({ evaluation, record: '', verdicts, reservedUntil: null }, now), known };
  }

  /** A reservation that is over without a word has become `unknown`, whether or not anybody wrote that down. */
  #stored(known: Omit<StoredEvaluation, 'outcome' | 'labels'>, now: number): StoredEvaluation {
    const { evaluation, reservedUntil } = known;
    const isOver = reservedUntil !== null && reservedUntil <= now;
    const expired = isOver ? { ...EXPIRED, settledAt: reservedUntil } : null;
    const outcome = this.#rooms.ledger.storedOutcome(evaluation) ?? expired;
    return storedOf(known, outcome, this.#rooms.labels.of(evaluation));
  }
}

function storedOf(
  { evaluation, record, verdicts, listed, reservedUntil }: Omit<StoredEvaluation, 'outcome' | 'labels'>,
  outcome: StoredEvaluation['outcome'],
  labels: StoredEvaluation['labels'],
): StoredEvaluation {
  const told = { evaluation, record, verdicts, reservedUntil, outcome, labels };
  return listed === undefined ? told : { ...told, listed };
}

/** Whether the lists have the last word on what he is asked for. */
function isSettledBy({ lists }: EvaluateRequest, { kind, listed }: Exclude<Answered, { kind: 'unleased' }>): boolean {
  if (listed === undefined || lists === undefined) return false;
  if (lists.isEnforced && listed.deny.length > 0) return true;
  return lists.enough !== undefined && kind === 'admitted' && isEnough(lists.enough, listed);
}
