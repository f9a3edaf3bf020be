/**
 * A velocity rule: a counter over a combination of identities, with a limit, and what becomes of whoever is over it.
 * Hyperswitch's four are entries of this same list (classic-rules.ts). What is absent is as it is with them.
 */
import type { Expression } from '../expression/expression.ts';

export const MODES = ['enforce', 'shadow', 'off'] as const;
export type Mode = (typeof MODES)[number];
/** A rule that is off is not compiled at all. */
export type ActiveMode = Exclude<Mode, 'off'>;

/**
 * `ip` counts by address (IPv4) or /64 (IPv6), `ip_prefix` by /24 or /48; `bin` by six digits and by eight, a counter
 * each; `session` by visit, which nobody can choose but anyone can begin anew.
 */
export const DIMENSIONS = [
  'card',
  'ip',
  'ip_prefix',
  'asn',
  'country',
  'bin',
  'customer',
  'email',
  'email_domain',
  'session',
  'device',
  'merchant',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A key with one of these is one payer's: under it attempts in flight are reserved. All others are wide. */
export const NARROW: readonly Dimension[] = ['card', 'ip', 'customer'];
/** What one can write for somebody else. By these alone nobody is blocked. */
export const TYPED: readonly Dimension[] = ['email', 'email_domain', 'session', 'device', 'bin'];

/** Of what a distinct count counts different ones. */
export const DISTINCT = {
  distinct_cards: 'card',
  distinct_ips: 'ip',
  distinct_ip_prefixes: 'ip_prefix',
  distinct_asns: 'asn',
  distinct_countries: 'country',
  distinct_bins: 'bin',
  distinct_customers: 'customer',
  distinct_emails: 'email',
  distinct_email_domains: 'email_domain',
  distinct_sessions: 'session',
  distinct_devices: 'device',
} as const satisfies Readonly<Record<string, Dimension>>;
export type DistinctCount = keyof typeof DISTINCT;
export const COUNTS = [
  'failures',
  'weighted_failures',
  'attempts',
  ...(Object.keys(DISTINCT) as DistinctCount[]),
] as const;
export type Count = (typeof COUNTS)[number];

/** Whom a rule looks at: `all`, only guests, or counts everybody's failures while refusing only guests. */
export const AUDIENCES = ['all', 'guests', 'guests_refused'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What becomes of an attempt whose counter has reached the limit. */
export const THENS = ['block', 'challenge', 'review'] as const;
export type Then = (typeof THENS)[number];

/** Whom a rule about strangers leaves alone; `cards`: those too whose card was good. */
export type Spares = 'regulars' | 'cards';

export interface VelocityRule {
  readonly name: string;
  /** What its counters' keys begin with: a rule that counts something else from now on begins anew. Absent: its name. */
  readonly keyedAs?: string;
  /** The card first, where it is one of them: reservations are found by it (gate/reservations.ts). */
  readonly by: readonly Dimension[];
  /** Absent: failures. */
  readonly count?: Exclude<Count, 'failures'>;
  /** What adds to a distinct count; absent: failures that weigh anything. */
  readonly of?: 'attempts';
  /** Failures that count; absent: those of every reason. */
  readonly declineReasons?: readonly string[];
  /** So many are let through; the next attempt is refused. */
  readonly limit: number;
  /** A counter lives this long after its last counted event. */
  readonly windowSeconds: number;
  /** What is counted falls out again one by one; absent: the counter ends whole after a window of silence. */
  readonly slides?: true;
  /** From when the limit was reached; absent: as long as the counter lives. */
  readonly blockSeconds?: number;
  readonly audience: Audience;
  /** Which attempts it looks at: those of which this surely holds. Absent: all. */
  readonly when?: Expression;
  /** Absent: block. */
  readonly then?: Exclude<Then, 'block'>;
  /** Of a challenge: how strong a step-up must be to meet it; absent: any. */
  readonly strength?: number;
  /** Whom it leaves alone; absent: nobody. */
  readonly spares?: Spares;
  /** Attempts in flight count for nothing; absent: they are reserved. */
  readonly inFlight?: 'ignore';
  readonly mode: ActiveMode;
}

/** Whether attempts add to it that did not fail. */
export function countsAttempts({ count, of }: Pick<VelocityRule, 'count' | 'of'>): boolean {
  return count === 'attempts' || of === 'attempts';
}
