// The words of `origin`.

import type { DrainTarget } from '../../src/client/client.ts';
import { untilOf } from './attack-words.ts';
import { UsageError } from './usage.ts';

export type OriginOrder =
  | { order: 'show'; merchant: string }
  /** `until`: RFC 3339; undefined: until somebody lifts it. */
  | { order: 'drain'; merchant: string; target: DrainTarget; until: string | undefined; reason: string | undefined }
  | { order: 'undrain'; merchant: string; target: DrainTarget; reason: string | undefined };

/** Options that others know too. */
export const originOwnOptions = { origin: ['until', 'for', 'reason'] } as const;

interface Values {
  until?: string | undefined;
  for?: string | undefined;
  reason?: string | undefined;
}

const hint = 'Expected: origin ID show, drain COUNTRY_OR_HOST or undrain COUNTRY_OR_HOST';

export function readOriginCommand([merchant, order, name, ...rest]: readonly string[], values: Values): OriginOrder {
  if (merchant === undefined || rest.length > 0) throw new UsageError(hint);
  const { reason } = values;
  const until = untilOf(values);
  if (order !== 'drain' && until !== undefined) throw new UsageError('--for and --until are for drain.');
  if (order === 'show') {
    if (name !== undefined || reason !== undefined) throw new UsageError(hint);
    return { order, merchant };
  }
  if (name === undefined) throw new UsageError(hint);
  const target = targetOf(name);
  if (order === 'drain') return { order, merchant, target, until, reason };
  if (order === 'undrain') return { order, merchant, target, reason };
  throw new UsageError(hint);
}

/** A host has a dot or a port; a country is two letters. */
function targetOf(name: string): DrainTarget {
  return /^[A-Za-z]{2}$/.test(name) ? { country: name.toUpperCase() } : { place: name.toLowerCase() };
}
