/**
 * Every call that is served under `/.cordon/`, in the order in which a new integrator needs them.
 * A test holds this list against the routes.
 */
import { alertCalls } from './openapi-alert-calls.ts';
import { backtestCalls } from './openapi-backtest-calls.ts';
import { blockCalls } from './openapi-block-calls.ts';
import type { DescribedCall } from './openapi-call.ts';
import { evaluationCalls } from './openapi-evaluation-calls.ts';
import { webhookExample } from './openapi-examples.ts';
import { feedCalls } from './openapi-feed-calls.ts';
import { historyCalls } from './openapi-history-calls.ts';
import { journalCalls } from './openapi-journal-calls.ts';
import { leaseCalls } from './openapi-lease-calls.ts';
import { listCalls } from './openapi-list-calls.ts';
import { configurationCalls, keyCalls } from './openapi-merchant-calls.ts';
import { passkeyCalls } from './openapi-passkey-calls.ts';
import { recordCalls } from './openapi-record-calls.ts';
import { switchCalls } from './openapi-switch-calls.ts';

const webhookCalls: readonly DescribedCall[] = [
  {
    operationId: 'receiveWebhook',
    method: 'post',
    path: '/.cordon/v1/webhooks/{merchant}/{processor}',
    tag: 'Webhooks',
    summary: 'For your processor, not for you',
    description:
      "The address to enter at the processor. No key opens it: the processor's signature over the body does, with a secret that the configuration names under `webhooks`. The answer is the one that the processor takes for received, given only when what was said is on record; delivered twice, it is counted once.",
    who: 'anyone',
    fill: { merchant: 'acme', processor: 'stripe' },
    sends: { headers: { 'Stripe-Signature': '$SIGNATURE' } },
    request: { schema: 'Webhook', example: webhookExample },
    answers: [{ status: 200, description: 'Received.' }],
    problems: ['invalid_signature', 'not_found', 'invalid_request', 'too_large', 'gate_unavailable'],
  },
];

const documentationCalls: readonly DescribedCall[] = [
  {
    operationId: 'getHealth',
    method: 'get',
    path: '/.cordon/health',
    tag: 'Documentation',
    summary: 'Is it ready?',
    description: 'Whether secrets and bindings are in place. With the admin key, a 503 names what is missing.',
    who: 'anyone',
    answers: [{ status: 200, description: 'Ready.', schema: 'Health', examples: { ready: { status: 'ok' } } }],
    problems: ['unhealthy'],
  },
  {
    operationId: 'getDescription',
    method: 'get',
    path: '/.cordon/v1/openapi.json',
    tag: 'Documentation',
    summary: 'This description',
    description: 'OpenAPI 3.1.',
    who: 'anyone',
    answers: [{ status: 200, description: 'The description.', mediaType: 'application/json' }],
    problems: [],
  },
  {
    operationId: 'getDocs',
    method: 'get',
    path: '/.cordon/docs',
    tag: 'Documentation',
    summary: 'The page to read it',
    description: 'Works without JavaScript.',
    who: 'anyone',
    answers: [{ status: 200, description: 'The page.', mediaType: 'text/html' }],
    problems: [],
  },
];

export const CALLS: readonly DescribedCall[] = [
  ...configurationCalls.filter(({ operationId }) => operationId === 'putMerchant'),
  ...keyCalls.filter(({ operationId }) => operationId === 'createKey'),
  ...evaluationCalls,
  ...webhookCalls,
  ...blockCalls,
  ...leaseCalls,
  ...listCalls,
  ...passkeyCalls,
  ...switchCalls,
  ...recordCalls,
  ...backtestCalls,
  ...configurationCalls.filter(({ operationId }) => operationId !== 'putMerchant'),
  ...historyCalls,
  ...keyCalls.filter(({ operationId }) => operationId !== 'createKey'),
  ...feedCalls,
  ...alertCalls,
  ...journalCalls,
  ...documentationCalls,
];
