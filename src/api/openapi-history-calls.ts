/**
 * Described: the history of a configuration, and the way back.
 */
import { type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';
import type { Parameter } from './openapi-document.ts';
import { merchantExample } from './openapi-examples.ts';
import * as examples from './openapi-history-examples.ts';

const cursor: Parameter = {
  name: 'cursor',
  in: 'query',
  required: false,
  description: '`next_cursor` of the page before.',
  schema: { type: 'string' },
  example: '',
};
export const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of the version that may be replaced: a 412 says that another is in force. Absent: any may be.',
  schema: { type: 'string' },
  example: '',
};

export const historyCalls: readonly DescribedCall[] = [
  {
    operationId: 'listVersions',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/versions',
    tag: 'History',
    summary: 'List versions',
    description:
      'What was in force, the newest first: since when, and by whom. The newest 500 are kept, and at most 20 MB of texts. With the admin key, also of a merchant that was deleted.',
    who: ['manage'],
    fill: { id: 'acme' },
    parameters: [
      {
        name: 'limit',
        in: 'query',
        required: false,
        description: 'Versions on a page.',
        schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
        example: '100',
      },
      cursor,
    ],
    sends: { query: 'limit=100' },
    answers: [{ status: 200, description: 'A page.', schema: 'Versions', examples: { one: examples.versionsExample } }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request'],
  },
  {
    operationId: 'getVersion',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/versions/{version}',
    tag: 'History',
    summary: 'Read a version',
    description: 'The configuration as it was in force then.',
    who: ['manage'],
    fill: { id: 'acme', version: '$VERSION' },
    answers: [
      {
        status: 200,
        description: 'The configuration.',
        schema: 'MerchantConfiguration',
        headers: { ETag: 'The version.' },
        examples: { acme: merchantExample },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found'],
  },
  {
    operationId: 'compareVersions',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/versions/{version}/difference',
    tag: 'History',
    summary: 'What a version changed',
    description:
      'Field by field, compared with the version before it. Lists are compared as sequences: an entry that came in at the front is one difference.',
    who: ['manage'],
    fill: { id: 'acme', version: '$VERSION' },
    parameters: [
      {
        name: 'with',
        in: 'query',
        required: false,
        description: 'Another version to compare with. Absent: the last other one that was in force before.',
        schema: { type: 'string' },
        example: '',
      },
    ],
    answers: [
      {
        status: 200,
        description: 'What differs.',
        schema: 'Difference',
        examples: { one: examples.differenceExample },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found'],
  },
  {
    operationId: 'restoreVersion',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/versions/{version}/restore',
    tag: 'History',
    summary: 'Go back to a version',
    description:
      'Writes it again, as `PUT` would: in force at the next attempt. It is checked anew against this release, and a fault changes nothing. Only the admin key can bring back a merchant that was deleted.',
    who: ['manage'],
    fill: { id: 'acme', version: '$VERSION' },
    parameters: [ifMatch],
    answers: [
      {
        status: 200,
        description: 'It is in force.',
        schema: 'Restored',
        headers: { ETag: 'The version that is in force now.' },
        examples: { one: examples.restoredExample },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request', 'invalid_configuration', 'conflict', 'overtaken'],
  },
];
