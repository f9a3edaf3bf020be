/**
 * What a query may ask of the record, parameter by parameter. Every fault names its parameter, never its value.
 */
import * as z from 'zod';
import { type Checked, check, type Fault } from '../config/faults.ts';
import { REASON_CODES } from '../decision/reason.ts';
import { isCardName } from '../gate/card-names.ts';
import { merchantOf } from '../gate/evaluation-id.ts';
import { OUTCOME_STATUSES } from '../outcome/outcome.ts';
import { type Order, readCursor } from '../records/cursor.ts';
import { readAddressFilter } from '../records/decision-filter.ts';
import { COUNTED, SPANS } from '../records/stats.ts';

export const DECISIONS = ['allow', 'review', 'challenge', 'block'] as const;
export const FORMATS = ['json', 'csv', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

export interface PageLimits {
  readonly byDefault: number;
  readonly most: number;
}

/** Rows of one answer: a page that is held in memory, or a file that is not. */
export const LIMITS: Readonly<Record<Format, PageLimits>> = {
  json: { byDefault: 100, most: 1_000 },
  csv: { byDefault: 100_000, most: 100_000 },
  ndjson: { byDefault: 100_000, most: 100_000 },
};
/** The replay reads in order of time; people look at the newest first. */
export const ORDERS: Readonly<Record<Format, Order>> = {
  json: 'newest_first',
  csv: 'newest_first',
  ndjson: 'oldest_first',
};

export const time = z.iso
  .datetime({ offset: true, error: 'must be a time of RFC 3339, such as 2026-11-22T09:00:00Z (a + is written %2B)' })
  .transform((text) => Date.parse(text));

/** How many rows an answer has. */
export function limitIn({ byDefault, most }: PageLimits) {
  return z
    .string()
    .refine((it) => COUNT.test(it) && Number(it) <= most, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .default(byDefault);
}

const one = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });
const text = z.string().min(1, 'must not be empty').max(256, 'must be at most 256 characters');
const COUNT = /^[1-9]\d{0,8}$/;
const RULE = new RegExp(`^(?:${REASON_CODES.join('|')})(?::.{1,128})?$`, 'su');

const filterFields = {
  from: time.optional(),
  to: time.optional(),
  evaluation: z.string().optional(),
  decision: one(DECISIONS).optional(),
  would_be: one(DECISIONS).optional(),
  rule: z.string().regex(RULE, "must be a reason's code, or code:name, such as velocity:card_ip").optional(),
  country: z
    .string()
    .regex(/^(?:[A-Z]{2}|T1)$/, 'must be an ISO 3166-1 alpha-2 code in upper case')
    .optional(),
  asn: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'must be the number of a network, such as 1136')
    .transform(Number)
    .optional(),
  bin: z
    .string()
    .regex(/^\d{1,6}$/, 'must be the first 1 to 6 digits of a card')
    .optional(),
  ip: z
    .string()
    .transform(readAddressFilter)
    .refine((it) => it !== null, 'must be an address, or a prefix from /16 to /24 (IPv6: /40 to /48) without host bits')
    .transform((it) => it ?? undefined)
    .optional(),
  customer: text.optional(),
  card: z
    .string()
    .refine(isCardName, "must be Cordon's own fingerprint, as decisions and blocks tell it; never a card number")
    .optional(),
  session: text.optional(),
  outcome: one([...OUTCOME_STATUSES, 'none']).optional(),
  route: text.optional(),
};

/** Some parameters of a query. */
type Told = Readonly<Record<string, string>>;

export function readFormat(query: URLSearchParams, accept: string): Format | null {
  const said = query.get('format');
  if (said !== null) return FORMATS.find((format) => format === said) ?? null;
  if (accept.includes('text/csv')) return 'csv';
  return accept.includes('application/x-ndjson') ? 'ndjson' : 'json';
}

/** The list's parameters, for an answer of this format. */
export function readDecisionsQuery(query: URLSearchParams, place: { merchant: string; format: Format | null }) {
  const { merchant, format } = place;
  const shape = format ?? 'json';
  const order = ORDERS[shape];
  const schema = z.strictObject({
    ...filterFields,
    evaluation: z
      .string()
      .refine((it) => merchantOf(it) === merchant, "must be the id of one of this merchant's evaluations")
      .optional(),
    format: one(FORMATS).optional(),
    limit: limitIn(LIMITS[shape]),
    cursor: z
      .string()
      .transform((it) => readCursor(it, { merchant, order }))
      .refine((it) => it !== null, 'must be the next_cursor of another page of this list')
      .optional(),
  });
  return checked(query, schema, ({ from, to }) => backwards(from, to));
}

export function readStatsQuery(query: URLSearchParams) {
  const schema = z.strictObject({
    from: time.optional(),
    to: time.optional(),
    span: one(SPANS).default('hour'),
    what: one(COUNTED).default('decision'),
  });
  return checked(query, schema, ({ from, to }) => backwards(from, to));
}

/** A query under a schema, each parameter given once. */
export function checked<T>(
  query: URLSearchParams,
  schema: z.ZodType<T>,
  together: (value: T) => readonly Fault[],
): Checked<T> {
  const told: Told = Object.fromEntries(query);
  const twice = Object.keys(told).filter((name) => query.getAll(name).length > 1);
  const result = check(schema, told, together);
  const faults = [
    ...twice.map((name) => ({ path: `/${name}`, message: 'is given twice' })),
    ...(result.ok ? [] : result.faults),
  ];
  return result.ok && faults.length === 0 ? result : { ok: false, faults };
}

export function backwards(from: number | undefined, to: number | undefined): readonly Fault[] {
  return from !== undefined && to !== undefined && from >= to
    ? [{ path: '/to', message: 'must be later than from' }]
    : [];
}
