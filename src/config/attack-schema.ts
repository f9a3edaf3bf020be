/**
 * Attack mode and clean histories as they are written, and compiled.
 */
import * as z from 'zod';
import type { WatchRule } from '../velocity/watched-touch.ts';

const DAY_MS = 86_400_000;
export const ATTACK_MODES = ['off', 'shadow', 'auto'] as const;

/** `off`: by hand alone; `shadow`: what it would ask is recorded. */
export const attackModeSchema = z.strictObject({ mode: z.enum(ATTACK_MODES).default('auto') });

export const cleanHistorySchema = z.strictObject({
  min_payments: z.int().min(1).max(1_000).default(2),
  min_age_days: z.int().min(7).max(365).default(30),
});

interface Written {
  readonly attack_mode?: z.output<typeof attackModeSchema> | undefined;
  readonly clean_history?: z.output<typeof cleanHistorySchema> | undefined;
}

/** Null where neither is written: nothing is watched then, and nothing can be turned by hand. */
export function compileWatching({ attack_mode: attack, clean_history: clean }: Written): WatchRule | null {
  if (attack === undefined && clean === undefined) return null;
  const cleanHistory =
    clean === undefined ? null : { minPayments: clean.min_payments, minAgeMs: clean.min_age_days * DAY_MS };
  return {
    attacks: attack !== undefined && attack.mode !== 'off',
    cleanHistory,
    mode: attack?.mode === 'shadow' ? 'shadow' : 'enforce',
  };
}
