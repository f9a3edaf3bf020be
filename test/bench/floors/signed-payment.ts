/**
 * The floor of a payment beside a bare proxy that signs what it sends on.
 */
import { callsAlone, type FloorEnvironment } from './calls.ts';
import { passPayment } from './payment-proxy.ts';
import { sign } from './signing.ts';

export { Gate } from './gate.ts';

export default {
  fetch: (request, env) => passPayment(request, callsAlone(env), sign),
} satisfies ExportedHandler<FloorEnvironment>;
