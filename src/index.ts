/**
 * The Worker's handlers and the Durable Objects' exports; no logic.
 */
import { answer, take, tend } from './app.ts';
import type { RawEnvironment } from './config/environment.ts';

export { Alerts } from './alerts/alerts.ts';
export { Gate } from './gate/gate.ts';
export { Observatory } from './observatory/observatory.ts';

export default {
  fetch: (request, env, ctx) => answer(request, env as unknown as RawEnvironment, ctx),
  queue: (batch, env) => take(batch, env as unknown as RawEnvironment),
  scheduled: ({ scheduledTime, cron }, env) => tend(env as unknown as RawEnvironment, scheduledTime, cron),
} satisfies ExportedHandler<Cloudflare.Env>;
