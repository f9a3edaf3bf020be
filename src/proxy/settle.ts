/**
 * Takes outcomes to the gate before anyone hears of them, and goes on trying when the gate does not answer.
 */
import type { Policy } from '../config/policy.ts';
import { askGate, closeAt, type Gates } from '../gate/gate-client.ts';
import type { Closing } from '../gate/gate-messages.ts';
import type { Afterwards } from './edge.ts';

/** After an answer the platform lets work go on for 30 seconds. */
const RETRY_DELAYS_MS = [500, 2_000, 6_000];

export interface Settling {
  readonly gates: Gates;
  readonly policy: Policy;
  readonly afterwards: Afterwards;
}

/** Whether the outcome is durable. If not, the attempts to make it so continue after the answer. */
export async function settle(closing: Closing, { gates, policy, afterwards }: Settling): Promise<boolean> {
  if (await isSettled(closing, gates, policy)) return true;
  afterwards(keepTrying(closing, gates, policy));
  return false;
}

async function isSettled(closing: Closing, gates: Gates, policy: Policy): Promise<boolean> {
  const answer = await askGate(gates, policy, (gate) => closeAt(gate, closing));
  return answer.kind === 'answered';
}

async function keepTrying(closing: Closing, gates: Gates, policy: Policy): Promise<void> {
  for (const delayMs of RETRY_DELAYS_MS) {
    await scheduler.wait(delayMs);
    if (await isSettled(closing, gates, policy)) return;
  }
  for (const { evaluation: id } of closing.settlements) {
    console.error(JSON.stringify({ event: 'outcome_lost', id, merchant: policy.merchant }));
  }
}
