/**
 * Asking before a payment and telling after it: the shapes, and what a decision means when Cordon cannot be asked.
 */
import { CordonError } from './cordon-error.ts';
import { type Line, pathOf } from './line.ts';

/** At least one of `number`, `fingerprint` (the processor's) and `token`; several together say that they are one card. */
export interface Card {
  readonly number?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly token?: string | undefined;
  readonly bin?: string | undefined;
  readonly country?: string | undefined;
}

/** What the caller knows of an attempt, and vouches for. `ip` is needed, but for a renewal. */
export interface Attempt {
  readonly ip?: string | undefined;
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
  readonly card?: Card | undefined;
  readonly customer_id?: string | undefined;
  readonly email?: string | undefined;
  readonly session_id?: string | undefined;
  readonly device_id?: string | undefined;
  readonly user_agent?: string | undefined;
  /** In the currency's minor unit. */
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
  readonly billing_country?: string | undefined;
  /** IANA's name, of the payer's device. */
  readonly time_zone?: string | undefined;
  readonly kind?: 'payment' | 'setup' | 'renewal' | undefined;
}

export interface EvaluationRequest {
  readonly merchant: string;
  readonly attempt: Attempt;
  readonly pass?: string | undefined;
}

export const DECISIONS = ['allow', 'review', 'challenge', 'block'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface Reason {
  readonly code: string;
  readonly rule?: string | undefined;
  readonly message: string;
  readonly mode: 'enforce' | 'shadow';
}

/** What a risk score is made of. */
export interface Risk {
  /** 0 to 1: the share of the sources that answered. */
  readonly confidence: number;
  /** The heaviest first; one in `shadow` is no part of the score. */
  readonly contributions: readonly {
    readonly source: string;
    readonly score: number;
    readonly message: string;
    readonly mode: 'enforce' | 'shadow';
  }[];
  readonly silent: readonly { readonly source: string; readonly reason: string }[];
}

export interface Evaluation {
  readonly id: string;
  readonly merchant: string;
  readonly decision: Decision;
  readonly risk_score: number;
  readonly risk_level: 'normal' | 'elevated' | 'highest' | 'not_assessed';
  /** Null while no source of risk is configured. */
  readonly risk: Risk | null;
  readonly reasons: readonly Reason[];
  readonly request_3ds: boolean;
  readonly challenge: { readonly url: string; readonly methods: readonly string[]; readonly expires_at: string } | null;
  readonly reservation: { readonly expires_at: string } | null;
  readonly retry_after_seconds: number | null;
  readonly mode: 'enforce' | 'shadow' | 'off';
  readonly config_version: string;
  readonly created_at: string;
}

export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'pending' | 'unknown';
  /** Only with `failed`; a word that Cordon does not know counts as `other`. */
  readonly decline_reason?: string | undefined;
  readonly processor_payment_id?: string | undefined;
  /** The processor's fingerprint of the card, once it told it. */
  readonly card_fingerprint?: string | undefined;
}

export interface ToldEvaluation extends Evaluation {
  readonly outcome: {
    readonly status: string;
    readonly decline_reason: string | null;
    readonly decline_code: string | null;
    readonly processor_payment_id: string | null;
    readonly contradicted: boolean;
    readonly settled_at: string;
  } | null;
  /** `dispute`, `fraud_warning`, `refund`, `processor_block`. */
  readonly labels: readonly { readonly label: string; readonly labelled_at: string }[];
}

/** What an attempt meets while Cordon cannot be asked. There is no default: whoever integrates decides. */
export type OnUnreachable = 'block' | 'allow' | 'throw';

/** A decision, and whose it is. */
export type Verdict =
  | { readonly kind: 'evaluated'; readonly decision: Decision; readonly evaluation: Evaluation }
  /** Cordon could not be asked, so `onUnreachable` decided. There is nothing to report to. */
  | { readonly kind: 'unreachable'; readonly decision: 'block' | 'allow'; readonly error: CordonError };

/** Whether the attempt may go to the processor. */
export function mayProceed({ decision }: Verdict): boolean {
  return decision === 'allow' || decision === 'review';
}

export class Evaluations {
  readonly #line: Line;
  readonly #onUnreachable: OnUnreachable;

  constructor(line: Line, onUnreachable: OnUnreachable) {
    this.#line = line;
    this.#onUnreachable = onUnreachable;
  }

  async evaluate(request: EvaluationRequest, idempotencyKey?: string): Promise<Verdict> {
    try {
      const evaluation = await this.#ask(request, idempotencyKey);
      return { kind: 'evaluated', decision: evaluation.decision, evaluation };
    } catch (error) {
      const isUnreachable = error instanceof CordonError && error.isUnreachable;
      if (!isUnreachable || this.#onUnreachable === 'throw') throw error;
      return { kind: 'unreachable', decision: this.#onUnreachable, error };
    }
  }

  async tell(id: string): Promise<ToldEvaluation> {
    return this.#line.send({ method: 'GET', path: pathOf('evaluations', id), isRepeatable: true });
  }

  /** The same outcome again changes nothing, so a lost answer is asked for again. */
  async report(id: string, outcome: Outcome): Promise<ToldEvaluation> {
    const path = pathOf('evaluations', id, 'outcome');
    return this.#line.send({ method: 'POST', path, body: outcome, isRepeatable: true });
  }

  // Without a key, a second evaluation would hold a second place.
  async #ask(request: EvaluationRequest, idempotencyKey?: string): Promise<Evaluation> {
    const evaluation = await this.#line.send<Partial<Evaluation>>({
      method: 'POST',
      path: pathOf('evaluations'),
      body: request,
      headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      isRepeatable: idempotencyKey !== undefined,
    });
    if (isEvaluation(evaluation)) return evaluation;
    throw new CordonError({ kind: 'foreign_answer', status: 200 });
  }
}

// A decision that this version does not know must not be mistaken for a yes.
function isEvaluation(it: Partial<Evaluation> | null): it is Evaluation {
  return typeof it?.id === 'string' && DECISIONS.some((decision) => decision === it.decision);
}
