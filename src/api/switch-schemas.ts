/**
 * What the calls about switches take, field by field. Unknown fields are faults.
 */
import * as z from 'zod';
import { note } from './lease-schemas.ts';

// It is shown to people in terminals and pages.
const reason = note(256).refine((it) => !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(it), 'must be one line of plain text');

export const switchRequestSchema = z
  .strictObject({
    bypass: z.enum(['on', 'off']).optional(),
    attack_mode: z.enum(['on', 'off', 'auto']).optional(),
    until: z.iso.datetime().optional(),
    reason: reason.optional(),
  })
  .superRefine(({ bypass, attack_mode: attackMode, until, reason }, c) => {
    if ((bypass === undefined) === (attackMode === undefined))
      c.addIssue({ code: 'custom', path: [], message: 'must turn one of bypass and attack_mode' });
    if (attackMode === 'auto' && until !== undefined)
      c.addIssue({ code: 'custom', path: ['until'], message: 'belongs to "on" and "off"' });
    if (bypass === 'on' && until === undefined) c.addIssue({ code: 'custom', path: ['until'], message: 'is missing' });
    if (bypass === 'on' && reason === undefined)
      c.addIssue({ code: 'custom', path: ['reason'], message: 'is missing' });
    if (bypass === 'off' && until !== undefined)
      c.addIssue({ code: 'custom', path: ['until'], message: 'belongs to "on"' });
  });

export type SwitchRequest = z.output<typeof switchRequestSchema>;
