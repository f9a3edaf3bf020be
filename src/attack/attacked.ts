/**
 * A segment that is attacked, and what that means for an attempt in it. Times in ms since the epoch.
 */
import type { Concentration } from './concentration.ts';

export const LEVELS = ['normal', 'elevated', 'under_attack'] as const;
export type Level = (typeof LEVELS)[number];

export interface Attacked {
  readonly segment: string;
  readonly level: Exclude<Level, 'normal'>;
  readonly since: number;
  /** When anything last spoke for it. */
  readonly seenAt: number;
  /** Silence that ends it. */
  readonly quietMs: number;
  readonly found: Pick<Concentration, 'attempts' | 'failures' | 'usualShare'>;
}

/** What is to be done about an attempt: `isNew`: nothing of the segment was ever paid. */
export interface Alarm extends Pick<Attacked, 'segment' | 'level'> {
  readonly isNew: boolean;
  /** What told it; null where an operator said so. */
  readonly found: Attacked['found'] | null;
}
