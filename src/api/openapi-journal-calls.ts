/**
 * Described: looking after the record.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';

const letter = {
  id: '0f3a9c1e',
  kept_at: '2026-11-21T03:00:00.000Z',
  expires_at: '2026-12-21T03:00:00.000Z',
  why: 'not taken in after all its retries',
  entries: 12,
} as const;
const remains = [
  { what: 'counters', for_seconds: 3_600 },
  { what: 'outcomes', for_seconds: 604_800 },
  { what: 'card_names', for_seconds: 7_776_000 },
] as const;

export const journalCalls: readonly DescribedCall[] = [
  {
    operationId: 'erasePerson',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/erasures',
    tag: 'Record',
    summary: "Take one person's data out of the record",
    description:
      "Removes address, card, customer and session, and the processor's ids of the payments, from every decision that any of the given names finds, and the names from the log of changes. What happened stays, without whom it happened to; totals name nobody. Up to 10,000 decisions a call: ask again until `is_complete`. What is still in the queue is not reached: ask once more a quarter of an hour later. `remains` is what the gate still counts by, and for how long at most: without it a block would end with a letter to the shop. A customer's passkeys go, and his and his card's history of payments; payments still on record begin no new one. E-mail addresses are not on record, so one finds nothing.",
    who: ['manage'],
    fill: { id: 'acme' },
    request: { schema: 'ErasureRequest', example: { customer_id: 'cus_1', ip: '203.0.113.9' } },
    answers: [
      {
        status: 200,
        description: 'What was removed.',
        schema: 'Erased',
        examples: { done: { decisions: 41, changes: 1, list_items: 0, passkeys: 2, is_complete: true, remains } },
      },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'storage_unavailable'],
  },
  {
    operationId: 'listDeadLetters',
    method: 'get',
    path: '/.cordon/v1/journal/dead-letters',
    tag: 'Record',
    summary: 'What the record could not take in',
    description:
      'Messages with decisions and outcomes that could not be put into D1: all retries are used up, or an entry is none. Each is kept for 30 days.',
    who: 'admin',
    parameters: [
      {
        name: 'limit',
        in: 'query',
        required: false,
        description: 'How many at most.',
        schema: { type: 'integer', minimum: 1, maximum: 50, default: 50 },
        example: '50',
      },
      {
        name: 'cursor',
        in: 'query',
        required: false,
        description: 'The `next_cursor` of the page before.',
        schema: { type: 'string' },
        example: 'AAAA',
      },
    ],
    answers: [
      {
        status: 200,
        description: 'A page of them.',
        schema: 'DeadLetters',
        examples: { one: { dead_letters: [letter], next_cursor: null }, none: { dead_letters: [], next_cursor: null } },
      },
    ],
    problems: ['forbidden', 'invalid_request', 'storage_unavailable'],
  },
  {
    operationId: 'replayDeadLetters',
    method: 'post',
    path: '/.cordon/v1/journal/replay',
    tag: 'Record',
    summary: 'Try them again',
    description:
      'Puts a page of dead letters, or those that are named, through the same insert once more. What is taken in is deleted; done twice it is the same as once.',
    who: 'admin',
    request: { schema: 'ReplayRequest', example: {} },
    answers: [
      {
        status: 200,
        description: 'How many went in, and what did not.',
        schema: 'Replayed',
        examples: {
          all: { replayed: 3, left: [], next_cursor: null },
          some: { replayed: 2, left: [{ id: letter.id, why: 'no JSON' }], next_cursor: null },
        },
      },
    ],
    problems: [...BODY_PROBLEMS, 'forbidden', 'storage_unavailable'],
  },
  {
    operationId: 'reconcileRecord',
    method: 'post',
    path: '/.cordon/v1/journal/reconcile',
    tag: 'Record',
    summary: "Compare the record with a merchant's gate",
    description:
      'What the gate has of the last seven days, 500 lines a call, and the record has not, is put in: an isolate that ended may not have sent it. The cron does the same a step at a time; nothing is counted twice.',
    who: 'admin',
    request: { schema: 'ReconcileRequest', example: { merchant: 'acme' } },
    answers: [
      {
        status: 200,
        description: 'What was found.',
        schema: 'Reconciled',
        examples: {
          agreed: { checked: 214, decisions_added: 0, outcomes_added: 0, outcomes_removed: 0, next_cursor: null },
        },
      },
    ],
    problems: [...BODY_PROBLEMS, 'forbidden', 'not_found', 'gate_unavailable', 'storage_unavailable'],
  },
];
