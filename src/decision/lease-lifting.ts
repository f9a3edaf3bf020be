/**
 * What a lease of an address sets aside: what its country, its network and its reputation say, never a counter. On a
 * route that accepts leases it opens the route as well. Whether there is one the gate alone knows. Pure.
 */
import { type Stake, stakeIn } from './prospect.ts';
import type { Finding, ReasonCode } from './reason.ts';
import type { Clearing } from './step-up.ts';

/** What is said of the address alone. Whatever stands here no lease is refused for. */
export const LIFTED_BY_LEASE: readonly ReasonCode[] = [
  'country',
  'country_unknown',
  'tor',
  'asn',
  'hosting',
  'country_mismatch',
  'reputation',
  'risk_score',
];
/** What a lease answers on a route that accepts it. */
const ACCESS: readonly ReasonCode[] = ['allowlist_miss', 'allowlist_pin_mismatch'];

export interface Leasing extends Clearing {
  /** Whether a lease lets its address use the route. */
  readonly opensRoute: boolean;
}

/** What hangs on a lease of the address. */
export type LeaseStake = Stake;

export function leaseStake(findings: readonly Finding[], leasing: Leasing): LeaseStake {
  const left = findings.filter((finding) => !isLifted(finding, leasing.opensRoute));
  return stakeIn(findings, left, leasing);
}

/** The findings under a lease: those it lifts stay on record and decide nothing; who is leased in was no miss. */
export function liftByLease(findings: readonly Finding[], { opensRoute }: Pick<Leasing, 'opensRoute'>): Finding[] {
  return findings.flatMap((finding): Finding[] => {
    if (!isLifted(finding, opensRoute)) return [finding];
    if (ACCESS.includes(finding.code)) return [];
    return [{ ...finding, consequence: 'allow', mode: 'shadow', message: `${finding.message}; lifted by a lease` }];
  });
}

const WITHOUT = {
  none_holds: 'no lease holds it',
  gate_unavailable: 'the gate did not answer, so that no lease is proven',
  not_asked: 'leases were not looked at',
} as const;

/** The findings of a caller whom no lease lets in, with the word why. */
export function withoutLease(findings: readonly Finding[], why: keyof typeof WITHOUT): Finding[] {
  return findings.map((finding) =>
    ACCESS.includes(finding.code) ? { ...finding, message: `${finding.message}; ${WITHOUT[why]}` } : finding,
  );
}

function isLifted({ code }: Finding, opensRoute: boolean): boolean {
  return LIFTED_BY_LEASE.includes(code) || (opensRoute && ACCESS.includes(code));
}
