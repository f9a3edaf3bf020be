/**
 * The payments of a GraphQL route, ready to be looked for in requests and in their answers.
 */
import type { GraphqlRoute, PaymentOperation } from '../attempt/graphql-route.ts';
import { compileReading } from '../attempt/reading-rules.ts';
import type { OutcomeRules } from '../outcome/answer-reader.ts';
import { pointersOf } from '../outcome/graphql-answer.ts';
import type { OperationConfig } from './operation-schema.ts';
import { compileOutcome } from './outcome-policy.ts';
import type { RouteConfig } from './route-schema.ts';

export interface GraphqlPolicy {
  readonly reading: GraphqlRoute;
  /** What a payment's result means, by its operation's field. */
  readonly outcomes: ReadonlyMap<string, OutcomeRules>;
}

/** Null for a route that is read as one request. */
export function compileGraphql(route: RouteConfig): GraphqlPolicy | null {
  const { operations = [], persisted = {}, not_card_fields: notCards, processor = null } = route;
  if (route.body !== 'graphql') return null;
  const outcomes = new Map(operations.map(({ field, outcome }) => [field, compileOutcome(outcome, processor)]));
  const compiled = operations.map((operation) => compileOperation(operation, route));
  return { reading: { operations: compiled, persisted, notCards }, outcomes };
}

function compileOperation(operation: OperationConfig, { kind }: RouteConfig): PaymentOperation {
  const { tells, reads } = pointersOf(compileOutcome(operation.outcome, null));
  return {
    field: operation.field,
    kind: operation.kind ?? kind,
    reading: compileReading(operation),
    tells: operation.tells ?? (operation.tells_by_type === undefined ? tells : []),
    tellsByType: new Map(Object.entries(operation.tells_by_type ?? {})),
    reads,
  };
}
