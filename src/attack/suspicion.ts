/**
 * Whether so many failures among so many attempts are more than trade explains. Pure.
 * A count of failures scatters around what is usual; retries come in bursts, so it scatters more than a Poisson count.
 */

export interface Seen {
  readonly attempts: number;
  /** By weight (outcome taxonomy), and no more of one payer than an unlucky buyer makes. */
  readonly failures: number;
}

export interface Suspicion {
  /** Failures beyond the usual. */
  readonly excess: number;
  /** In standard deviations. */
  readonly deviation: number;
}

export interface Threshold {
  readonly deviation: number;
  readonly excess: number;
  /** How much of what is tried fails beyond the usual share, at the least. */
  readonly share: number;
}

/** Variance over mean of failures an hour in ordinary trade with human retries. */
const DISPERSION = 1.8;
/** What a segment may always have: a family that mistypes. */
const SLACK = 1.5;

export function suspicionOf({ attempts, failures }: Seen, usualShare: number): Suspicion {
  const usual = attempts * usualShare;
  const excess = failures - usual;
  return { excess, deviation: (excess - SLACK) / Math.sqrt(DISPERSION * (usual + 1)) };
}

export function isBeyond(seen: Seen, usualShare: number, threshold: Threshold): boolean {
  if (seen.failures < threshold.excess) return false;
  const { excess, deviation } = suspicionOf(seen, usualShare);
  if (excess < threshold.excess || deviation < threshold.deviation) return false;
  return excess / seen.attempts >= threshold.share;
}
