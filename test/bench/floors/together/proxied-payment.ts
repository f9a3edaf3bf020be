/**
 * The floor of a payment beside a bare proxy whose object calls go together.
 */
import { callsTogether, type FloorEnvironment } from '../calls.ts';
import { passPayment } from '../payment-proxy.ts';

export { Gate } from '../gate.ts';

export default {
  fetch: (request, env) => passPayment(request, callsTogether(env), (headers) => headers),
} satisfies ExportedHandler<FloorEnvironment>;
