/**
 * `/.cordon/v1/merchants/{id}/lists/{deny|allow}`: items one by one or many as CSV, listed and removed. In force, and
 * gone, at the next attempt. Who did, and why, stays on record.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import type { ItemQuery, NewItem } from '../gate/list-messages.ts';
import { ITEMS_LIMIT, LISTS, type ListName, type Name } from '../lists/item.ts';
import { problem } from '../wire.ts';
import { nameOf } from './bearer.ts';
import { cardsOf } from './identities.ts';
import { auditedItem, idOf, keptValue, nameIn, toldOf } from './list-items.ts';
import { expirySchema, type ListItemRequest, listItemSchema, reasonSchema, typeSchema } from './list-schemas.ts';
import { Lists } from './lists.ts';
import { audit, managing, unsure } from './managing.ts';
import { type ApiContext, type ApiVariables, bodyOf, bodyText, countOf, inertAnswer, strangeQuery } from './request.ts';

const PAGE = { byDefault: 100, most: 1_000 };
const CSV_LIMIT_BYTES = 32 * 1024 * 1024;

export function listCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const lists = new Lists(environment);
  const managed = managing(environment, policies);

  /** The merchant and the list of the path, once the caller may manage it. */
  async function listed(c: ApiContext): Promise<Listing | Response> {
    const list = LISTS.find((one) => one === c.req.param('list'));
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    return list === undefined
      ? problem('not_found', { detail: 'there are the lists deny and allow' })
      : { policy, list };
  }

  calls.get('/:id/lists/:list', async (c) => {
    const listing = await listed(c);
    if (listing instanceof Response) return listing;
    const { policy, list } = listing;
    const query = await queryOf(c, listing);
    if (query instanceof Response) return query;
    const page = await lists.page(policy, query);
    if (page === null) return problem('gate_unavailable');
    const next_cursor = page.next === null ? null : idOf(page.next);
    return inertAnswer({ items: page.items.map((item) => toldOf(list, item)), next_cursor });
  });

  calls.post('/:id/lists/:list', async (c) => {
    const listing = await listed(c);
    if (listing instanceof Response) return listing;
    const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
    return type === 'text/csv' ? importCsv(c, listing) : addOne(c, listing);
  });

  calls.delete('/:id/lists/:list/:item', async (c) => {
    const listing = await listed(c);
    if (listing instanceof Response) return listing;
    const { policy, list } = listing;
    const name = nameIn(c.req.param('item'));
    if (name === null) return problem('not_found');
    const removed = await lists.remove(policy, list, name);
    if (removed === null) return unsure(c, `list.${list}_remove`);
    if (removed === false) return problem('not_found');
    policies.forget();
    audit(c, `list.${list}_remove`, { before: auditedItem(list, removed) });
    return c.body(null, 204);
  });

  async function addOne(c: ApiContext, { policy, list }: Listing): Promise<Response> {
    const strange = strangeQuery(c, []);
    if (strange !== null) return strange;
    const body = await bodyOf(c, listItemSchema);
    if (body instanceof Response) return body;
    const item = await itemOf(body.value, { policy, list }, Date.now());
    if ('path' in item) return problem('invalid_attempt', { errors: [item] });
    const what = `list.${list}_put`;
    const put = await lists.put(policy, { list, actor: nameOf(c.get('bearer').caller), items: [item] });
    if (put === null) return unsure(c, what);
    if (put.kind === 'full')
      return problem('list_limit', { detail: `${ITEMS_LIMIT} items at most, both lists together` });
    await lists.tellKv(policy, put.word);
    policies.forget();
    audit(c, what, { after: auditedItem(list, item) });
    const page = await lists.page(policy, { list, type: item.type, value: item.value, after: null, limit: 1 });
    const [kept] = page?.items ?? [];
    if (kept === undefined) return problem('gate_unavailable', { detail: 'it was put, and cannot be told' });
    return inertAnswer(toldOf(list, kept), put.added > 0 ? 201 : 200);
  }

  async function importCsv(c: ApiContext, { policy, list }: Listing): Promise<Response> {
    const defaults = defaultsOf(c);
    if (defaults instanceof Response) return defaults;
    const text = await bodyText(c, CSV_LIMIT_BYTES);
    if (text instanceof Response) return text;
    const { importItems } = await import('./list-import.ts');
    const actor = nameOf(c.get('bearer').caller);
    const result = await importItems(text, { list, policy, actor, ...defaults, now: Date.now() }, lists);
    if (!result.ok) return problem('invalid_attempt', { errors: [{ path: 'line 1', message: result.message }] });
    const { lines: _, ...told } = result.imported;
    policies.forget();
    if (!defaults.isTrial) audit(c, `list.${list}_import`, { after: { list, ...told } });
    return inertAnswer(result.imported);
  }

  return calls;
}

interface Listing {
  readonly policy: Policy;
  readonly list: ListName;
}

interface Fault {
  readonly path: string;
  readonly message: string;
}

async function itemOf(said: ListItemRequest, { policy, list }: Listing, now: number): Promise<NewItem | Fault> {
  const { type, value = '', card, reason, expires_at: until } = said;
  const expiresAt = until === undefined ? null : Date.parse(until);
  if (expiresAt !== null && expiresAt <= now) return { path: '/expires_at', message: 'must be in the future' };
  if (card !== undefined) {
    const [surest] = await cardsOf(card, policy);
    return { type, value: surest?.fingerprint ?? '', label: null, reason, expiresAt };
  }
  const kept = await keptValue(type, value, list, policy);
  if (!kept.ok) return { path: '/value', message: kept.message };
  return { type, value: kept.value, label: kept.label, reason, expiresAt };
}

/** By type, and by one value of it, however that is written. */
async function queryOf(c: ApiContext, { policy, list }: Listing): Promise<ItemQuery | Response> {
  const strange = strangeQuery(c, ['type', 'value', 'limit', 'cursor']);
  if (strange !== null) return strange;
  const limit = countOf(c, 'limit', PAGE);
  if (limit instanceof Response) return limit;
  const cursor = c.req.query('cursor') ?? '';
  const after: Name | null = cursor === '' ? null : nameIn(cursor);
  if (cursor !== '' && after === null)
    return problem('invalid_request', { detail: 'cursor must be the next_cursor of another page' });
  const [typed, written] = [c.req.query('type'), c.req.query('value')];
  if (typed === undefined) {
    if (written === undefined) return { list, after, limit };
    return problem('invalid_request', { detail: 'a value needs its type beside it' });
  }
  const type = typeSchema.safeParse(typed);
  if (!type.success) return problem('invalid_request', { detail: `type ${type.error.issues[0]?.message ?? ''}` });
  if (written === undefined) return { list, type: type.data, after, limit };
  const kept = await keptValue(type.data, written, list, policy);
  if (!kept.ok) return problem('invalid_request', { detail: `value ${kept.message}` });
  return { list, type: type.data, value: kept.value, after: null, limit };
}

/** What the query says for lines that say nothing of their own. */
function defaultsOf(c: ApiContext) {
  const strange = strangeQuery(c, ['dry_run', 'reason', 'expires_at']);
  if (strange !== null) return strange;
  const [trial = 'false', reason, until] = [c.req.query('dry_run'), c.req.query('reason'), c.req.query('expires_at')];
  if (trial !== 'true' && trial !== 'false') return problem('invalid_request', { detail: 'dry_run is true or false' });
  if (reason !== undefined && !reasonSchema.safeParse(reason).success)
    return problem('invalid_request', { detail: 'reason must be one line of plain text, 256 characters at most' });
  if (until !== undefined && !expirySchema.safeParse(until).success)
    return problem('invalid_request', { detail: 'expires_at must be a time in UTC' });
  return { isTrial: trial === 'true', reason, expiresAt: until === undefined ? null : Date.parse(until) };
}
