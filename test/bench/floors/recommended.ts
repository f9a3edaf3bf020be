/**
 * The floor of an attempt under the recommended velocity rules: that of any attempt, with as many keyed digests, counters
 * asked for and places told as the set needs of a guest with an e-mail and a device. No condition is evaluated.
 */
import { passAttempt } from './attempt-proxy.ts';
import { callsAlone, type FloorEnvironment } from './calls.ts';
import { nextId } from './payment.ts';
import { admission, payerIn } from './recommended-touches.ts';

export { Gate } from './gate.ts';

export default {
  fetch: (request, env) =>
    passAttempt(request, callsAlone(env), async (held, ip) => admission(nextId(), await payerIn(held), ip)),
} satisfies ExportedHandler<FloorEnvironment>;
