/**
 * Described: the history of a configuration, and the way back.
 */
import { type DescribedCall, MANAGED_PROBLEMS, pageParameters } from './openapi-call.ts';
import type { Parameter } from './openapi-document.ts';
import { merchantExample } from './openapi-examples.ts';
import * as examples from './openapi-history-examples.ts';

export const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of the version that may be replaced: a 412 says that another is in force. Absent: any may be.',
  schema: { type: 'string' },
  example: '',
};

const query = (name: string, description: string, example = ''): Parameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: { type: 'string' },
  example,
});
const changeParameters: readonly Parameter[] = [
  query('from', 'Only changes from this time on (RFC 3339).'),
  query('to', 'Only changes before this time.'),
  query('who', "Only those by `admin`, by `key:` and a key's id, or by `kv`."),
  query('what', 'Only those of a kind: `key.create`, or `key` for all that begin so.'),
  query('format', '`json` or `csv`. Absent: as `Accept` says.'),
  ...pageParameters('Changes on a page; 10,000 in CSV, whose `Link` says where the rest is.', 500),
];
const changeAnswers = [
  { status: 200, description: 'A page.', schema: 'Changes', examples: { one: examples.changesExample } },
] as const;
const CHANGE_PROBLEMS = ['invalid_request', 'records_off'] as const;

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
    parameters: pageParameters('Versions on a page.', 500),
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
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request'],
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
  {
    operationId: 'listChanges',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/changes',
    tag: 'History',
    summary: 'Who changed what',
    description:
      'Every management call that changed something at this merchant, and every write straight into KV, the newest first. No secret and no card number is in it. With the admin key, also of a merchant that was deleted.',
    who: ['manage'],
    fill: { id: 'acme' },
    parameters: changeParameters,
    sends: { query: 'limit=100' },
    answers: changeAnswers,
    problems: [...MANAGED_PROBLEMS, ...CHANGE_PROBLEMS],
  },
  {
    operationId: 'listAllChanges',
    method: 'get',
    path: '/.cordon/v1/changes',
    tag: 'History',
    summary: 'Who changed what, anywhere',
    description: 'The same of all merchants, and what concerns the whole deployment.',
    who: 'admin',
    parameters: [query('merchant', 'Only those at this merchant.'), ...changeParameters],
    sends: { query: 'what=merchant' },
    answers: changeAnswers,
    problems: ['forbidden', ...CHANGE_PROBLEMS],
  },
];
