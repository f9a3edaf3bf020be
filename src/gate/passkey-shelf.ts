/**
 * Passkeys as whoever looks at them finds them: at the merchant's gate.
 */
import type { PasskeyShelf } from '../step-up/passkey-record.ts';
import { askGate, askGateOnce, type GateAddress, type GateAnswer, type GateCalls, type Gates } from './gate-client.ts';

export function passkeyShelf(gates: Gates, address: GateAddress): PasskeyShelf {
  const ask = <T>(question: (gate: GateCalls) => Promise<T>) => told(askGate(gates, address, question));
  return {
    of: (customer) => ask((gate) => gate.passkeysOf(customer)),
    enrol: (passkey, challenge, most) => ask((gate) => gate.enrolPasskey(passkey, challenge, most)),
    use: (use) => ask((gate) => gate.usePasskey(use)),
    // Asked twice, it could not say again what it removed.
    remove: (customer, id) =>
      told(askGateOnce(gates, address, async (gate) => (await gate.removePasskey(customer, id)) ?? 'unknown')),
  };
}

async function told<T>(asked: Promise<GateAnswer<T>>): Promise<T | null> {
  const answer = await asked;
  return answer.kind === 'answered' ? answer.value : null;
}
