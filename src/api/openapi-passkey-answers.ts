/**
 * What the calls about passkeys answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import type { ToldPasskey } from '../passkeys/passkey-desk.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();

export const passkeyAnswer = z.strictObject({
  id: z.string().describe('Names it in other calls; opaque.'),
  rp_id: z.string().describe('The domain that it is good for.'),
  created_at: time,
  created_by: z.string().describe('`customer`, `admin`, or `key:` and the id of the key by which it was enrolled.'),
  usable_from: time.describe('Before, it proves nothing.'),
  last_used_at: time.nullable(),
  suspect: z.boolean().describe('Its counter did not grow: it may have a copy, and proves nothing any more.'),
} satisfies FieldsOf<ToldPasskey>);

export const passkeysAnswer = z.strictObject({ passkeys: z.array(passkeyAnswer) });

export const passkeyOptionsAnswer = z
  .looseObject({ challenge: z.string(), rp: z.looseObject({ id: z.string(), name: z.string() }) })
  .describe("WebAuthn's `PublicKeyCredentialCreationOptionsJSON`, for the browser; good for ten minutes.");
