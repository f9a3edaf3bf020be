/**
 * What the calls about passkeys take, field by field. What a browser says of a passkey is its own: what is not looked at there
 * is no fault.
 */
import * as z from 'zod';
import { label } from '../passkeys/posted-json.ts';
import { registrationSchema } from '../step-up/registration.ts';

const host = z
  .string()
  .regex(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/, 'must be the name of a host, with a port where it has one');

export const passkeyOptionsSchema = z.strictObject({ host, label });
export const passkeyEnrolmentSchema = z.strictObject({ host, response: registrationSchema });

export type PasskeyOptionsRequest = z.output<typeof passkeyOptionsSchema>;
export type PasskeyEnrolment = z.output<typeof passkeyEnrolmentSchema>;
