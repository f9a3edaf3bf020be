/**
 * The floor of a proxied attempt, with object calls that go together.
 */
import { passAttempt } from '../attempt-proxy.ts';
import { callsTogether, type FloorEnvironment } from '../calls.ts';

export { Gate } from '../gate.ts';

export default {
  fetch: (request, env) => passAttempt(request, callsTogether(env)),
} satisfies ExportedHandler<FloorEnvironment>;
