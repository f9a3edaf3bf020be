/**
 * Evaluations for backends: asked before the processor is, told what became of them after.
 */
import { namesOf, type Whence } from '../attempt/attempt.ts';
import { digest } from '../attempt/card-fingerprint.ts';
import { noticeAttack } from '../config/attack-notice.ts';
import type { Environment } from '../config/environment.ts';
import type { InForce, Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { withoutDeadEnds } from '../decision/dead-end.ts';
import { type Evaluation, evaluate, isStopped } from '../decision/evaluation.ts';
import { leaseStake } from '../decision/lease-lifting.ts';
import { type Asking, type Listing, listingOf } from '../decision/listing.ts';
import type { Finding } from '../decision/reason.ts';
import { mayChallengeLate } from '../decision/rule-findings.ts';
import type { Clearing } from '../decision/step-up.ts';
import { merchantOf, newEvaluationId, timeOf } from '../gate/evaluation-id.ts';
import { askGate } from '../gate/gate-client.ts';
import type { Caller, Evaluated, Reported, StoredEvaluation, Told, Word } from '../gate/gate-messages.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import * as calls from '../gate/text-calls.ts';
import type { Journal } from '../journal/journal.ts';
import type { Risk } from '../network/risk.ts';
import { canonicalDeclineReason } from '../outcome/outcome.ts';
import { mayDemand } from '../velocity/touch.ts';
import { clearQuestion } from './clearing.ts';
import { clearedOf, clearedUnpassed, passIn, recordIfLeased, recordsIfCleared } from './conditional-records.ts';
import { attemptOf, cardOfFingerprint } from './identities.ts';
import { factsUnder, inMode, occasionOf, touchesUnder } from './judging.ts';
import { amendmentOf, type Late } from './late-rules.ts';
import { askOwnRules } from './own-rules.ts';
import { recordEvaluation, recordOutcome } from './recording.ts';
import type { ApiAttempt, OutcomeRequest } from './schemas.ts';
import { evaluationOf, findingsOf, type Recorded, recordedIn } from './stored-evaluations.ts';
import { asksProviders, networkFindings, weighAsked } from './weighing.ts';

type Afterwards = (work: Promise<unknown>) => void;

interface Moment {
  readonly now: number;
  readonly afterwards: Afterwards;
}

export interface Asked {
  readonly merchant: string;
  readonly attempt: ApiAttempt;
  readonly pass: string | undefined;
  /** Where the question came to: name, and port where it has one. */
  readonly host: string;
  readonly caller: Caller;
  /** The header's value and the body it came with. */
  readonly idempotency: { readonly key: string; readonly payload: string } | null;
}

export type Answered =
  | Exclude<Evaluated, { kind: 'stale_config' | 'evaluated' }>
  | { readonly kind: 'unknown_merchant' | 'unavailable' }
  | { readonly kind: 'evaluated'; readonly evaluation: Evaluation };

const IDEMPOTENCY_KEPT_MS = 86_400_000;

export class Evaluations {
  readonly #environment: Environment;
  readonly #policies: Policies;
  readonly #journal: Journal;

  constructor(environment: Environment, policies: Policies, journal: Journal) {
    this.#environment = environment;
    this.#journal = journal;
    this.#policies = policies;
  }

  async create(asked: Asked, afterwards: Afterwards): Promise<Answered> {
    const now = Date.now();
    const inForce = await this.#policies.ofMerchant(asked.merchant, now, afterwards);
    if (inForce === null) return unknownTo(asked.caller, 'unknown_merchant');
    const answered = await this.#evaluate(asked, inForce, { now, afterwards });
    if (answered !== 'stale_config') return answered;
    const subject = { kind: 'merchant', name: asked.merchant } as const;
    const newer = await this.#policies.refresh(subject, inForce, now);
    if (newer === null) return unknownTo(asked.caller, 'unknown_merchant');
    const second = await this.#evaluate(asked, newer, { now, afterwards });
    return second === 'stale_config' ? { kind: 'unavailable' } : second;
  }

  /** The evaluation on record, or who may not see it; null when its gate does not answer. */
  async tell(id: string, caller: Caller, afterwards: Afterwards): Promise<Told | null> {
    const inForce = await this.#ofEvaluation(id, afterwards);
    if (inForce === null) return unknownTo(caller, 'unknown_evaluation');
    const told = await askGate(this.#environment.gates, inForce.policy, (gate) => gate.tell(id, caller));
    return told.kind === 'answered' ? told.value : null;
  }

  async report(id: string, outcome: OutcomeRequest, caller: Caller, afterwards: Afterwards): Promise<Reported | null> {
    const inForce = await this.#ofEvaluation(id, afterwards);
    if (inForce === null) return unknownTo(caller, 'unknown_evaluation');
    const { policy } = inForce;
    const report = { ...(await wordOf(outcome, policy)), evaluation: id, caller, tellsInFlight: true };
    const reported = await calls.report(this.#environment.gates, policy, report);
    if (reported.kind !== 'answered') return null;
    const { value } = reported;
    if (!('stored' in value)) return value;
    if (value.kind !== 'contradicts') {
      const { merchant } = policy;
      recordOutcome({ merchant, id, outcome: value.stored.outcome }, { journal: this.#journal, afterwards });
    }
    return { ...value, stored: withRecord(value.stored, policy) };
  }

  async #ofEvaluation(id: string, afterwards: Afterwards): Promise<InForce | null> {
    const merchant = merchantOf(id);
    return merchant === null ? null : this.#policies.ofMerchant(merchant, Date.now(), afterwards);
  }

  async #evaluate(asked: Asked, { policy }: InForce, { now, afterwards }: Moment): Promise<Answered | 'stale_config'> {
    const notLetIn = asksProviders(policy) ? await this.#refuse(asked.caller, policy) : null;
    if (notLetIn !== null) return notLetIn;
    const { attempt, others, alsoKnownAs } = await attemptOf(asked.attempt, policy);
    const { sources } = this.#environment;
    if (policy.tables !== null) await sources.tables.prepare(policy.tables, now, afterwards);
    const network = networkFindings(asked.attempt, attempt.whence, { policy, tables: sources.tables });
    const { risk, findings } = await weighAsked(asked.attempt, attempt.whence, { policy, sources, now, afterwards });
    const facts = factsUnder(asked.attempt, attempt, { policy, tables: sources.tables, risk, now });
    const own = askOwnRules(facts, policy, now);
    const found = policy.mode === 'off' ? [] : [...network, ...findings, ...own.findings];
    const early: readonly Finding[] = found.map((finding) => inMode(finding, policy));
    const evaluation = newEvaluationId(policy.merchant, now);
    const touched = touchesUnder(attempt, policy, { said: asked.attempt, tables: sources.tables, facts });
    const question = {
      evaluation,
      attempt,
      early,
      mayDemand: mayDemand(touched),
      riskScore: risk?.score ?? 0,
      pass: asked.pass,
      host: asked.host,
      now,
      mayComeLate: mayChallengeLate(policy.rules),
    };
    const cleared = await clearQuestion(question, policy);
    const isRefused = isStopped(early, cleared.clearing);
    const isPassing = cleared.ifPassed !== undefined && !isStopped(early, cleared.ifPassed);
    const touches = withoutDeadEnds(touched, policy.velocity, isPassing ? cleared.ifPassed : cleared.clearing);
    // A good pass is enough: what a lease would set aside, it does.
    const isCleared = isPassing && cleared.pass?.isLate !== true;
    const lease = isCleared ? undefined : questionOf(attempt.whence, early, policy, cleared.clearing);
    const listing = listingIn({ attempt, others }, policy, {
      early,
      clearing: isPassing ? cleared.ifPassed : cleared.clearing,
    });
    const isOver = isRefused && lease === undefined && !isPassing && listing?.stake !== 'passage';
    const plain = { ...occasionOf(policy, evaluation, now), risk };
    const occasion = { ...plain, ...cleared.clearing };
    const request = {
      evaluation,
      touches: isOver ? [] : touches,
      guest: attempt.payer.kind === 'guest',
      cards: namesOf(attempt),
      alsoKnownAs,
      reservationMs: policy.reservationMs,
      config: { ...policy.version, staleForMs: this.#environment.staleForMs },
      ...(lease === undefined ? {} : { lease }),
      ...(listing === undefined ? {} : { lists: listing.question }),
      ...(isPassing && cleared.pass !== undefined ? { pass: cleared.pass } : {}),
      ...clearedOf(touches, isPassing ? cleared.ifPassed : cleared.clearing),
      recording: {
        caller: asked.caller,
        record: JSON.stringify({ early, occasion }),
        isRefused,
        ...recordIfLeased(lease, { early, occasion: question.mayDemand === 0 ? plain : occasion }),
        ...recordsIfCleared(cleared, { early, occasion: plain }),
        ...clearedUnpassed(touches, cleared),
        idempotency: await remembered(asked, policy),
      },
    };
    const answer = await calls.evaluate(this.#environment.gates, policy, request);
    const journal = this.#journal;
    if (answer.kind === 'unavailable') {
      const alone = withoutGate(asked, policy, { early, occasion });
      if (alone === null) return { kind: 'unavailable' };
      const { evaluation, findings } = alone;
      recordEvaluation(evaluation, { attempt, findings, touches, verdicts: [], occasion }, { journal, afterwards });
      return { kind: 'evaluated', evaluation };
    }
    if (answer.value.kind === 'stale_config') return 'stale_config';
    if (answer.value.kind !== 'evaluated') return answer.value;
    const { lease: holder, isRepeat } = answer.value;
    const late = { said: asked.attempt, question, touches, policy, tables: sources.tables };
    const stored = await this.#amended(answer.value.stored, late);
    if (stored === null) return { kind: 'unavailable' };
    const told = evaluationOf(stored);
    if (!isRepeat) {
      const { verdicts } = stored;
      const by = recordedIn(stored);
      const all = findingsOf(stored);
      const judged = { attempt, findings: all, touches, verdicts, occasion: by.occasion, lease: holder };
      recordEvaluation(told, { ...judged, ...passIn(by, cleared) }, { journal, afterwards });
      noticeAttack(this.#environment, policy, told);
    }
    return { kind: 'evaluated', evaluation: told };
  }

  /** With what the rules found that waited for the counts; null where the gate did not take it. */
  async #amended(stored: StoredEvaluation, late: Late): Promise<StoredEvaluation | null> {
    const amendment = await amendmentOf(stored, late);
    if (amendment === null) return stored;
    const amended = await askGate(this.#environment.gates, late.policy, (gate) => gate.amend(amendment));
    return amended.kind === 'answered' ? amended.value : null;
  }

  /** A provider's budget is not for strangers: their key is looked at before anybody is asked. */
  async #refuse(caller: Caller, policy: Policy): Promise<Exclude<Answered, { kind: 'evaluated' }> | null> {
    if (caller.kind === 'admin') return null;
    const refusal = await askGate(this.#environment.gates, policy, (gate) => gate.refuse(caller, 'evaluate'));
    return refusal.kind === 'unavailable' ? { kind: 'unavailable' } : refusal.value;
  }
}

/** Only the admin key can be told without the gate; a merchant's key is the gate's to know. */
function withoutGate({ caller }: Asked, policy: Policy, { early, occasion }: Recorded) {
  if (caller.kind !== 'admin') return null;
  const { onGateUnavailable: consequence } = policy;
  const message = `the gate did not answer; on_gate_unavailable: ${consequence}`;
  const finding = inMode({ code: 'gate_unavailable', consequence, mode: 'enforce', message } as const, policy);
  const findings: readonly Finding[] = policy.mode === 'off' ? [] : [...early, finding];
  return { evaluation: evaluate(findings, occasion), findings };
}

async function wordOf(outcome: OutcomeRequest, policy: Policy): Promise<Word> {
  const { status, decline_reason: word, processor_payment_id: paymentId = null, card_fingerprint: known } = outcome;
  const declineReason = status === 'failed' ? canonicalDeclineReason(word ?? null) : null;
  const card = known === undefined ? null : await cardOfFingerprint(known, null, policy);
  const links = policy.webhooks.size === 0 || paymentId === null ? [] : [paymentId];
  return { status, declineReason, paymentId, links, alsoKnownAs: card === null ? [] : [card.fingerprint] };
}

/** What a lease of the payer's address would lift. A merchant without leases is asked nothing. */
function questionOf(
  whence: Whence | null,
  early: readonly Finding[],
  policy: Policy,
  clearing: Clearing,
): LeaseQuestion | undefined {
  if (policy.leases === null || whence === null || early.length === 0) return undefined;
  const stake = leaseStake(early, { ...clearing, opensRoute: false });
  return stake === 'nothing' ? undefined : { of: whence.ip.text, isNeeded: stake === 'passage' };
}

/** What the lists are asked. A merchant in shadow is told what they would have done. */
function listingIn(
  who: Pick<Asking, 'attempt' | 'others'>,
  policy: Policy,
  found: Pick<Asking, 'early' | 'clearing'>,
): Listing | undefined {
  const { lists, mode } = policy;
  if (lists === null || mode === 'off') return undefined;
  return listingOf({ ...who, ...found }, lists, mode === 'enforce');
}

/** As the checkout's proxy knew it before it asked the gate. */
interface Known {
  readonly early?: readonly Finding[];
  readonly risk?: Risk;
  readonly clearing?: Clearing;
}

/** An attempt that is in flight has no record yet: what it was decided by is known all the same. */
function withRecord(stored: StoredEvaluation, policy: Policy): StoredEvaluation {
  const { evaluation: id, record, known = '{}' } = stored;
  if (record !== '') return stored;
  const { early = [], risk, clearing } = JSON.parse(known) as Known;
  const occasion = { ...occasionOf(policy, id, timeOf(id)), ...clearing, risk };
  return { ...stored, record: JSON.stringify({ early, occasion } satisfies Recorded) };
}

/** A merchant's key of a merchant that is not there is no key; only the admin hears what there is not. */
function unknownTo<K extends string>(caller: Caller, kind: K): { kind: K } | { kind: 'unauthorized' } {
  return caller.kind === 'admin' ? { kind } : { kind: 'unauthorized' };
}

// The payload holds a card number: its digest must be keyed (PCI DSS 4.0, 3.5.1.1).
async function remembered({ idempotency }: Asked, { digestKey }: Policy) {
  if (idempotency === null) return null;
  const key = await digest(idempotency.key, 'idempotency key', digestKey);
  const payload = await digest(idempotency.payload, 'idempotency payload', digestKey);
  return { key, payload, keptMs: IDEMPOTENCY_KEPT_MS };
}
