/**
 * `/.cordon/v1/merchants/{id}/alerts`: what is and was wrong, what was delivered of it, and sending by hand.
 */
import { Hono } from 'hono';
import type { AlertBell } from '../alerts/bell.ts';
import type { SentNow } from '../alerts/overview.ts';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { problem } from '../wire.ts';
import { audit, managing } from './managing.ts';
import type { ApiContext, ApiVariables } from './request.ts';

export function alertCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const managed = managing(environment, policies);
  const { alerts } = environment;

  /** What the merchant's alerts object does, for whoever manages the merchant. */
  async function asked(c: ApiContext, ask: (bell: AlertBell, policy: Policy) => Promise<Response>): Promise<Response> {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    return alerts === null
      ? problem('alerts_off', { detail: 'this deployment has no ALERTS binding' })
      : ask(alerts, policy);
  }

  calls.get('/:id/alerts', (c) => asked(c, async (bell, { merchant }) => c.json(await bell.of(merchant).overview())));

  calls.post('/:id/alerts/test', (c) =>
    asked(c, async (bell, { merchant }) => sentAnswer(c, 'alert.test', await bell.of(merchant).sendTest())),
  );

  calls.post('/:id/alerts/:message/resend', (c) =>
    asked(c, async (bell, { merchant }) => {
      const message = c.req.param('message') ?? '';
      return sentAnswer(c, 'alert.resend', await bell.of(merchant).resend(message));
    }),
  );

  return calls;
}

function sentAnswer(c: ApiContext, what: string, sent: SentNow): Response {
  switch (sent.kind) {
    case 'no_receiver':
      return problem('alerts_off');
    case 'no_message':
      return problem('not_found');
    case 'too_many':
      return problem('rate_limited', { detail: 'ten messages a minute are sent by hand', retryAfterSeconds: 60 });
    case 'sent': {
      const told = { message: sent.message, ...sent.told };
      audit(c, what, { after: told });
      return c.json(told);
    }
  }
}
