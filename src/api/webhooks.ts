/**
 * What processors report: checked by their signatures, put into the gate's words, and durable before it is acknowledged.
 */
import type { Attempt, Card } from '../attempt/attempt.ts';
import { fingerprintReference } from '../attempt/card-fingerprint.ts';
import { holdBody } from '../attempt/held-stream.ts';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import type { Webhook } from '../config/webhook-policy.ts';
import { Deadlines } from '../gate/deadline.ts';
import { merchantOf, newEvaluationId } from '../gate/evaluation-id.ts';
import { askGate } from '../gate/gate-client.ts';
import type { Heard, Kept, ProcessorWord } from '../gate/gate-messages.ts';
import type { Journal } from '../journal/journal.ts';
import { PROCESSORS, type Processor, type ProcessorEvent, type WebhookReader } from '../outcome/processor-event.ts';
import { WEBHOOK_READERS } from '../outcome/webhooks/readers.ts';
import { touchesOf } from '../velocity/touch.ts';
import { hearIdentity } from './identity-hearing.ts';
import { cancelIntent } from './intent-cancelling.ts';
import { recordHeard } from './recording.ts';

type Afterwards = (work: Promise<unknown>) => void;

export interface Reported {
  readonly merchant: string;
  readonly processor: string;
  readonly request: Request;
}

export type Received =
  | { readonly kind: 'received'; readonly answer: WebhookReader['received'] }
  /** No such merchant, or this processor does not report for it. */
  | { readonly kind: 'unexpected' }
  | { readonly kind: 'too_large' | 'forged' | 'unreadable' | 'unavailable' };

const BODY_LIMIT_BYTES = 1024 * 1024;
const BODY_TIMEOUT_MS = 15_000;
/** Each event takes the gate a millisecond: payments come in between. */
const EVENTS_AT_ONCE = 50;

export class Webhooks {
  readonly #environment: Environment;
  readonly #policies: Policies;
  readonly #journal: Journal;

  constructor(environment: Environment, policies: Policies, journal: Journal) {
    this.#environment = environment;
    this.#journal = journal;
    this.#policies = policies;
  }

  /** `received` only when all that was counted is durable: whatever else is said, the processor reports it again. */
  async receive({ merchant, processor: name, request }: Reported, afterwards: Afterwards): Promise<Received> {
    const processor = PROCESSORS.find((one) => one === name);
    const inForce = await this.#policies.ofMerchant(merchant, Date.now(), afterwards);
    const webhook = processor === undefined ? undefined : inForce?.policy.webhooks.get(processor);
    const hasIdentity = processor === 'stripe' && (inForce?.policy.stepUp?.identity ?? null) !== null;
    const isExpected = webhook !== undefined || hasIdentity;
    if (inForce === null || processor === undefined || !isExpected) return { kind: 'unexpected' };
    const held = await new Deadlines().within(BODY_TIMEOUT_MS, holdBody(request, BODY_LIMIT_BYTES), null);
    if (held === null) return { kind: 'unreadable' };
    if (held.end !== 'whole') return { kind: held.end === 'broken' ? 'unreadable' : 'too_large' };
    const reader = WEBHOOK_READERS[processor];
    const delivery = { headers: request.headers, body: held.bytes };
    const { policy } = inForce;
    const told = hasIdentity ? await hearIdentity(delivery, policy, this.#environment) : 'not_its';
    if (told === 'received') return { kind: told, answer: reader.received };
    if (told !== 'not_its') return { kind: told };
    const secrets = webhook === undefined ? [] : this.#secretsOf(webhook);
    const reading = await reader.read(delivery, secrets, Date.now());
    if (reading.kind !== 'events') return reading;
    const heard = await this.#tell(policy, processor, reading.events);
    if (heard === null) return { kind: 'unavailable' };
    if (policy.isWatched) this.#environment.alerts?.heard({ merchant, processor, events: reading.events.length });
    for (const [index, event] of reading.events.entries()) this.#follow(policy, event, heard[index], afterwards);
    return { kind: 'received', answer: reader.received };
  }

  #secretsOf({ secretNames }: Webhook): readonly string[] {
    return secretNames.map((name) => this.#environment.sharedSecret(name)).filter((secret) => secret !== null);
  }

  /** Null when the gate did not answer: what it took already, it takes again without counting it twice. */
  async #tell(
    policy: Policy,
    processor: Processor,
    events: readonly ProcessorEvent[],
  ): Promise<readonly Heard[] | null> {
    const heard: Heard[] = [];
    for (let from = 0; from < events.length; from += EVENTS_AT_ONCE) {
      const some = events.slice(from, from + EVENTS_AT_ONCE);
      const words = await Promise.all(some.map((event) => wordOf(event, processor, policy)));
      const answer = await askGate(this.#environment.gates, policy, (gate) => gate.hear(words));
      if (answer.kind === 'unavailable') return null;
      heard.push(...answer.value);
    }
    return heard;
  }

  #follow(policy: Policy, event: ProcessorEvent, heard: Heard | undefined, afterwards: Afterwards): void {
    if (heard === undefined) return;
    const { merchant, webhooks } = policy;
    recordHeard({ merchant, event, heard }, { journal: this.#journal, afterwards });
    const { cancelling = null } = webhooks.get('stripe') ?? {};
    const isDue = event.outcome?.status === 'failed' && heard.failures >= (cancelling?.afterFailures ?? Infinity);
    const key = cancelling === null ? null : this.#environment.sharedSecret(cancelling.keyName);
    if (!isDue || cancelling === null || key === null) return;
    afterwards(cancelIntent(event.paymentIds, { apiUrl: cancelling.apiUrl, key, merchant }));
  }
}

async function wordOf(event: ProcessorEvent, processor: Processor, policy: Policy): Promise<ProcessorWord> {
  const { id, outcome, labels, evaluation, paymentIds, tryId, occurredAt } = event;
  const card = event.card === null ? null : await cardOf(event.card, policy);
  const [paymentId = null] = paymentIds;
  // Adyen signs no time: what lies ahead is not believed.
  const at = Math.min(occurredAt ?? Date.now(), Date.now());
  return {
    event: `${processor}|${id}`,
    word: outcome && { ...outcome, paymentId },
    labels,
    evaluation: evaluation !== null && merchantOf(evaluation) === policy.merchant ? evaluation : null,
    paymentIds,
    tryId,
    cards: card === null ? [] : [card.fingerprint, ...card.formerFingerprints],
    occurredAt,
    stranger: { evaluation: newEvaluationId(policy.merchant, at), ...strangerOf(card, policy) },
  };
}

function cardOf({ fingerprint: value, bin }: NonNullable<ProcessorEvent['card']>, policy: Policy): Promise<Card> {
  return fingerprintReference('pf', { value, bin }, policy.fingerprintKeys);
}

/** What a failure counts under when nobody knows whose attempt it was: the rules by card alone. */
function strangerOf(card: Card | null, policy: Policy): Kept {
  const unknown = { whence: null, session: null, amountMinor: null, currency: null };
  const attempt: Attempt = { kind: 'payment', payer: { kind: 'guest' }, card, ...unknown };
  const touches = policy.mode === 'off' ? [] : touchesOf(attempt, policy.velocity, policy.maxBlockSeconds);
  const places = policy.mode === 'shadow' ? touches.map((one) => ({ ...one, mode: 'shadow' as const })) : touches;
  const cards = card === null ? [] : [card.fingerprint, ...card.formerFingerprints];
  return { places, guest: true, reservationMs: policy.reservationMs, cards };
}
