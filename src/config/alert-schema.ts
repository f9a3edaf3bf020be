/**
 * Who is told when something is wrong, as it is written.
 */
import * as z from 'zod';
import { ALERT_KINDS } from '../alerts/alert-kinds.ts';
import { ALERT_SECRET_NAME } from './environment.ts';

const URL_LIMIT = 2_000;
const secretName = z
  .string()
  .regex(ALERT_SECRET_NAME, 'must be the name of a secret of the deployment, CORDON_ALERT_…');

export const alertsSchema = z.strictObject({
  url: z.url().max(URL_LIMIT),
  /** Several: one is being replaced, and each message is signed by all. */
  secret_name: z.union([secretName, z.array(secretName).min(1).max(4)], {
    error: 'must be the name of a secret of the deployment, CORDON_ALERT_…, or a list of one to four',
  }),
  kinds: z
    .array(z.enum(ALERT_KINDS))
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'names a kind twice')
    .optional(),
});

export type AlertsConfig = z.output<typeof alertsSchema>;
