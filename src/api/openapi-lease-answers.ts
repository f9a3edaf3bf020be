/**
 * What the calls about leases answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import type { ToldLease, ToldLeases, ToldNewLease } from './leases.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();
const leaseFields = {
  id: z.string().describe('Names it in other calls; opaque.'),
  cidr: z.string().describe('In its canonical spelling.'),
  owner: z.string(),
  reason: z.string().nullable(),
  created_at: time,
  created_by: z.string().describe('`admin`, or `key:` and the id of the key that made it.'),
  expires_at: time.describe('From this moment on it is none any more.'),
  renewable_until: time.describe('However often it is renewed, it ends by then.'),
} satisfies FieldsOf<ToldLease>;

export const leaseAnswer = z.strictObject(leaseFields);
export const newLeaseAnswer = z.strictObject({
  ...leaseFields,
  proof: z.string().describe('Told here once, stored hashed.'),
} satisfies FieldsOf<ToldNewLease>);
export const leasesAnswer = z.strictObject({
  leases: z.array(leaseAnswer),
  next_cursor: z.string().nullable().describe('Where the next page begins; null on the last.'),
} satisfies FieldsOf<ToldLeases>);
