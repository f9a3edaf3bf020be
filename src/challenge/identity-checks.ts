/**
 * A challenge's check of identity, as the gate remembers it.
 */
import type { Environment } from '../config/environment.ts';
import type { Policy } from '../config/policy.ts';
import { askGate, askGateOnce } from '../gate/gate-client.ts';
import type { IdentityBook } from '../step-up/identity-book.ts';
import { allOverAt } from '../step-up/pass.ts';
import type { Ticket } from '../step-up/ticket.ts';

const BUDGET = 'identity';

export function identityBookOf(ticket: Ticket, policy: Policy, { gates }: Environment): IdentityBook {
  const { evaluation } = ticket;
  return {
    async find() {
      const found = await askGate(gates, policy, (gate) => gate.findIdentityCheck(evaluation));
      return found.kind === 'answered' ? found.value : found.kind;
    },
    async afford(limit) {
      const request = { provider: BUDGET, limit, want: 1 };
      const taken = await askGateOnce(gates, policy, (gate) => gate.takeBudget(request));
      if (taken.kind === 'unavailable') return taken.kind;
      return taken.value.granted > 0 ? 'granted' : 'spent';
    },
    async begin(session) {
      const begun = { evaluation, session, expiresAt: allOverAt(ticket) };
      const answer = await askGate(gates, policy, (gate) => gate.beginIdentityCheck(begun));
      if (answer.kind === 'unavailable') return answer.kind;
      return answer.value ? 'begun' : 'other';
    },
  };
}
