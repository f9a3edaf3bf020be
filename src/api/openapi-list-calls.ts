/**
 * Described: deny and allow lists.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS, pageParameters } from './openapi-call.ts';
import * as examples from './openapi-list-examples.ts';

const path = '/.cordon/v1/merchants/{id}/lists/{list}';
const fill = { id: 'acme', list: 'deny' };

export const listCalls: readonly DescribedCall[] = [
  {
    operationId: 'putListItem',
    method: 'post',
    path,
    tag: 'Lists',
    summary: 'Deny or allow somebody',
    description:
      'In force at the next attempt. The same item again gets another reason and end. Who is denied is refused before anything else is looked at; an item of the allow list sets aside what docs/lists.md says of its type, and never a counter. As `text/csv` it imports many: the first line names the columns `type`, `value`, `reason`, `expires_at`; good lines go in, the others are reported by their number.',
    who: ['manage'],
    fill,
    parameters: [
      {
        name: 'dry_run',
        in: 'query',
        required: false,
        description: 'Of CSV: `true` looks at every line and puts nothing.',
        schema: { type: 'string', enum: ['true', 'false'], default: 'false' },
        example: 'false',
      },
      {
        name: 'reason',
        in: 'query',
        required: false,
        description: 'Of CSV: for lines that give none.',
        schema: { type: 'string' },
        example: '',
      },
      {
        name: 'expires_at',
        in: 'query',
        required: false,
        description: 'Of CSV: for lines that give none.',
        schema: { type: 'string' },
        example: '',
      },
    ],
    request: {
      schema: 'ListItemRequest',
      example: examples.listItemRequestExample,
      csv: 'type,value,reason\nip,203.0.113.9,chargebacks\nemail_domain,mail.example,made for testing\n',
    },
    answers: [
      { status: 201, description: 'The item.', schema: 'ListItem', examples: { one: examples.listItemExample } },
      {
        status: 200,
        description: 'The item, which was there; or what became of an import.',
        schema: 'ListPut',
        examples: { again: examples.listItemExample, imported: examples.importedExample },
      },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'list_limit'],
  },
  {
    operationId: 'listItems',
    method: 'get',
    path,
    tag: 'Lists',
    summary: 'Look through a list',
    description:
      'The items in force, by type and value, a page at a time; or those of one type; or whether one value stands there, however it is written.',
    who: ['manage'],
    fill,
    parameters: [
      {
        name: 'type',
        in: 'query',
        required: false,
        description: 'Items of this type.',
        schema: { type: 'string' },
        example: 'ip',
      },
      {
        name: 'value',
        in: 'query',
        required: false,
        description: 'With `type`: this item alone.',
        schema: { type: 'string' },
        example: '203.0.113.9',
      },
      ...pageParameters('Items on a page.', 1_000),
    ],
    sends: { query: 'type=ip' },
    answers: [
      { status: 200, description: 'A page.', schema: 'ListItems', examples: { one: examples.listItemsExample } },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request'],
  },
  {
    operationId: 'removeListItem',
    method: 'delete',
    path: `${path}/{item_id}`,
    tag: 'Lists',
    summary: 'Take somebody off a list',
    description: 'Gone at the next attempt.',
    who: ['manage'],
    fill: { ...fill, item_id: '$ITEM' },
    answers: [{ status: 204, description: 'Removed.' }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request'],
  },
];
