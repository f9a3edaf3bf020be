/**
 * What Worker and gate say to each other. Old and new code may run side by side: shapes here only grow.
 * A settlement carries its places, so that no count depends on what the object still remembers.
 */

import type { ListQuestion } from '../lists/item.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Reuse, Visited } from '../velocity/session-use.ts';
import type { Touch } from '../velocity/touch.ts';
import type { AskedChallenge, PassUse, ShownPass } from './challenge-messages.ts';
import type { KnownConfig } from './config-messages.ts';
import type { StoredLabel } from './labels.ts';
import type { LeaseQuestion, LeaseTold } from './lease-messages.ts';
import type { ListsTold } from './list-messages.ts';
import type { Nonce, NonceUse, Seal } from './nonce-messages.ts';

/** Who calls the API. The gate knows its merchant's keys, so that a key is checked and revoked in the same step. */
export type Caller =
  | { readonly kind: 'admin' }
  | { readonly kind: 'key'; readonly id: string; readonly secretHash: string };

export const SCOPES = ['evaluate', 'report', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];

/** `unauthorized`: no such key, or not any more. `forbidden`: the key lacks the scope. */
export type NotLetIn = { readonly kind: 'unauthorized' } | { readonly kind: 'forbidden' };

/** What the API asks beyond an admission: it is put on record, so that it survives this object and can be told again. */
export interface Recording {
  readonly caller: Caller;
  /** What was known before the gate judged; opaque here. */
  readonly record: string;
  /** That was enough to refuse the attempt: it is put on record and takes no place. */
  readonly isRefused: boolean;
  /** What is put on record instead where a lease holds the address; then that was no reason to refuse. */
  readonly recordIfLeased?: string;
  /** The same where its pass was good. */
  readonly recordIfPassed?: string;
  /** The same where both hold. */
  readonly recordIfLeasedAndPassed?: string;
  /** Where the pass was used before nothing is judged or put on record: whoever asks asks again as if none had come. */
  readonly asksAgain?: true;
  /** By a Worker that does not: of a pass that only the gate's own findings ask for, what `cleared` is without it. */
  readonly clearedUnpassed?: number;
  /** What is put on record instead where too many challenges are unanswered. */
  readonly recordIfShut?: string;
  /** The challenge that the attempt is asked for, where none of that holds. */
  readonly challenge?: AskedChallenge;
  /** Keyed digests, and how long the key is remembered. */
  readonly idempotency: { readonly key: string; readonly payload: string; readonly keptMs: number } | null;
}

export interface AdmitRequest {
  readonly evaluation: string;
  readonly touches: readonly Touch[];
  readonly guest: boolean;
  readonly reservationMs: number;
  readonly config: KnownConfig;
  /** The card's fingerprint under each fingerprint key, the current one first; absent where no card was read. */
  readonly cards?: readonly string[];
  /** An item of the allow list speaks for him: the gate's own word, when it has looked. */
  readonly isSpokenFor?: boolean;
  /** Other names of that card, by the word of somebody who is believed. */
  readonly alsoKnownAs?: readonly string[];
  /** The processor's id of the payment that it says it goes on with: a client's word. */
  readonly continues?: string;
  /** Whether a stranger can name the card as well as its owner. */
  readonly isTyped?: boolean;
  /** Whether a lease holds the address is told with the admission. */
  readonly lease?: LeaseQuestion;
  /** Its payer's marks (velocity/payer-marks.ts); absent where it goes on with nothing. */
  readonly payer?: readonly string[];
  /** What is known before the gate is asked; opaque here, and absent where that is nothing. */
  readonly known?: string;
  /** What is looked up on the deny and allow lists; absent where they are empty. */
  readonly lists?: ListQuestion;
  /** What the request's signature must not have used before. Of several attempts of one request the first brings it. */
  readonly nonce?: Nonce;
  /** The id of what it came sealed in. Of several attempts of one request the first brings it. */
  readonly seal?: Seal;
  /** The pass that it comes with, where it needs one. What it needs besides is asked as it stands with the pass. */
  readonly pass?: ShownPass;
  /** Up to which strength a challenge that a counter asks for does not stop it; absent: each does. */
  readonly cleared?: number;
  /** How its session is used, where that is limited; `isRefused`: whoever uses it for more is refused. */
  readonly visit?: Visited & { readonly isRefused: boolean };
}

export interface EvaluateRequest extends AdmitRequest {
  readonly recording: Recording;
}

export type Admission =
  /** Nothing was judged: the gate knows a newer configuration. */
  | { readonly kind: 'stale_config' }
  /** Nothing was judged: a lease or an item of the allow list was needed, and there is none. */
  | ({ readonly kind: 'unleased' } & ListsTold)
  /** Without verdicts where he is denied, or the nonce was used before, and that alone is enough. */
  | ({ readonly kind: 'refused' } & JudgementTold)
  | ({
      readonly kind: 'admitted';
      /** The touches under which the attempt holds a place; the settlement brings them back. */
      readonly places: readonly Touch[];
      readonly reservedUntil: number;
      /** The attempt that waited for its payer, whose place this request has taken over. */
      readonly evaluation?: string;
    } & JudgementTold);

/** Of an attempt that was judged, let in or not. */
export interface JudgementTold extends LeaseTold, ListsTold {
  readonly verdicts: readonly Verdict[];
  /** What each touched counter holds, in their order: failures, then attempts in flight. Absent where none does. */
  readonly counted?: readonly number[];
  readonly nonce?: NonceUse;
  /** As of a pass. */
  readonly seal?: NonceUse;
  /** Absent where none was shown, and of a gate of the release before: then none is honoured. */
  readonly pass?: PassUse;
  /** Of what the session was used with more than may be; absent where it was not. */
  readonly reuse?: readonly Reuse[];
}

export type Evaluated =
  | NotLetIn
  | Extract<Admission, { kind: 'stale_config' }>
  /** The idempotency key was used before with another payload. */
  | { readonly kind: 'other_payload' }
  /** Told to who `asksAgain`. */
  | { readonly kind: 'pass_used' }
  /** On record, now or since the idempotency key was first used. */
  | ({ readonly kind: 'evaluated'; readonly isRepeat: boolean; readonly stored: StoredEvaluation } & LeaseTold);

/** An evaluation of the API as it can be told again. */
export interface StoredEvaluation {
  readonly evaluation: string;
  /** Empty for an attempt that is in flight: there is what was `known` before the gate was asked. */
  readonly record: string;
  readonly known?: string;
  readonly verdicts: readonly Verdict[];
  /** What the lists said of it; absent where they were not asked. */
  readonly listed?: ListsTold['listed'];
  /** ms since the epoch; null where the attempt was refused. */
  readonly reservedUntil: number | null;
  readonly outcome: StoredOutcome | null;
  readonly labels: readonly StoredLabel[];
}

export interface StoredOutcome {
  readonly status: Word['status'];
  readonly declineReason: string | null;
  /** The processor's own code. */
  readonly declineCode: string | null;
  readonly paymentId: string | null;
  readonly contradicted: boolean;
  readonly settledAt: number;
}

/** What the gate must know of an attempt to count a word about it, whenever that comes. */
export interface Kept {
  readonly places: readonly Touch[];
  readonly guest: boolean;
  readonly reservationMs: number;
  /** As in an `AdmitRequest`. */
  readonly cards?: readonly string[];
  /** What the evaluation can be told from again; opaque here. */
  readonly record?: string;
  /** As in an `AdmitRequest`. */
  readonly visit?: Visited | undefined;
  /** As in an `AdmitRequest`, of an attempt that may be gone on with. */
  readonly payer?: readonly string[] | undefined;
  /** Of an attempt that is in flight, and has no record yet. */
  readonly found?: Found;
}

/** Why an attempt was let through, as far as that has to be said. */
export interface Found {
  /** As in an `AdmitRequest`. */
  readonly known?: string;
  /** Those of its counters that were not open. */
  readonly verdicts?: readonly Verdict[];
}

/** What somebody says of an attempt. */
export interface Word {
  readonly status: 'succeeded' | 'failed' | 'pending' | 'unknown';
  readonly declineReason?: string | null;
  /** The processor's own code. */
  readonly declineCode?: string | null;
  readonly paymentId?: string | null;
  /** The processor's id of the single try that this is about. */
  readonly tryId?: string | null;
  /** Under which of the processor's ids later words may come; none where no processor reports to Cordon. */
  readonly links?: readonly string[];
  /** Other names of the attempt's card. */
  readonly alsoKnownAs?: readonly string[];
}

export interface Settlement extends Kept, Word {
  readonly evaluation: string;
  /** The request that had taken over the attempt's place. */
  readonly takenBy?: string | undefined;
  /** As in an `AdmitRequest`, by one that was turned away: what it may have taken over is given back. */
  readonly continues?: string;
  /** `Kept` as a text, to be put on record with the outcome; absent for an evaluation that has a row of its own. */
  readonly keptText?: string;
  /** Whether one of its places counts attempts: then every first word counts. */
  readonly countsAttempts?: true | undefined;
}

/** What became of a request: the outcome of each attempt, and names that turned out to be of one card. */
export interface Closing {
  readonly settlements: readonly Settlement[];
  readonly joins: readonly (readonly string[])[];
}

/**
 * `exists`: the same outcome again. `contradicts`: another final outcome stands, nothing was changed. `late_failure`: it
 * contradicts too, and was counted and marked.
 */
export type Settled = { readonly kind: 'recorded' | 'exists' | 'contradicts' | 'late_failure' };

/** An outcome that the API reports: the evaluation on record knows the rest. */
export interface Report extends Word {
  readonly evaluation: string;
  readonly caller: Caller;
  /** Whether the caller can tell an evaluation without a record. */
  readonly tellsInFlight?: boolean;
}

/** What a processor says of a try to pay. Its signature was checked; which attempt it means is the gate's to find. */
export interface ProcessorWord {
  /** The processor and its id of the event. */
  readonly event: string;
  readonly word: Word | null;
  readonly labels: readonly string[];
  readonly evaluation: string | null;
  readonly paymentIds: readonly string[];
  readonly tryId: string | null;
  /** The processor's fingerprint of the card, under each fingerprint key. */
  readonly cards: readonly string[];
  /** ms since the epoch. */
  readonly occurredAt: number | null;
  /** Whose payment it is, a client has said: only an attempt from this address that waits for its payer is meant. */
  readonly onlyFrom?: string;
  /** A failure is kept though nothing can be counted by it yet: whoever turns out to be meant has failed. */
  readonly isKept?: boolean;
  /** For a failure of nobody's attempt: an id to count it under, and what it touches by what the event itself tells. */
  readonly stranger: { readonly evaluation: string } & Kept;
}

/**
 * `stranger`: a failure that no attempt is known for was counted where it carries enough. `ignored`: nothing to count.
 * `evaluation`: whose it was. `failures`: tries of this payment that are known to have failed.
 */
export interface Heard {
  readonly kind: Settled['kind'] | 'stranger' | 'labelled' | 'ignored';
  readonly evaluation: string | null;
  readonly failures: number;
}

export type Reported =
  | NotLetIn
  | { readonly kind: 'unknown_evaluation' }
  /** The attempt was refused: whatever became of it, Cordon did not let it go on. */
  | { readonly kind: 'was_refused' }
  | (Settled & { readonly stored: StoredEvaluation });

export type Told =
  | NotLetIn
  | { readonly kind: 'unknown_evaluation' }
  | { readonly kind: 'told'; readonly stored: StoredEvaluation };
