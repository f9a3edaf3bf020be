/**
 * What the calls about switches take, field by field. Unknown fields are faults.
 */
import * as z from 'zod';
import { note } from './lease-schemas.ts';

// It is shown to people in terminals and pages.
const reason = note(256).refine((it) => !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(it), 'must be one line of plain text');

const drained = z
  .strictObject({ country: z.string().min(2).max(2).optional(), place: z.string().min(1).max(300).optional() })
  .refine(({ country, place }) => (country === undefined) !== (place === undefined), 'must name a country or a place');

export const switchRequestSchema = z
  .strictObject({
    bypass: z.enum(['on', 'off']).optional(),
    attack_mode: z.enum(['on', 'off', 'auto']).optional(),
    drain: drained.optional(),
    undrain: drained.optional(),
    until: z.iso.datetime().optional(),
    reason: reason.optional(),
  })
  .superRefine(({ bypass, attack_mode: attackMode, drain, undrain, until, reason }, c) => {
    if ([bypass, attackMode, drain, undrain].filter((it) => it !== undefined).length !== 1)
      c.addIssue({ code: 'custom', path: [], message: 'must turn one of bypass, attack_mode, drain and undrain' });
    if (undrain !== undefined && until !== undefined)
      c.addIssue({ code: 'custom', path: ['until'], message: 'belongs to "drain"' });
    if (attackMode === 'auto' && until !== undefined)
      c.addIssue({ code: 'custom', path: ['until'], message: 'belongs to "on" and "off"' });
    if (bypass === 'on' && until === undefined) c.addIssue({ code: 'custom', path: ['until'], message: 'is missing' });
    if (bypass === 'on' && reason === undefined)
      c.addIssue({ code: 'custom', path: ['reason'], message: 'is missing' });
    if (bypass === 'off' && until !== undefined)
      c.addIssue({ code: 'custom', path: ['until'], message: 'belongs to "on"' });
  });

export type SwitchRequest = z.output<typeof switchRequestSchema>;
