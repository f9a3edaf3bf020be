/**
 * Cordon's own paths, all under `/.cordon/`. In production the management calls exist on the admin host alone.
 */
import { type Context, Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import { HSTS, problem } from '../wire.ts';
import { bearsKey } from './admin-key.ts';
import { Merchants, type PutResult } from './merchants.ts';

const CONFIG_LIMIT_BYTES = 1024 * 1024;

/** The API of one isolate. `policies` forgets its copies when this isolate writes. */
export function createApi(environment: Environment, policies: Policies): Hono {
  const merchants = new Merchants(environment);
  const api = new Hono();

  api.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HSTS)) c.header(name, value);
  });

  api.use('/.cordon/v1/*', async (c, next) => {
    if (!isAdminHost(new URL(c.req.url), environment)) return problem('not_found');
    if (!(await bearsKey(c.req.raw.headers, environment.adminKey))) return unauthorized();
    return next();
  });

  api.get('/.cordon/v1/merchants', async (c) => c.json({ merchants: await merchants.list() }));

  api.get('/.cordon/v1/merchants/:id', async (c) => {
    const found = await merchants.get(c.req.param('id'));
    return found === null ? problem('not_found') : configuration(found.json, found.version, 200);
  });

  api.put('/.cordon/v1/merchants/:id', async (c) => {
    const text = await bodyText(c);
    if (text === null) return problem('too_large');
    const result = await merchants.put(c.req.param('id'), text, Date.now()).finally(() => policies.forget());
    return putAnswer(result);
  });

  api.delete('/.cordon/v1/merchants/:id', async (c) => {
    const deleted = await merchants.delete(c.req.param('id'), Date.now()).finally(() => policies.forget());
    return deleted ? c.body(null, 204) : problem('not_found');
  });

  api.notFound(() => problem('not_found'));
  // What these calls depend on is KV: it may be away, or refuse a second write to one key within a second.
  api.onError((error) => {
    console.error(JSON.stringify({ event: 'storage_unavailable', error: error.message.slice(0, 200) }));
    return problem('storage_unavailable');
  });
  return api;
}

function isAdminHost({ hostname }: URL, { adminHost }: Environment): boolean {
  return adminHost === null || hostname === adminHost;
}

function unauthorized(): Response {
  const answer = problem('unauthorized');
  answer.headers.set('www-authenticate', 'Bearer');
  return answer;
}

async function bodyText(c: Context): Promise<string | null> {
  if (Number(c.req.header('content-length') ?? 0) > CONFIG_LIMIT_BYTES) return null;
  const text = await c.req.text();
  return text.length > CONFIG_LIMIT_BYTES ? null : text;
}

function configuration(json: string, version: string, status: number): Response {
  const headers = { 'content-type': 'application/json', etag: `"${version}"`, 'cache-control': 'no-store' };
  return new Response(json, { status, headers });
}

function putAnswer(result: PutResult): Response {
  switch (result.kind) {
    case 'created':
      return configuration(result.json, result.version, 201);
    case 'replaced':
      return configuration(result.json, result.version, 200);
    case 'not_json':
      return problem('invalid_request', { detail: 'the body must be JSON without duplicate names' });
    case 'faulty':
      return problem('invalid_configuration', { errors: result.faults });
    case 'host_taken':
      return problem('conflict', { detail: `the host ${result.host} belongs to another merchant` });
  }
}
