// The words of `attack`.

import { UsageError } from './usage.ts';

export type AttackOrder =
  | { order: 'show' | 'auto'; merchant: string; reason: string | undefined }
  /** `until`: RFC 3339; undefined: until somebody turns it again. */
  | { order: 'on' | 'off'; merchant: string; until: string | undefined; reason: string | undefined };

/** Beside those of others, which it knows too: `until`, `reason`. */
export const attackOptions = { for: { type: 'string' } } as const;

export const attackOwnOptions = { attack: ['until', 'for', 'reason'] } as const;

interface Values {
  until?: string | undefined;
  for?: string | undefined;
  reason?: string | undefined;
}

const hint = 'Expected: attack ID show, on, off or auto';
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000 };
const longestMs = 24 * 3_600_000;

export function readAttackCommand([merchant, order, ...rest]: readonly string[], values: Values): AttackOrder {
  if (merchant === undefined || rest.length > 0) throw new UsageError(hint);
  const { reason } = values;
  const until = untilOf(values);
  switch (order) {
    case 'show':
      if (reason !== undefined) throw new UsageError('Nothing is turned by looking: --reason is for on, off and auto.');
      break;
    case 'auto':
      break;
    case 'on':
    case 'off':
      return { order, merchant, until, reason };
    default:
      throw new UsageError(hint);
  }
  if (until !== undefined) throw new UsageError('--for and --until are for on and off.');
  return { order, merchant, reason };
}

export function untilOf({ until, for: lasting }: Values): string | undefined {
  if (lasting === undefined) return until;
  if (until !== undefined) throw new UsageError('--for and --until are one too many.');
  const [, count, unit = ''] = /^([1-9]\d{0,3})([mh])$/.exec(lasting) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (Number.isNaN(ms) || ms > longestMs) throw new UsageError('--for is such as 30m or 2h, 24h at most.');
  return new Date(Date.now() + ms).toISOString();
}
