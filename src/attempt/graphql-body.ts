/**
 * The body of a GraphQL request: which payments it would execute, with their arguments and cards, or why that cannot
 * be told. Operations are counted, not requests: ten aliases in a batch are ten payments.
 */
import { type AttemptReading, readAttempt } from './attempt-reading.ts';
import { decodeBody } from './body.ts';
import { hides, isExempt } from './card-field.ts';
import type { Fields } from './fields.ts';
import { type Allowance, fullAllowance, spendOnSearch, TOO_COSTLY } from './graphql-allowance.ts';
import { type CardPlaces, hidesCardNumber } from './graphql-card-numbers.ts';
import { findDirective } from './graphql-directives.ts';
import { chooseOperation, readGraphqlDocument } from './graphql-document.ts';
import { findPayments, PAYMENTS_LIMIT, type SelectedPayment } from './graphql-payments.ts';
import { type GraphqlRequest, readRequests } from './graphql-request.ts';
import type { GraphqlRoute, PaymentOperation } from './graphql-route.ts';
import { readVariables } from './graphql-variables.ts';
import { type JsonDocument, readJsonDocument } from './json-body.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

export interface GraphqlPayment {
  readonly operation: PaymentOperation;
  /** Which request of the batch; 0 where there is none. */
  readonly request: number;
  /** The response names that lead to its result under `data`. */
  readonly responsePath: readonly string[];
  readonly fields: Fields;
  readonly reading: AttemptReading;
}

export interface GraphqlReading {
  /** Whether the answer is a list, in the order of the requests. */
  readonly isBatch: boolean;
  readonly payments: readonly [GraphqlPayment, ...GraphqlPayment[]];
}

/** Reads a body; null where it holds no payment: an ordinary request of the shop's API. */
export async function readGraphqlBody(bytes: Uint8Array, route: GraphqlRoute): Promise<Read<GraphqlReading | null>> {
  const text = decodeBody(bytes);
  if (!text.ok) return text;
  const document = readJsonDocument(text.value);
  return document.ok ? readGraphql(document.value, route) : document;
}

/** Reads requests that are JSON already, wherever they came from. */
export async function readGraphql(
  { root, fields }: JsonDocument,
  route: GraphqlRoute,
): Promise<Read<GraphqlReading | null>> {
  const requests = await readRequests(root, route.persisted);
  if (!requests.ok) return requests;
  const allowance = fullAllowance();
  const payments: GraphqlPayment[] = [];
  const allowed = new Set<string>();
  for (const [index, request] of requests.value.requests.entries()) {
    const read = readRequest(request, route, allowance);
    if (!read.ok) return read;
    for (const pointer of read.value.places.pointers) allowed.add(`${request.pointer}/variables${pointer}`);
    payments.push(...read.value.payments.map((payment) => ({ ...payment, request: index })));
  }
  const hidden = findHidden(fields, (pointer) => allowed.has(pointer) || isExempt(pointer, route.notCards), allowance);
  if (hidden !== null) return unreadable(hidden);
  const [first, ...others] = payments;
  if (payments.length > PAYMENTS_LIMIT) {
    return unreadable({ because: 'graphql_too_many_payments', limit: PAYMENTS_LIMIT });
  }
  return readable(first === undefined ? null : { isBatch: requests.value.isBatch, payments: [first, ...others] });
}

interface RequestReading {
  readonly payments: readonly Omit<GraphqlPayment, 'request'>[];
  readonly places: CardPlaces;
}

function readRequest(request: GraphqlRequest, route: GraphqlRoute, allowance: Allowance): Read<RequestReading> {
  const field = `${request.pointer}/query`;
  const document = readGraphqlDocument(request.document, field, allowance);
  if (!document.ok) return document;
  const operation = chooseOperation(document.value, request.operationName);
  if (!operation.ok) return operation;
  const variables = readVariables(operation.value, request.variables);
  if (!variables.ok) return variables;
  const scope = { fragments: document.value.fragments, variables: variables.value, allowance };
  const selected = findPayments(operation.value, route.operations, scope);
  if (!selected.ok) return selected;
  const places = placesOf(selected.value);
  if (hidesCardNumber(document.value, places, allowance)) return unreadable({ because: 'hidden_card_number', field });
  const directive = selected.value.length > 0 ? findDirective(document.value) : null;
  if (directive !== null) return unreadable({ because: 'graphql_directive', name: directive });
  return readPayments(selected.value, places);
}

/** A payment's arguments are read as a body is. */
function readPayments(selected: readonly SelectedPayment[], places: CardPlaces): Read<RequestReading> {
  const payments: Omit<GraphqlPayment, 'request'>[] = [];
  for (const { operation, responsePath, merged } of selected) {
    const [{ fields }] = merged;
    const readings = readAttempt(fields, operation.reading, new Map());
    if (!readings.ok) return readings;
    payments.push(...readings.value.map((reading) => ({ operation, responsePath, fields, reading })));
  }
  return readable({ payments, places });
}

/** Where the payments' own card fields were written, and what the merchant says is no card. */
function placesOf(selected: readonly SelectedPayment[]): CardPlaces {
  const places: CardPlaces = { literals: new Set(), pointers: new Set(), variables: new Set(), uses: new Set() };
  for (const { operation, merged } of selected) {
    for (const { sources, uses } of merged) {
      for (const use of uses) places.uses.add(use);
      for (const [at, { literal, variable, pointer }] of sources) {
        const isCard = operation.reading.numbers.includes(at);
        if (!isCard && !isExempt(at, operation.reading.notCards)) continue;
        if (literal === null) places.pointers.add(pointer);
        else places.literals.add(literal);
        if (isCard && variable !== null) places.variables.add(variable);
      }
    }
  }
  return places;
}

/** The documents are read as documents; everything else in the body is looked at here. */
function findHidden(fields: Fields, isMeant: (pointer: string) => boolean, allowance: Allowance): Unreadable | null {
  for (const [pointer, value] of fields) {
    if (/^(?:\/\d+)?\/query$/.test(pointer) || isMeant(pointer)) continue;
    if (!spendOnSearch(allowance, `${pointer}${String(value)}`)) return TOO_COSTLY;
    if (hides(pointer, value)) return { because: 'hidden_card_number', field: pointer };
  }
  return null;
}
