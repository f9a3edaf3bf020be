/**
 * The bodies that a customer's browser posts: short JSON, or the answer to what is none.
 */
import * as z from 'zod';
import { decodeBody, wholeBytes } from '../attempt/body.ts';
import { holdBody } from '../attempt/held-stream.ts';
import { readJson } from '../attempt/json-body.ts';
import { problem } from '../wire.ts';

const LIMIT_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

/** What the customer's device is to call him: his e-mail address, for one. It is not kept. */
export const label = z.string().min(1).max(64).optional();
export const labelSchema = z.strictObject({ label });

export async function readPosted<T>(request: Request, schema: z.ZodType<T>): Promise<{ readonly value: T } | Response> {
  const held = await holdBody(request, LIMIT_BYTES, scheduler.wait(TIMEOUT_MS));
  if (held.end === 'more_to_come') return problem('too_large');
  const bytes = wholeBytes(held);
  const text = bytes.ok ? decodeBody(bytes.value) : bytes;
  const json = text.ok ? readJson(text.value) : text;
  if (!json.ok) return problem('invalid_request', { detail: 'the body must be JSON' });
  const read = schema.safeParse(json.value);
  if (read.success) return { value: read.data };
  const errors = read.error.issues.map(({ path, message }) => ({ path: `/${path.join('/')}`, message }));
  return problem('invalid_attempt', { errors });
}
