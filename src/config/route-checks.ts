/**
 * What the fields of a route mean together, once each is well-formed. Paths are within the route.
 */
import { fullAllowance } from '../attempt/graphql-allowance.ts';
import { readGraphqlDocument } from '../attempt/graphql-document.ts';
import { type Places, placesOf } from '../attempt/reading-rules.ts';
import type { Fault } from './faults.ts';
import type { OperationConfig } from './operation-schema.ts';
import { answerSchema, type OutcomeConfig } from './outcome-schema.ts';
import type { RouteConfig } from './route-schema.ts';

export function checkReading(route: RouteConfig): readonly Fault[] {
  const faults = route.body === 'graphql' ? checkGraphql(route) : checkBody(route);
  const isEverywhere = route.match.path === '*' && route.match.query === undefined;
  const isMisplaced = route.access === 'shopper' && route.accepts !== undefined;
  return [
    ...(isEverywhere ? [{ path: '/match/path', message: '* needs a query that tells the route' }] : []),
    ...(isMisplaced ? [{ path: '/accepts', message: 'is for routes whose access is server' }] : []),
    ...faults,
  ];
}

function checkBody(route: RouteConfig): readonly Fault[] {
  const { match, fields, attached_to: attachedTo, continues, body } = route;
  const found = [...checkCard(route)];
  if (body === 'sealed' && fields.card_number === undefined) {
    found.push({ path: '/fields/card_number', message: 'must say where the card stands in what is sealed' });
  }
  const isOfPath = (place: string) => place.startsWith('/') || match.path.split('/').includes(place);
  if (attachedTo !== undefined && !isOfPath(attachedTo)) {
    found.push({ path: '/attached_to', message: `the path has no ${attachedTo}` });
  }
  if (continues !== undefined && !isOfPath(continues)) {
    found.push({ path: '/continues', message: `the path has no ${continues}` });
  }
  if (!placesOf(fields.token).every(isOfPath)) {
    found.push({ path: '/fields/token', message: 'the path has no variable of this name' });
  }
  if (typeof body !== 'string' && new Set(body).size < body.length) {
    found.push({ path: '/body', message: 'a format is named twice' });
  }
  for (const name of ['operations', 'persisted'] as const) {
    if (route[name] !== undefined) found.push({ path: `/${name}`, message: 'goes with "body": "graphql"' });
  }
  return found;
}

interface WithCard {
  readonly card?: 'required' | 'optional' | undefined;
  readonly fields: Readonly<Partial<Record<'card_number' | 'card_fingerprint' | 'token', Places | undefined>>>;
}

function checkCard({ card, fields }: WithCard): readonly Fault[] {
  const all = [fields.card_number, fields.card_fingerprint, fields.token].flatMap(placesOf);
  const isNowhere = card === 'required' && all.length === 0;
  const isTwofold = new Set(all).size < all.length;
  return [
    ...(isNowhere ? [{ path: '/card', message: 'is required, and fields name no place of it' }] : []),
    ...(isTwofold ? [{ path: '/fields', message: 'one place is read as two things' }] : []),
  ];
}

/** What says of a whole body what each operation says of itself. */
const OF_OPERATIONS = [
  'fields',
  'card',
  'not_tokens',
  'pairs',
  'attempt_unless',
  'attached_to',
  'continues',
  'refuse_containing',
  'outcome',
] as const;
const NO_OUTCOME = JSON.stringify(answerSchema.parse({}));

function checkGraphql(route: RouteConfig): readonly Fault[] {
  const { operations = [], persisted = {} } = route;
  const misplaced = OF_OPERATIONS.filter((name) => isWritten(name, route[name]));
  return [
    ...(operations.length > 0 ? [] : [{ path: '/operations', message: 'must name the payments of a graphql route' }]),
    ...misplaced.map((name) => ({ path: `/${name}`, message: 'means nothing on a graphql route' })),
    ...operations.flatMap((operation, index) => {
      const isTwice = operations.findIndex(({ field }) => field === operation.field) !== index;
      const faults = isTwice ? [{ path: '/field', message: 'is that of an earlier operation' }] : [];
      return at(`/operations/${index}`, [...faults, ...checkOperation(operation)]);
    }),
    ...Object.entries(persisted).flatMap(([hash, document]) => {
      const message = 'cannot be read as a GraphQL document';
      return isDocument(document) ? [] : [{ path: `/persisted/${hash}`, message }];
    }),
  ];
}

/** Defaults are filled in by now: what is as if it had not been written is let be. */
function isWritten(name: (typeof OF_OPERATIONS)[number], value: unknown): boolean {
  if (value === undefined) return false;
  if (name === 'outcome') return JSON.stringify(value) !== NO_OUTCOME;
  return name === 'attempt_unless' || typeof value === 'string' || Object.keys(Object(value)).length > 0;
}

function checkOperation(operation: OperationConfig): readonly Fault[] {
  const { outcome, tells, tells_by_type } = operation;
  const isLeft = tells !== undefined || tells_by_type !== undefined;
  const told = [...(tells ?? []), ...Object.values(tells_by_type ?? {}).flat()];
  const unasked = failurePointers(outcome).find((pointer) => isLeft && !told.includes(pointer));
  const message = `must hold ${unasked}, or a request that leaves it out hides a failure`;
  return [
    ...checkCard(operation),
    ...checkStatusAlone(outcome),
    ...(unasked === undefined ? [] : [{ path: '/tells', message }]),
  ];
}

/** GraphQL answers 200 to a decline: a status alone tells nothing. */
function checkStatusAlone(outcome: OutcomeConfig): readonly Fault[] {
  return (['succeeded', 'pending', 'unknown'] as const).flatMap((list) =>
    outcome[list].flatMap(({ json = {} }, index) => {
      const message = 'needs a json condition: GraphQL answers 200 to a decline';
      return Object.keys(json).length > 0 ? [] : [{ path: `/outcome/${list}/${index}`, message }];
    }),
  );
}

function failurePointers({ failed }: OutcomeConfig): readonly string[] {
  return failed.flatMap(({ json = {} }) => Object.keys(json));
}

function isDocument(text: string): boolean {
  return readGraphqlDocument(text, '', fullAllowance()).ok;
}

function at(place: string, faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ path, message }) => ({ path: `${place}${path}`, message }));
}
