/**
 * The floor of a payment beside a bare proxy.
 */
import { type FloorEnvironment, passPayment } from './payment-proxy.ts';

export { Gate } from './gate.ts';

export default {
  fetch: (request, env) => passPayment(request, env, (headers) => headers),
} satisfies ExportedHandler<FloorEnvironment>;
