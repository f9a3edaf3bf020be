/**
 * What Stripe reports of checks of identity: believed by a secret of their own, and durable before it is acknowledged.
 */
import type { Environment } from '../config/environment.ts';
import type { Policy } from '../config/policy.ts';
import { askGate } from '../gate/gate-client.ts';
import { log } from '../journal/log.ts';
import type { Delivery } from '../outcome/processor-event.ts';
import { type IdentityEvent, readIdentityDelivery } from '../outcome/webhooks/stripe-identity.ts';

/** `not_its`: signed for something else, or for nothing; whoever reads payments may look at it. */
export type IdentityReceived = 'received' | 'not_its' | 'unreadable' | 'unavailable';

export async function hearIdentity(
  delivery: Delivery,
  policy: Policy,
  environment: Environment,
): Promise<IdentityReceived> {
  const identity = policy.stepUp?.identity ?? null;
  const secret = identity === null ? null : environment.sharedSecret(identity.webhookSecretName);
  if (secret === null) return 'not_its';
  const reading = await readIdentityDelivery(delivery, [secret], Date.now());
  switch (reading.kind) {
    case 'forged':
      return 'not_its';
    case 'unreadable':
      return 'unreadable';
    // The same secret may sign both.
    case 'other':
      return policy.webhooks.has('stripe') ? 'not_its' : 'received';
    case 'identity':
      return tell(reading.event, policy, environment);
  }
}

async function tell(event: IdentityEvent, policy: Policy, environment: Environment): Promise<IdentityReceived> {
  const result = await takeIn(event, policy, environment);
  if (result === 'unavailable') return result;
  const { evaluation, state } = event;
  log({ event: 'identity', merchant: policy.merchant, evaluation, state, result });
  return 'received';
}

async function takeIn(event: IdentityEvent, policy: Policy, { kind, gates }: Environment) {
  const { merchant, isLive, ...word } = event;
  if (merchant !== policy.merchant) return 'other_merchant';
  // Whoever holds a test key chooses what comes of a test.
  if (kind === 'production' && !isLive) return 'test_mode';
  const heard = await askGate(gates, policy, (gate) => gate.hearIdentityCheck(word));
  return heard.kind === 'unavailable' ? heard.kind : heard.value;
}
