/**
 * The gate's tables whose rows are over some day: while one has any, the alarm comes again (housekeeping.ts).
 */
export const EVERY_TABLE = [
  'counters',
  'outcomes',
  'reservations',
  'evaluations',
  'idempotency',
  'nonces',
  'challenges',
  'identity_checks',
  'payments',
  'labels',
  'leases',
  'card_names',
  'histories',
  'paid',
  'forgotten',
] as const;
