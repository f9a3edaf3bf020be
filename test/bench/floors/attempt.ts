/**
 * The floor of a proxied attempt: the same parse, HMAC, object calls and row writes as Cordon's, and nothing else: no
 * routing, policy, network, rules or evaluation.
 */
import { passAttempt } from './attempt-proxy.ts';
import { callsAlone, type FloorEnvironment } from './calls.ts';

export { Gate } from './gate.ts';

export default {
  fetch: (request, env) => passAttempt(request, callsAlone(env)),
} satisfies ExportedHandler<FloorEnvironment>;
