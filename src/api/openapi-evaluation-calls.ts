/**
 * Described: asking before a payment and telling after it.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';
import * as examples from './openapi-examples.ts';

export const evaluationCalls: readonly DescribedCall[] = [
  {
    operationId: 'createEvaluation',
    method: 'post',
    path: '/.cordon/v1/evaluations',
    tag: 'Evaluations',
    summary: 'Ask before a payment',
    description:
      'Ask before the processor is asked; the answer is 200 whatever the decision. `allow` and `review` go on to the processor and hold a place among the attempts in flight until you report the outcome. With an `Idempotency-Key` the call may be sent again: the same body gets the same answer for 24 hours.',
    who: ['evaluate'],
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: false,
        description:
          "1 to 255 visible ASCII characters, kept for 24 hours. One of your own making for each try: not the order's, or a second try gets the first answer.",
        schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
        example: 'try-1001',
      },
    ],
    sends: { headers: { 'Idempotency-Key': 'try-1001' } },
    request: { schema: 'EvaluationRequest', example: examples.evaluationRequestExample },
    answers: [
      {
        status: 200,
        description: 'The evaluation.',
        schema: 'Evaluation',
        examples: {
          allowed: examples.allowedExample,
          blocked: examples.blockedExample,
          'in flight': examples.inFlightExample,
        },
      },
    ],
    problems: [...BODY_PROBLEMS, 'forbidden', 'not_found', 'idempotency_key_reused', 'gate_unavailable'],
  },
  {
    operationId: 'reportOutcome',
    method: 'post',
    path: '/.cordon/v1/evaluations/{id}/outcome',
    tag: 'Evaluations',
    summary: 'Tell what became of it',
    description:
      'Tell every outcome, also success: it frees the place. The same outcome again is 200 and changes nothing. `pending` and `unknown` are settled by a later word. A `failed` after a `succeeded` is answered 409, yet counted and marked `contradicted`.',
    who: ['report'],
    fill: { id: '$EVALUATION' },
    request: { schema: 'OutcomeRequest', example: examples.outcomeRequestExample },
    answers: [
      {
        status: 200,
        description: 'The evaluation with its outcome.',
        schema: 'ToldEvaluation',
        examples: { failed: examples.toldExample },
      },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'outcome_conflict'],
  },
  {
    operationId: 'getEvaluation',
    method: 'get',
    path: '/.cordon/v1/evaluations/{id}',
    tag: 'Evaluations',
    summary: 'Read an evaluation',
    description: 'The evaluation on record, with its outcome. Kept for at least 24 hours.',
    who: ['evaluate', 'report'],
    fill: { id: '$EVALUATION' },
    answers: [
      {
        status: 200,
        description: 'The evaluation with its outcome.',
        schema: 'ToldEvaluation',
        examples: { failed: examples.toldExample },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found'],
  },
];
