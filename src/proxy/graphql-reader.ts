/**
 * A request on a GraphQL route becomes the payments in it: none, one, or many. What could pay without being seen here,
 * by its URL or through a WebSocket, is refused.
 */
import { readDeclaration, wholeBytes } from '../attempt/body.ts';
import { checkUrl } from '../attempt/card-field.ts';
import { readGraphqlBody } from '../attempt/graphql-body.ts';
import { checkGraphqlQuery, checkGraphqlUrl } from '../attempt/graphql-url.ts';
import { NOTHING_READ } from '../attempt/reading-rules.ts';
import { type Read, readable, unreadable } from '../attempt/unreadable.ts';
import type { GraphqlPolicy } from '../config/graphql-policy.ts';
import type { Route } from '../config/policy.ts';
import type { Trial } from './trial.ts';
import type { Sent, Visit } from './visit.ts';

/** Everything that the request's body pays. */
export async function readGraphqlAttempts(
  { visit, held }: Sent,
  { formats, outcomes, reading }: Pick<Route, 'formats'> & GraphqlPolicy,
): Promise<Read<readonly Trial[]>> {
  if (isWebSocket(visit.request)) return unreadable({ because: 'graphql_websocket' });
  const url = checkGraphqlUrl(visit.url);
  if (!url.ok) return url;
  const format = readDeclaration(visit.headers, formats);
  if (!format.ok) return format;
  const bytes = wholeBytes(held);
  if (!bytes.ok) return bytes;
  const read = await readGraphqlBody(bytes.value, reading);
  if (!read.ok) return read;
  const { isBatch = false, payments = [] } = read.value ?? {};
  return readable(
    payments.flatMap(({ operation: { field, kind }, request, responsePath, reading: tried }): readonly Trial[] => {
      const rules = outcomes.get(field);
      if (rules === undefined) throw new Error(`no outcome for ${field}`);
      return [{ kind, reading: tried, told: { by: 'result', payment: { request, responsePath, rules }, isBatch } }];
    }),
  );
}

/** Refuses a safe request on a guarded path that could pay after all. */
export async function checkSafe({ request, url }: Visit, { graphql }: Route): Promise<Read<null>> {
  const query = checkUrl(url, NOTHING_READ);
  if (!query.ok || graphql === null) return query;
  // graphql-ws sends mutations as messages, of which nothing is seen here.
  if (isWebSocket(request)) return unreadable({ because: 'graphql_websocket' });
  return checkGraphqlQuery(url, graphql.reading);
}

function isWebSocket({ headers }: Request): boolean {
  return /websocket/i.test(headers.get('upgrade') ?? '');
}
