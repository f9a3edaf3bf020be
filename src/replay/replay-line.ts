/**
 * A line of the replay format: one recorded attempt, what became of it, and which challenges its payer would pass.
 * Strict, as all that is read: what is wrong with a line is said with its number, never with what stands in it.
 */
import * as z from 'zod';
import { type ApiAttempt, attemptSchema } from '../api/schemas.ts';
import { DECLINE_REASONS, OUTCOME_STATUSES } from '../outcome/outcome.ts';

const AT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

const outcomeSchema = z.strictObject({
  status: z.enum(OUTCOME_STATUSES),
  decline_reason: z.string().min(1).max(64).optional(),
});

/** The record may have lost an address since (an erasure): such a line counts under what it still has. */
const lineSchema = z.strictObject({
  at: z.string().refine((it) => AT.test(it) && Number.isFinite(Date.parse(it)), 'must be a time (RFC 3339)'),
  attempt: z.strictObject(attemptSchema.shape),
  outcome: outcomeSchema.default({ status: 'unknown' }),
  challenge_passed: z.union([z.boolean(), z.record(z.string().max(64), z.boolean())]).default(true),
});

export interface ReplayLine {
  /** ms since the epoch. */
  readonly at: number;
  readonly attempt: ApiAttempt;
  readonly outcome: RecordedOutcome;
  /** Whether this payer would pass a step-up of this name. */
  readonly passes: boolean | Readonly<Record<string, boolean>>;
}

export type RecordedOutcome = z.output<typeof outcomeSchema>;

export type LineReading =
  | { readonly ok: true; readonly line: ReplayLine }
  /** What is wrong with it: the field, and why. */
  | { readonly ok: false; readonly fault: string };

export function readReplayLine(text: string): LineReading {
  const json = parsed(text);
  if (json === undefined) return { ok: false, fault: 'is not JSON' };
  const read = lineSchema.safeParse(json);
  if (!read.success) return { ok: false, fault: read.error.issues.map(describe).join('; ') };
  const { at, attempt, outcome, challenge_passed: passes } = read.data;
  return { ok: true, line: { at: Date.parse(at), attempt, outcome, passes } };
}

export function isPassedBy({ passes }: Pick<ReplayLine, 'passes'>, method: string): boolean {
  return typeof passes === 'boolean' ? passes : Object.hasOwn(passes, method) && passes[method] === true;
}

/** A word that is no canonical one is `other`, as it would have been live. */
export function declineReasonOf({ status, decline_reason: word }: RecordedOutcome) {
  if (status !== 'failed') return null;
  return DECLINE_REASONS.find((reason) => reason === word) ?? 'other';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((part) => `/${String(part)}`).join('');
  if (issue.code !== 'unrecognized_keys') return `${path === '' ? 'the line' : path} ${issue.message}`;
  return issue.keys.map((key) => `${path}/${key.slice(0, 64)} is not a field of the format`).join('; ');
}
