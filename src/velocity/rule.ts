/**
 * A velocity rule: a counter of failures over a combination of identities, with a limit.
 * Hyperswitch's four are entries of this same list (classic-rules.ts).
 */
export const MODES = ['enforce', 'shadow', 'off'] as const;
export type Mode = (typeof MODES)[number];
/** A rule that is off is not compiled at all. */
export type ActiveMode = Exclude<Mode, 'off'>;

/** `ip` counts by address (IPv4) or /64 (IPv6); `session` by visit, which nobody can choose but anyone can begin anew. */
export type Dimension = 'card' | 'ip' | 'customer' | 'session';

/** Whom a rule looks at: `all`, only guests, or counts everybody's failures while refusing only guests. */
export type Audience = 'all' | 'guests' | 'guests_refused';

export interface VelocityRule {
  readonly name: string;
  readonly by: readonly Dimension[];
  /** Failures let through; the next attempt is refused. */
  readonly limit: number;
  /** A counter lives this long after its last counted failure. */
  readonly windowSeconds: number;
  readonly audience: Audience;
  readonly mode: ActiveMode;
}
