/**
 * Described: a merchant's configuration and its keys.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';
import * as examples from './openapi-examples.ts';
import { ifMatch } from './openapi-history-calls.ts';

const ETAG = { ETag: 'The version of the configuration.' };

export const configurationCalls: readonly DescribedCall[] = [
  {
    operationId: 'listMerchants',
    method: 'get',
    path: '/.cordon/v1/merchants',
    tag: 'Merchants',
    summary: 'List merchants',
    description: 'The ids of all merchants.',
    who: 'admin',
    answers: [
      { status: 200, description: 'The ids.', schema: 'Merchants', examples: { one: { merchants: ['acme'] } } },
    ],
    problems: ['forbidden'],
  },
  {
    operationId: 'putMerchant',
    method: 'put',
    path: '/.cordon/v1/merchants/{id}',
    tag: 'Merchants',
    summary: 'Write a configuration',
    description:
      'Creates a merchant or replaces its whole configuration; in force everywhere within five seconds. A fault changes nothing, and every fault is listed. Only the admin key can create a merchant.',
    who: ['manage'],
    fill: { id: 'acme' },
    parameters: [ifMatch],
    request: { schema: 'MerchantConfiguration', example: examples.merchantExample },
    answers: [
      { status: 200, description: 'Replaced.', schema: 'MerchantConfiguration', headers: ETAG },
      {
        status: 201,
        description: 'Created.',
        schema: 'MerchantConfiguration',
        headers: ETAG,
        examples: { acme: examples.merchantExample },
      },
    ],
    problems: ['invalid_request', 'too_large', 'invalid_configuration', 'conflict', 'overtaken', ...MANAGED_PROBLEMS],
  },
  {
    operationId: 'getMerchant',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}',
    tag: 'Merchants',
    summary: 'Read a configuration',
    description: 'The configuration as it was written, without defaults.',
    who: ['manage'],
    fill: { id: 'acme' },
    answers: [
      {
        status: 200,
        description: 'The configuration.',
        schema: 'MerchantConfiguration',
        headers: ETAG,
        examples: { acme: examples.merchantExample },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found'],
  },
  {
    operationId: 'deleteMerchant',
    method: 'delete',
    path: '/.cordon/v1/merchants/{id}',
    tag: 'Merchants',
    summary: 'Delete a merchant',
    description:
      'Its configuration, its hosts and its keys. Its shop is no longer guarded, so its hosts answer 503. Its history stays.',
    who: 'admin',
    fill: { id: 'acme' },
    answers: [{ status: 204, description: 'Deleted.' }],
    problems: ['forbidden', 'not_found', 'invalid_request'],
  },
];

export const keyCalls: readonly DescribedCall[] = [
  {
    operationId: 'createKey',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/keys',
    tag: 'Keys',
    summary: 'Create a key',
    description:
      "A key of this merchant alone, for its backend. It is shown once. A merchant's own key hands out no scope that it lacks.",
    who: ['manage'],
    fill: { id: 'acme' },
    request: { schema: 'KeyRequest', example: examples.keyRequestExample },
    answers: [
      { status: 201, description: 'The key.', schema: 'NewKey', examples: { checkout: examples.newKeyExample } },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found'],
  },
  {
    operationId: 'listKeys',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/keys',
    tag: 'Keys',
    summary: 'List keys',
    description: 'The keys in force, without their secrets.',
    who: ['manage'],
    fill: { id: 'acme' },
    answers: [{ status: 200, description: 'The keys.', schema: 'Keys', examples: { one: examples.keysExample } }],
    problems: [...MANAGED_PROBLEMS, 'not_found'],
  },
  {
    operationId: 'revokeKey',
    method: 'delete',
    path: '/.cordon/v1/merchants/{id}/keys/{key_id}',
    tag: 'Keys',
    summary: 'Revoke a key',
    description: 'Refused from the next call on.',
    who: ['manage'],
    fill: { id: 'acme', key_id: '$KEY_ID' },
    answers: [{ status: 204, description: 'Revoked.' }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request'],
  },
];
