/**
 * Takes an outcome to the gate before anyone hears of it, and goes on trying when the gate does not answer.
 */
import type { Policy } from '../config/policy.ts';
import { askGate, type Gates, settleAt } from '../gate/gate-client.ts';
import type { Settlement } from '../gate/gate-messages.ts';
import type { Afterwards } from './edge.ts';

/** After an answer the platform lets work go on for 30 seconds. */
const RETRY_DELAYS_MS = [500, 2_000, 6_000];

export interface Settling {
  readonly gates: Gates;
  readonly policy: Policy;
  readonly afterwards: Afterwards;
}

/** Whether the outcome is durable. If not, the attempts to make it so continue after the answer. */
export async function settle(settlement: Settlement, { gates, policy, afterwards }: Settling): Promise<boolean> {
  if (await isSettled(settlement, gates, policy)) return true;
  afterwards(keepTrying(settlement, gates, policy));
  return false;
}

async function isSettled(settlement: Settlement, gates: Gates, policy: Policy): Promise<boolean> {
  const answer = await askGate(gates, policy, (gate) => settleAt(gate, settlement));
  return answer.kind === 'answered';
}

async function keepTrying(settlement: Settlement, gates: Gates, policy: Policy): Promise<void> {
  for (const delayMs of RETRY_DELAYS_MS) {
    await scheduler.wait(delayMs);
    if (await isSettled(settlement, gates, policy)) return;
  }
  console.error(JSON.stringify({ event: 'outcome_lost', id: settlement.evaluation, merchant: policy.merchant }));
}
