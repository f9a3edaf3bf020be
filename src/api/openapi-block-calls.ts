/**
 * Described: what is shut, and letting a payer in again.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS, pageParameters } from './openapi-call.ts';
import * as examples from './openapi-examples.ts';

export const blockCalls: readonly DescribedCall[] = [
  {
    operationId: 'listBlocks',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/blocks',
    tag: 'Blocks',
    summary: 'List what is shut',
    description:
      'Every key that a rule has shut, by which rule and until when, a page at a time. Rules in `shadow` are among them, and say so.',
    who: ['manage'],
    fill: { id: 'acme' },
    parameters: pageParameters('Blocks on a page.', 1_000),
    sends: { query: 'limit=100' },
    answers: [{ status: 200, description: 'A page.', schema: 'Blocks', examples: { one: examples.blocksExample } }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request'],
  },
  {
    operationId: 'liftBlock',
    method: 'delete',
    path: '/.cordon/v1/merchants/{id}/blocks/{block_id}',
    tag: 'Blocks',
    summary: 'Lift one block',
    description: 'Opens one key and clears its counter. Other blocks on the same payer stay: see unblock.',
    who: ['manage'],
    fill: { id: 'acme', block_id: '$BLOCK' },
    answers: [{ status: 204, description: 'Lifted.' }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request'],
  },
  {
    operationId: 'unblock',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/unblock',
    tag: 'Blocks',
    summary: 'Let a payer in again',
    description:
      'For whoever was refused by mistake. Give what you know of the payer: every hold on any of it is lifted and named, and the counters behind are cleared; in force everywhere within two seconds. Holds by a whole BIN, the domain of an e-mail address or the merchant are of others, too: they are named in `shared_holds` and stay, each to be lifted by its id; holds by a network or a country stand in the list of blocks.',
    who: ['manage'],
    fill: { id: 'acme' },
    request: { schema: 'UnblockRequest', example: examples.unblockRequestExample },
    answers: [
      { status: 200, description: 'What was lifted.', schema: 'Lifted', examples: { one: examples.liftedExample } },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found'],
  },
];
