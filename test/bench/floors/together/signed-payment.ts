/**
 * The floor of a payment beside a bare proxy that signs, and whose object calls go together.
 */
import { callsTogether, type FloorEnvironment } from '../calls.ts';
import { passPayment } from '../payment-proxy.ts';
import { sign } from '../signing.ts';

export { Gate } from '../gate.ts';

export default {
  fetch: (request, env) => passPayment(request, callsTogether(env), sign),
} satisfies ExportedHandler<FloorEnvironment>;
