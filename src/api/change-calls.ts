/**
 * `/.cordon/v1/merchants/{id}/changes` and `/.cordon/v1/changes`: who changed what.
 */
import { Hono } from 'hono';
import * as z from 'zod';
import type { Environment } from '../config/environment.ts';
import { MERCHANT_ID } from '../config/merchant-schema.ts';
import type { Policies } from '../config/policies.ts';
import { type ChangePage, endingOf, readChangeCursor, readChanges, streamChanges } from '../records/changes.ts';
import { inertJson } from '../records/inert-text.ts';
import { recordsOf } from '../records/records.ts';
import { problem } from '../wire.ts';
import { managing } from './managing.ts';
import { withoutRecord } from './record-calls.ts';
import { backwards, checked, limitIn, type PageLimits, time } from './record-schemas.ts';
import type { ApiContext, ApiVariables } from './request.ts';

const FORMATS = ['json', 'csv'] as const;
type Format = (typeof FORMATS)[number];
const LIMITS = { json: { byDefault: 100, most: 500 }, csv: { byDefault: 10_000, most: 10_000 } } as const;

function schemaOf(limits: PageLimits) {
  return z.strictObject({
    from: time.optional(),
    to: time.optional(),
    who: z
      .string()
      .regex(/^(?:admin|kv|unknown|key:[0-9a-f]{16})$/, "must be admin, kv, or key: and a key's id")
      .optional(),
    what: z
      .string()
      .regex(/^[a-z_]{1,32}(?:\.[a-z_]{1,32})?$/, 'must be like key.create, or key for all that begin so')
      .optional(),
    format: z.enum(FORMATS).optional(),
    limit: limitIn(limits),
    cursor: z
      .string()
      .transform(readChangeCursor)
      .refine((it) => it !== null, 'must be the next_cursor of another page of this list')
      .optional(),
    merchant: z.string().regex(MERCHANT_ID, "must be a merchant's id").optional(),
  });
}

export function changeCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const managed = managing(environment, policies);
  const ask = recordsOf(environment.records);

  calls.get('/merchants/:id/changes', async (c) => {
    // The admin may look at what became of a merchant that was deleted.
    const policy = c.get('bearer').kind === 'admin' ? null : await managed(c);
    if (policy instanceof Response) return policy;
    return tell(c, c.req.param('id'));
  });

  calls.get('/changes', async (c) => {
    if (c.get('bearer').kind !== 'admin') return problem('forbidden');
    return tell(c, null);
  });

  async function tell(c: ApiContext, of: string | null): Promise<Response> {
    const query = new URL(c.req.url).searchParams;
    const format = formatOf(query, c.req.header('accept') ?? '');
    const read = checked(query, schemaOf(LIMITS[format]), ({ from, to, merchant }) => [
      ...backwards(from, to),
      ...(of !== null && merchant !== undefined ? [NOT_HERE] : []),
    ]);
    if (!read.ok) return problem('invalid_request', { errors: read.faults });
    const { limit, cursor: after = null, format: _, ...asked } = read.value;
    const page = { filter: { ...asked, merchant: of ?? asked.merchant }, after, limit };
    return format === 'json' ? listOf(page) : fileOf(page, query);
  }

  async function listOf(page: ChangePage): Promise<Response> {
    const answer = await readChanges(ask, page);
    if (answer.kind !== 'answered') return withoutRecord(answer);
    return new Response(inertJson(answer.value), { headers: { 'content-type': 'application/json' } });
  }

  /** A file that is cut off says so before its first line: `Link` (RFC 8288) names where the rest is. */
  async function fileOf(page: ChangePage, query: URLSearchParams): Promise<Response> {
    const ending = await endingOf(ask, page);
    if (ending.kind !== 'answered') return withoutRecord(ending);
    const headers = new Headers(FILE);
    if (ending.value !== null) {
      const next = new URLSearchParams({ ...Object.fromEntries(query), format: 'csv', cursor: ending.value });
      headers.set('link', `<?${next}>; rel="next"`);
    }
    return new Response(streamChanges(ask, page), { headers });
  }

  return calls;
}

const FILE = {
  'content-type': 'text/csv; charset=utf-8; header=present',
  'content-disposition': 'attachment; filename="changes.csv"',
  'x-content-type-options': 'nosniff',
} as const;

const NOT_HERE = { path: '/merchant', message: 'is not a parameter of this call' };

function formatOf(query: URLSearchParams, accept: string): Format {
  const said = query.get('format') ?? (accept.includes('text/csv') ? 'csv' : 'json');
  return said === 'csv' ? 'csv' : 'json';
}
