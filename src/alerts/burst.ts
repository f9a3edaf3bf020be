/**
 * A burst: one thing that is wrong, from when it was first noticed until it is over, however often it was noticed.
 * Pure: who is told, and how, is settled elsewhere.
 */
import { type AlertKind, type Finding, kindOf, OVER_AFTER_MS, REMINDED_AFTER_MS } from './alert-kinds.ts';

/** Which message of a burst. */
export type Turn = 'began' | 'lasting' | 'ended';

/** Times in ms since the epoch. */
export interface Burst {
  readonly id: string;
  readonly kind: AlertKind;
  readonly beganAt: number;
  /** When it was last noticed. */
  readonly lastAt: number;
  readonly endedAt: number | null;
  readonly count: number;
  /** When its last message was made. */
  readonly toldAt: number;
  /** As it was noticed last. */
  readonly found: Finding;
}

export function beginBurst(found: Finding, id: string, now: number): Burst {
  const kind = kindOf(found);
  return { id, kind, beganAt: now, lastAt: now, endedAt: null, count: 1, toldAt: now, found };
}

/** Noticed once more. */
export function goOn(burst: Burst, found: Finding, now: number): Burst {
  return { ...burst, lastAt: Math.max(burst.lastAt, now), count: burst.count + 1, found: joined(burst.found, found) };
}

/** What a burst is over by when nobody says that it is. */
export function isSilent({ kind, lastAt }: Burst, now: number): boolean {
  const overAfterMs = OVER_AFTER_MS[kind];
  return overAfterMs !== null && now - lastAt >= overAfterMs;
}

export function isReminderDue({ toldAt }: Burst, now: number): boolean {
  return now - toldAt >= REMINDED_AFTER_MS;
}

/** Dead letters add up; of everything else the newest counts. */
function joined(before: Finding, found: Finding): Finding {
  if (before.kind !== 'journal_failing' || found.kind !== 'journal_failing') return found;
  return { ...found, entries: before.entries + found.entries };
}
