/**
 * A bypass as it stands in KV, beside the gate's own row: where the gate does not answer, this is how one is turned on and
 * off. Whoever may write KV may write it by hand, under the same limits.
 */
import * as z from 'zod';
import { readJson } from '../attempt/json-body.ts';
import { BYPASS_LIMIT_MS, type Bypass } from '../gate/bypass.ts';

/** Longer than any bypass: the word that ended one must outlive whoever remembers its beginning. */
export const BYPASS_KEPT_SECONDS = 90_000;
/** Somebody else's clock. */
const AHEAD_MS = 120_000;

const bypassSchema = z.strictObject({
  at: z.iso.datetime(),
  until: z.iso.datetime(),
  reason: z.string().min(1).max(256),
  by: z.string().min(1).max(64).optional(),
});

/** Null for what is none: without a reason, said in the future, or longer than a bypass may be. */
export function readBypass(text: string, now: number): Bypass | null {
  const json = readJson(text);
  const read = bypassSchema.safeParse(json.ok ? json.value : null);
  if (!read.success) return null;
  const { reason, by = 'kv' } = read.data;
  const [at, until] = [Date.parse(read.data.at), Date.parse(read.data.until)];
  const isPossible = at <= now + AHEAD_MS && until - at <= BYPASS_LIMIT_MS;
  return isPossible ? { at, until, reason, by } : null;
}

export function textOfBypass({ at, until, reason, by }: Bypass): string {
  return JSON.stringify({ at: new Date(at).toISOString(), until: new Date(until).toISOString(), reason, by });
}
