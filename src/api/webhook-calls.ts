/**
 * `/.cordon/v1/webhooks`: where processors report. No key opens it: the processor's signature does.
 */
import { Hono } from 'hono';
import { problem } from '../wire.ts';
import type { ApiVariables } from './request.ts';
import { afterwardsOf } from './request.ts';
import type { Received, Webhooks } from './webhooks.ts';

export function webhookCalls(webhooks: Webhooks): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();

  calls.post('/:merchant/:processor', async (c) => {
    const { merchant, processor } = c.req.param();
    const received = await webhooks.receive({ merchant, processor, request: c.req.raw }, afterwardsOf(c));
    return answerOf(received);
  });

  return calls;
}

function answerOf(received: Received): Response {
  switch (received.kind) {
    case 'received': {
      const { status, contentType, body } = received.answer;
      return new Response(body, { status, headers: contentType === null ? {} : { 'content-type': contentType } });
    }
    case 'unexpected':
      return problem('not_found');
    case 'forged':
      return problem('invalid_signature', { detail: 'it is missing, wrong or too old' });
    case 'too_large':
      return problem('too_large');
    case 'unreadable':
      return problem('invalid_request', { detail: 'this is not what the processor documents' });
    case 'unavailable':
      return problem('gate_unavailable');
  }
}
