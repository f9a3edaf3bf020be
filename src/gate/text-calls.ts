/**
 * The calls of a single attempt and of the API. They travel as text: structured cloning walks an object property by
 * property and costs more than writing and reading JSON (docs/performance.md).
 */
import { askGate, askText, type GateAddress, type GateAnswer, type Gates } from './gate-client.ts';
import type {
  Admission,
  AdmitRequest,
  Closing,
  Evaluated,
  EvaluateRequest,
  Report,
  Reported,
} from './gate-messages.ts';
import { textOfRequest } from './request-text.ts';
import { textsOf } from './settlement-text.ts';

/** One admission for each request, in their order: all are admitted or none holds a place. */
export function admit(
  gates: Gates,
  address: GateAddress,
  requests: readonly AdmitRequest[],
): Promise<GateAnswer<readonly Admission[]>> {
  const [request] = requests;
  if (request === undefined || requests.length > 1) return askGate(gates, address, (gate) => gate.admitAll(requests));
  return askText(gates, address, ['admitText', textOfRequest(request)], (text) => [admissionIn(text, request)]);
}

function admissionIn(text: string, { touches }: AdmitRequest): Admission {
  const admission = JSON.parse(text) as Admission;
  if (admission.kind !== 'admitted' || admission.places !== undefined) return admission;
  // What came as text is nobody else's: it is completed where it stands.
  return Object.assign(admission, { places: touches });
}

/** Puts on record what became of a request. */
export function close(gates: Gates, address: GateAddress, closing: Closing): Promise<GateAnswer<unknown>> {
  const { settlements, joins } = closing;
  const [settlement] = settlements;
  if (settlement === undefined || settlements.length + joins.length > 1) {
    return askGate(gates, address, (gate) => gate.close(closing));
  }
  const { word, kept } = textsOf(settlement);
  return askText(gates, address, ['settleText', word, kept], (text) => text);
}

export function evaluate(gates: Gates, address: GateAddress, request: EvaluateRequest): Promise<GateAnswer<Evaluated>> {
  return askText(gates, address, ['evaluateText', textOfRequest(request)], (text) => JSON.parse(text) as Evaluated);
}

export function report(gates: Gates, address: GateAddress, said: Report): Promise<GateAnswer<Reported>> {
  return askText(gates, address, ['reportText', JSON.stringify(said)], (text) => JSON.parse(text) as Reported);
}
