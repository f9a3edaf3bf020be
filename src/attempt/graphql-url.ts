/**
 * GraphQL in a URL: beside a body some servers let it win, and by itself it may be a query, never a payment.
 */
import { looseName } from './fields.ts';
import { readGraphql } from './graphql-body.ts';
import type { GraphqlRoute } from './graphql-route.ts';
import { type Json, readJson, readJsonDocument } from './json-body.ts';
import { pairsOf, type RequestUrl } from './request-url.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

/** What servers execute, and by which names clients ask for a stored document. */
const EXECUTED = [
  'query',
  'mutation',
  'operationname',
  'variables',
  'extensions',
  'id',
  'documentid',
  'docid',
  'queryid',
  'hash',
  'sha256hash',
];
const TEXTS = ['query', 'operationName'];
const JSON_TEXTS = ['variables', 'extensions'];

/** Refuses the URL of an unsafe request that says what to execute: the body alone says it. */
export function checkGraphqlUrl(url: RequestUrl): Read<null> {
  const field = executedIn(pairsOf(url))[0];
  return field === undefined ? readable(null) : unreadable({ because: 'graphql_in_url', field });
}

/** Refuses a safe request (GET) whose URL could be executed as a payment. Other queries pass. */
export async function checkGraphqlQuery(url: RequestUrl, route: GraphqlRoute): Promise<Read<null>> {
  const names = executedIn(pairsOf(url));
  const [field] = names;
  if (field === undefined) return readable(null);
  // Some servers split there: they see another query. Clients encode it.
  if (url.search.includes(';')) return unreadable({ because: 'graphql_in_url', field });
  const unknown = names.find((name, i) => ![...TEXTS, ...JSON_TEXTS].includes(name) || names.indexOf(name) !== i);
  if (unknown !== undefined) return unreadable({ because: 'graphql_in_url', field: unknown });
  const request = requestOf(url.searchParams);
  if (!request.ok) return request;
  const document = readJsonDocument(JSON.stringify(request.value));
  const reading = document.ok ? await readGraphql(document.value, route) : document;
  if (!reading.ok) return reading;
  return reading.value === null ? readable(null) : unreadable({ because: 'graphql_in_url', field });
}

function requestOf(parameters: URLSearchParams): Read<Json> {
  const request: Record<string, Json> = {};
  for (const name of TEXTS) {
    const text = parameters.get(name);
    if (text !== null) request[name] = text;
  }
  for (const name of JSON_TEXTS) {
    const text = parameters.get(name);
    if (text === null || text === '') continue;
    const value = readJson(text);
    if (!value.ok) return value;
    request[name] = value.value;
  }
  return readable(request);
}

function executedIn(pairs: readonly (readonly [string, string])[]): readonly string[] {
  return pairs.map(([name]) => name).filter(isExecuted);
}

/** PHP and Express read `query[]` and `query[x]` as `query` too. */
function isExecuted(name: string): boolean {
  return EXECUTED.includes(looseName(name.replace(/[[.].*$/s, '')));
}
