/**
 * Described: the record, as its merchant reads it.
 */
import { OUTCOME_STATUSES } from '../outcome/outcome.ts';
import { COUNTED, SPANS } from '../records/stats.ts';
import type { DescribedCall } from './openapi-call.ts';
import type { Parameter, Schema } from './openapi-document.ts';
import * as examples from './openapi-record-examples.ts';
import { DECISIONS, FORMATS } from './record-schemas.ts';

const PROBLEMS = ['forbidden', 'gate_unavailable', 'invalid_request', 'records_off'] as const;

function parameter(name: string, description: string, example: string, schema: Schema = { type: 'string' }): Parameter {
  return { name, in: 'query', required: false, description, schema, example };
}

const oneOf = (words: readonly string[]): Schema => ({ type: 'string', enum: words });
const time: Schema = { type: 'string', format: 'date-time' };

const range = [
  parameter('from', 'Not before; RFC 3339.', '2026-11-21T00:00:00Z', time),
  parameter('to', 'Before; RFC 3339.', '2026-11-22T00:00:00Z', time),
];

const filters: readonly Parameter[] = [
  ...range,
  parameter('decision', 'What was decided.', 'block', oneOf(DECISIONS)),
  parameter('would_be', 'What would have been with every rule in shadow enforced.', 'block', oneOf(DECISIONS)),
  parameter('rule', "A reason's code, or `code:name`; in whatever mode it spoke.", 'velocity:card_ip'),
  parameter('country', 'ISO 3166-1 alpha-2, or `T1` for Tor.', 'NL'),
  parameter('asn', 'The network.', '1136', { type: 'integer', minimum: 1 }),
  parameter('bin', "The card's first six digits, or fewer.", '424242', { type: 'string', pattern: '^\\d{1,6}$' }),
  parameter('ip', 'An address, or a prefix: /16 to /24, of IPv6 /40 to /48.', '203.0.113.0/24'),
  parameter('customer', "A verified customer's id.", 'cus_1'),
  parameter(
    'card',
    "Cordon's own fingerprint, as decisions and blocks tell it.",
    'fp_8c1yN0xJ2vQm5tRk7wLz3aBd6eFh9gKj4pSu1oXiYcE',
  ),
  parameter(
    'session',
    "The session's digest, or the `session_id` that your backend gave.",
    'se_0123456789abcdefghijkl',
  ),
  parameter(
    'outcome',
    'What became of it, or of a further try of the same payment; `none`: nobody said.',
    'failed',
    oneOf([...OUTCOME_STATUSES, 'none']),
  ),
  parameter('route', "The route's name.", 'pay'),
  parameter('evaluation', "The evaluation's id.", 'ev_019a9b3c4d5e0123456789abcdef0123acme'),
];

export const recordCalls: readonly DescribedCall[] = [
  {
    operationId: 'listDecisions',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/decisions',
    tag: 'Record',
    summary: 'Search decisions',
    description:
      'All filters that are given must hold. As JSON a page at a time, the newest first; the cursor stands still while new decisions come. As CSV the newest first, for a spreadsheet: what it could take for a formula has an apostrophe. As NDJSON the oldest first, in the replay format. Files are 100,000 decisions long at most; where there are more, `Link: <?…>; rel="next"` says so before the first line. A file that ends without its last chunk is broken off.',
    who: ['manage'],
    fill: { id: 'acme' },
    parameters: [
      ...filters,
      parameter('format', 'Or by `Accept`: `text/csv`, `application/x-ndjson`.', 'csv', oneOf(FORMATS)),
      parameter('limit', 'Decisions on a page (1,000 at most), or in a file (100,000 at most).', '100', {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 100,
      }),
      parameter('cursor', '`next_cursor` of the page before.', 'ZGV2XzAxOWE5YjNj…'),
    ],
    sends: { query: 'decision=block&country=NL&limit=100' },
    answers: [
      {
        status: 200,
        description: 'A page of decisions, or a file of them.',
        schema: 'Decisions',
        examples: { one: examples.decisionsExample },
        alsoAs: ['text/csv', 'application/x-ndjson'],
        headers: { Link: 'Files only: where the rest is, where there is more than the file holds (RFC 8288).' },
      },
    ],
    problems: PROBLEMS,
  },
  {
    operationId: 'explainDecision',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/decisions/{evaluation_id}',
    tag: 'Record',
    summary: 'Explain a decision',
    description:
      'What was read, what every rule counted at that moment, what the score is made of, what the rules in shadow would have done, how long it took, and whether the outcome ever came. On record some seconds after the decision.',
    who: ['manage'],
    fill: { id: 'acme', evaluation_id: '$EVALUATION' },
    answers: [
      {
        status: 200,
        description: 'The explanation.',
        schema: 'Explanation',
        examples: { refused: examples.explanationExample },
      },
    ],
    problems: PROBLEMS,
  },
  {
    operationId: 'getStats',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/stats',
    tag: 'Record',
    summary: 'Count decisions',
    description:
      'Counts by minute, hour or day, which outlive the decisions: 1,500 spans at most. Shadow stands beside what was live.',
    who: ['manage'],
    fill: { id: 'acme' },
    parameters: [
      ...range,
      parameter('span', 'How long a bucket is.', 'hour', { ...oneOf(SPANS), default: 'hour' }),
      parameter('what', 'What the buckets tell of.', 'decision', { ...oneOf(COUNTED), default: 'decision' }),
    ],
    sends: { query: 'span=hour&what=decision' },
    answers: [{ status: 200, description: 'The counts.', schema: 'Stats', examples: { two: examples.statsExample } }],
    problems: PROBLEMS,
  },
];
