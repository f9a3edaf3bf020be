/**
 * What merchants who share see of addresses, and how much of it counts elsewhere. One merchant alone is believed
 * nothing, however much it says; good payments speak for an address; and there is an end to the score. Pure.
 */

/** What became of payments from one address; both 0 or more. */
export interface Counts {
  readonly failures: number;
  readonly successes: number;
}

export interface Sighting extends Counts {
  /** As counters use it: an IPv4 address, or the /64 of an IPv6 one. */
  readonly address: string;
}

/** Where sightings go. */
export interface Observer {
  observe(merchant: string, sightings: readonly Sighting[], now: number): Promise<void>;
}

/** By itself it never asks for a step-up: `step_up_above` is 70 unless a merchant says otherwise. */
export const SHARED_SCORE_LIMIT = 30;
const ACCUSERS_NEEDED = 2;
/** A good payment outweighs two that failed: innocent people mistype too. */
const WORTH_OF_SUCCESS = 2;
/** Nobody's word, against an address or for it, counts for more than this many failures. */
const MOST_AGAINST = 5;
const MOST_FOR = 20;
const SCORE_OF_FAILURE = 3;

/** 0 to `SHARED_SCORE_LIMIT`, from what each merchant has seen of an address within a day. */
export function sharedScore(byMerchant: readonly Counts[]): number {
  const against = byMerchant.map(({ failures, successes }) => {
    return Math.max(-MOST_FOR, Math.min(MOST_AGAINST, failures - WORTH_OF_SUCCESS * successes));
  });
  if (against.filter((weight) => weight >= 1).length < ACCUSERS_NEEDED) return 0;
  const sum = against.reduce((total, weight) => total + weight, 0);
  return Math.max(0, Math.min(SHARED_SCORE_LIMIT, Math.round(SCORE_OF_FAILURE * sum)));
}
