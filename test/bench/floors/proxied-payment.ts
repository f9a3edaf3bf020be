/**
 * The floor of a payment beside a bare proxy.
 */
import { callsAlone, type FloorEnvironment } from './calls.ts';
import { passPayment } from './payment-proxy.ts';

export { Gate } from './gate.ts';

export default {
  fetch: (request, env) => passPayment(request, callsAlone(env), (headers) => headers),
} satisfies ExportedHandler<FloorEnvironment>;
