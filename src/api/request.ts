/**
 * The parts of an API call that come from outside: bodies, headers, and what is wrong with them.
 */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { z } from 'zod';
import { childPointer, nameable } from '../attempt/fields.ts';
import { holdBody } from '../attempt/held-stream.ts';
import { readJson } from '../attempt/json-body.ts';
import type { Unreadable } from '../attempt/unreadable.ts';
import { describeUnreadable } from '../attempt/unreadable-words.ts';
import { check } from '../config/faults.ts';
import type { ChangeLog } from '../journal/change-log.ts';
import type { Journal } from '../journal/journal.ts';
import { inertJson } from '../records/inert-text.ts';
import { problem } from '../wire.ts';
import type { Bearer } from './bearer.ts';

/** What the API's middleware finds out for its calls. */
export interface ApiVariables {
  readonly Variables: {
    bearer: Bearer;
    journal: Journal;
    changes: ChangeLog;
    /** What this call puts on record of itself: awaited before it is answered. */
    recording: Promise<void>[];
  };
}
export type ApiContext = Context<ApiVariables>;

const BODY_LIMIT_BYTES = 1024 * 1024;
const COUNT = /^[1-9]\d{0,8}$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const READING: readonly string[] = ['GET', 'HEAD'];
const IMPORT_PATH = /\/merchants\/[^/]+\/lists\/[^/]+$/;
// Two payers whose names are not UTF-8 would be one: what cannot be decoded is not read. A mark at its beginning is.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Work that goes on after the answer. */
export function afterwardsOf(c: ApiContext): (work: Promise<unknown>) => void {
  return (work) => c.executionCtx.waitUntil(work);
}

/** The body as text, or the answer to one that is no text or too large: that is read no further than it may be long. */
export async function bodyText(c: ApiContext, limitBytes = BODY_LIMIT_BYTES): Promise<string | Response> {
  if (Number(c.req.header('content-length') ?? 0) > limitBytes) return problem('too_large');
  const { bytes, end } = await holdBody(c.req.raw, limitBytes);
  if (end === 'broken') return unreadJson({ because: 'cut_off' });
  if (end === 'more_to_come') return problem('too_large');
  try {
    return utf8.decode(bytes);
  } catch {
    return unreadJson({ because: 'not_utf8' });
  }
}

/** The answer to a body that is not read exactly: which field, never which value. */
export function unreadJson(why: Unreadable): Response {
  const detail = why.because === 'syntax' ? 'the body must be JSON' : describeUnreadable(why);
  return problem('invalid_request', { detail });
}

/** The body under a schema, or the answer that lists every fault. */
export async function bodyOf<T>(c: ApiContext, schema: z.ZodType<T>): Promise<{ readonly value: T } | Response> {
  const text = await bodyText(c);
  if (text instanceof Response) return text;
  const json = readJson(text);
  if (!json.ok) return unreadJson(json.why);
  const checked = check(schema, json.value);
  return checked.ok ? checked : problem('invalid_attempt', { errors: checked.faults });
}

/** A number of the query, as decimals and nothing else that JavaScript would take for one, or the answer to others. */
export function countOf(
  c: ApiContext,
  name: string,
  { byDefault, most }: { byDefault: number; most: number },
): number | Response {
  const text = c.req.query(name) ?? String(byDefault);
  const count = COUNT.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  return problem('invalid_request', { detail: `${name} must be a whole number from 1 to ${most}, in decimals` });
}

/** The answer to a query with a parameter that is none of the call's, or is there twice; null where there is none. */
export function strangeQuery(c: ApiContext, parameters: readonly string[]): Response | null {
  const query = new URL(c.req.url).searchParams;
  const errors = [...new Set(query.keys())].flatMap((name) => {
    const path = nameable(childPointer('', name));
    if (!parameters.includes(name)) return [{ path, message: 'is not a parameter of this call' }];
    return query.getAll(name).length > 1 ? [{ path, message: 'is given twice' }] : [];
  });
  return errors.length === 0 ? null : problem('invalid_request', { errors });
}

/**
 * Who changes something of a merchant says so in the body: what his query asks for would be done otherwise than he means
 * (`DELETE …?dry_run=true`). Imports have parameters, and look at them.
 */
export const sayingNothingBeside = createMiddleware<ApiVariables>(async (c, next) => {
  const { method, path } = c.req;
  const isImport = method === 'POST' && IMPORT_PATH.test(path);
  const strange = READING.includes(method) || isImport ? null : strangeQuery(c, []);
  return strange ?? next();
});

/** The `Idempotency-Key`, null without one, or the answer to one that cannot be kept. */
export function idempotencyKeyOf(c: ApiContext): string | null | Response {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  if (IDEMPOTENCY_KEY.test(key)) return key;
  return problem('invalid_request', { detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters' });
}

/** An answer that may hold words of payers, shops and processors: nothing in its bytes is one that a terminal obeys. */
export function inertAnswer(value: unknown, status = 200): Response {
  return new Response(inertJson(value), { status, headers: { 'content-type': 'application/json' } });
}
