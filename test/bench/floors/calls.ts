/**
 * How a floor calls its gate: by itself, two calls a payment, or together with what else comes at once, as Cordon does.
 */
import {
  type Answering,
  callAlone,
  SharedCalls,
  type TextCall,
  type TextCalls,
} from '../../../src/gate/shared-calls.ts';
import type { Gate } from './gate.ts';

export interface FloorEnvironment {
  readonly GATE: DurableObjectNamespace<Gate>;
}

/** The two calls of a payment. */
export type PaymentCalls = Pick<Answering<Promise<string>>, 'admitText' | 'settleText'>;

const ADDRESS = { merchant: 'acme', gate: {} };
let shared: SharedCalls | null = null;

export function callsAlone(env: FloorEnvironment): PaymentCalls {
  return gateOf(env);
}

export function callsTogether(env: FloorEnvironment): PaymentCalls {
  const gate = gateOf(env);
  shared ??= new SharedCalls();
  const calls = shared;
  const ask = (call: TextCall) => calls.ask(ADDRESS, call, () => gate) ?? callAlone(gate, call);
  return {
    admitText: (request) => ask(['admitText', request]),
    settleText: (word, kept) => ask(['settleText', word, kept]),
  };
}

function gateOf({ GATE }: FloorEnvironment): TextCalls {
  return GATE.getByName('acme');
}
