/**
 * Described: imported lists.
 */
import { BODY_PROBLEMS, type DescribedCall } from './openapi-call.ts';
import * as examples from './openapi-examples.ts';

const SCHEMA_OF_KIND = { type: 'string', enum: ['addresses', 'networks', 'bins'], default: 'addresses' };

export const feedCalls: readonly DescribedCall[] = [
  {
    operationId: 'putFeed',
    method: 'put',
    path: '/.cordon/v1/feeds/{name}',
    tag: 'Feeds',
    summary: 'Import a list',
    description:
      'Imports the text that is sent (`text/plain` or `text/csv`, 16 MiB at most), or, told where in JSON, has Cordon fetch it now and again whenever it is due. An address, a prefix, a range or a network (`AS64500`) a line, and perhaps a score from 0 to 100; for `networks` a network and its class, for `bins` 6 to 8 digits and a country. A text that is empty, mostly unreadable, too large, or less than a tenth of what it replaces is refused, and what was in force stays. In force everywhere within two minutes. Attempts of merchants whose `reputation.feeds` name it are looked up in it.',
    who: 'admin',
    fill: { name: 'bad-hosts' },
    parameters: [
      {
        name: 'kind',
        in: 'query',
        required: false,
        description: 'Of a text: `addresses`, `networks` (what they are for) or `bins` (whose a card is).',
        schema: SCHEMA_OF_KIND,
        example: 'addresses',
      },
      {
        name: 'score',
        in: 'query',
        required: false,
        description: 'Of a text: the score of lines that name none.',
        schema: { type: 'integer', minimum: 0, maximum: 100, default: 80 },
        example: '80',
      },
      {
        name: 'force',
        in: 'query',
        required: false,
        description: 'Of a text: `true` takes one that has shrunk to less than a tenth.',
        schema: { type: 'boolean', default: false },
        example: 'false',
      },
    ],
    request: { schema: 'FeedRequest', example: examples.feedRequestExample, text: examples.feedTextExample },
    answers: [
      { status: 200, description: 'Replaced.', schema: 'Feed' },
      { status: 201, description: 'Imported.', schema: 'Feed', examples: { uploaded: examples.feedExample } },
    ],
    problems: [...BODY_PROBLEMS, 'forbidden', 'conflict', 'unusable_feed'],
  },
  {
    operationId: 'listFeeds',
    method: 'get',
    path: '/.cordon/v1/feeds',
    tag: 'Feeds',
    summary: 'List imported lists',
    description: 'Every list, how old its content is, and why its last refresh failed, if it did.',
    who: 'admin',
    answers: [
      { status: 200, description: 'The lists.', schema: 'Feeds', examples: { one: { feeds: [examples.feedExample] } } },
    ],
    problems: ['forbidden'],
  },
  {
    operationId: 'getFeed',
    method: 'get',
    path: '/.cordon/v1/feeds/{name}',
    tag: 'Feeds',
    summary: 'Read about one list',
    description: 'What is known of it, its first bad lines among that. Not its content.',
    who: 'admin',
    fill: { name: 'bad-hosts' },
    answers: [{ status: 200, description: 'The list.', schema: 'Feed', examples: { uploaded: examples.feedExample } }],
    problems: ['forbidden', 'not_found'],
  },
  {
    operationId: 'deleteFeed',
    method: 'delete',
    path: '/.cordon/v1/feeds/{name}',
    tag: 'Feeds',
    summary: 'Delete a list',
    description: 'Merchants that still name it have a source that is silent, and their evaluations say so.',
    who: 'admin',
    fill: { name: 'bad-hosts' },
    answers: [{ status: 204, description: 'Deleted.' }],
    problems: ['forbidden', 'not_found'],
  },
];
