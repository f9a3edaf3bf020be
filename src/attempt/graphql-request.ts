/**
 * The requests of a GraphQL body (GraphQL over HTTP, "Request Parameters"): one, or a list as Apollo Server takes it.
 * A member that some server would read a document from, and this one would not, is refused.
 */
import { childPointer, looseName } from './fields.ts';
import type { GivenVariables } from './graphql-variables.ts';
import type { Json } from './json-body.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

export const BATCH_LIMIT = 10;

/** ASP.NET and Go read names without regard to case: `Query` beside `query` would be a second document to them. */
const MEMBERS = ['query', 'operationName', 'variables', 'extensions'];
const PERSISTED = 'persistedQuery';

export interface GraphqlRequest {
  /** Where the request stands in the body: empty, or `/0` in a batch. */
  readonly pointer: string;
  readonly document: string;
  readonly operationName: string | null;
  readonly variables: GivenVariables;
}

export interface GraphqlRequests {
  readonly isBatch: boolean;
  readonly requests: readonly GraphqlRequest[];
}

type Persisted = Readonly<Record<string, string>>;
type JsonObject = Readonly<Record<string, Json>>;

export async function readRequests(root: Json, persisted: Persisted): Promise<Read<GraphqlRequests>> {
  const isBatch = Array.isArray(root);
  const members: readonly Json[] = isBatch ? root : [root];
  if (members.length === 0 || members.length > BATCH_LIMIT) {
    return unreadable({ because: 'graphql_batch', limit: BATCH_LIMIT });
  }
  const requests: GraphqlRequest[] = [];
  for (const [index, member] of members.entries()) {
    const place = { pointer: isBatch ? `/${index}` : '', batch: isBatch ? members.length : null };
    const request = await readRequest(member, place, persisted);
    if (!request.ok) return request;
    requests.push(request.value);
  }
  return readable({ isBatch, requests });
}

interface Place {
  readonly pointer: string;
  /** How many requests there are in its batch; null where there is none. */
  readonly batch: number | null;
}

async function readRequest(member: Json, place: Place, persisted: Persisted): Promise<Read<GraphqlRequest>> {
  const { pointer } = place;
  if (!isObject(member)) return refuse(pointer);
  const unknown = Object.keys(member).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) return refuse(childPointer(pointer, unknown));
  const { query = null, operationName = null, variables = null, extensions = null } = member;
  if (query !== null && typeof query !== 'string') return refuse(`${pointer}/query`);
  if (operationName !== null && typeof operationName !== 'string') return refuse(`${pointer}/operationName`);
  if (variables !== null && !isObject(variables)) return refuse(`${pointer}/variables`);
  if (extensions !== null && !isObject(extensions)) return refuse(`${pointer}/extensions`);
  const hash = readHash(extensions ?? {}, `${pointer}/extensions`);
  if (!hash.ok) return hash;
  const document = await findDocument({ query, hash: hash.value }, place, persisted);
  if (!document.ok) return document;
  // Some clients send "": servers that look for an operation of that name find none, others take the only one.
  return readable({
    pointer,
    document: document.value,
    operationName: operationName || null,
    variables: variables ?? {},
  });
}

function refuse(field: string) {
  return unreadable({ because: 'graphql_member', field });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Apollo's persisted queries: `{"persistedQuery":{"version":1,"sha256Hash":"…"}}`. */
function readHash(extensions: JsonObject, pointer: string): Read<string | null> {
  for (const name of Object.keys(extensions)) {
    if (name !== PERSISTED && looseName(name) === looseName(PERSISTED)) return refuse(childPointer(pointer, name));
  }
  const persisted = extensions[PERSISTED] ?? null;
  if (persisted === null) return readable(null);
  const { version, sha256Hash, ...others } = isObject(persisted) ? persisted : {};
  const isKnown = version === 1 && typeof sha256Hash === 'string' && Object.keys(others).length === 0;
  return isKnown ? readable(sha256Hash) : refuse(`${pointer}/${PERSISTED}`);
}

interface Asked {
  readonly query: string | null;
  readonly hash: string | null;
}

async function findDocument(
  { query, hash }: Asked,
  { pointer, batch }: Place,
  persisted: Persisted,
): Promise<Read<string>> {
  if (query === null) {
    if (hash === null) return unreadable({ because: 'missing', field: `${pointer}/query` });
    const document = Object.hasOwn(persisted, hash) ? persisted[hash] : undefined;
    // What was configured under a hash that is not its own would be read for what the server executes.
    const isKnown = document !== undefined && hash === (await sha256(document));
    return isKnown ? readable(document) : unreadable({ because: 'graphql_persisted', batch });
  }
  // A server that trusted the hash alone would keep the text under it, for everybody.
  const isTrue = hash === null || hash === (await sha256(query));
  return isTrue ? readable(query) : unreadable({ because: 'graphql_persisted_mismatch' });
}

async function sha256(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
