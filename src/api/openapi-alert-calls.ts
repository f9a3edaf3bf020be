/**
 * Described: alerts.
 */
import { type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';

const sentExample = { message: 'msg_0123456789abcdef01234567', result: 'delivered', status: 204, duration_ms: 83 };

const alertsExample = {
  receiver: { url: 'https://ops.acme.example/hooks/cordon', state: 'listening' },
  bursts: [
    {
      id: 'al_0123456789abcdef01234567',
      kind: 'feed_stale',
      began_at: '2026-11-21T10:00:00.000Z',
      last_at: '2026-11-21T10:40:00.000Z',
      ended_at: null,
      count: 9,
      summary: 'Imported lists have not been seen at their source for long: bad-hosts.',
      action: 'npm run cordon -- feed list says why; what was imported last is still in force.',
      docs: 'docs/operations.md#alert-feed-stale',
      details: { feeds: ['bad-hosts'] },
    },
  ],
  messages: [
    {
      id: sentExample.message,
      type: 'feed_stale.began',
      burst: 'al_0123456789abcdef01234567',
      state: 'delivered',
      created_at: '2026-11-21T10:00:00.000Z',
      next_try_at: null,
      tries: [{ at: '2026-11-21T10:00:01.000Z', result: 'delivered', status: 204, duration_ms: 83 }],
    },
  ],
} as const;

export const alertCalls: readonly DescribedCall[] = [
  {
    operationId: 'listAlerts',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/alerts',
    tag: 'Alerts',
    summary: 'What is wrong, and who was told',
    description: 'Bursts, open and past, and what became of each message: when it was tried, and what came back.',
    who: ['manage'],
    fill: { id: 'acme' },
    answers: [{ status: 200, description: 'All of it.', schema: 'Alerts', examples: { one: alertsExample } }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'alerts_off'],
  },
  {
    operationId: 'testAlerts',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/alerts/test',
    tag: 'Alerts',
    summary: 'Send a test message',
    description:
      'Sends a message of type `test` to the receiver now, signed like any other, and says what came back. It is not tried again. A receiver that was gone and takes it hears of alerts again.',
    who: ['manage'],
    fill: { id: 'acme' },
    answers: [{ status: 200, description: 'What came back.', schema: 'SentAlert', examples: { one: sentExample } }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request', 'alerts_off', 'rate_limited'],
  },
  {
    operationId: 'resendAlert',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/alerts/{message_id}/resend',
    tag: 'Alerts',
    summary: 'Send a message once more',
    description: 'Now, to where the configuration says now: the same `webhook-id`, a new time and signature.',
    who: ['manage'],
    fill: { id: 'acme', message_id: '$MESSAGE' },
    answers: [{ status: 200, description: 'What came back.', schema: 'SentAlert', examples: { one: sentExample } }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request', 'alerts_off', 'rate_limited'],
  },
];
