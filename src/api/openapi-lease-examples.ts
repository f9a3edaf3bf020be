/**
 * The bodies of the examples about leases.
 */
export const leaseRequestExample = {
  cidr: '198.51.100.16/28',
  owner: 'risk scanning',
  ttl_seconds: 3600,
  reason: 'scanners move to new addresses this week',
} as const;

const leaseExample = {
  id: 'le_019c5f3a1b2c0123456789abcdef',
  cidr: leaseRequestExample.cidr,
  owner: leaseRequestExample.owner,
  reason: leaseRequestExample.reason,
  created_at: '2026-11-21T10:00:00.000Z',
  created_by: 'admin',
  expires_at: '2026-11-21T11:00:00.000Z',
  renewable_until: '2026-11-22T10:00:00.000Z',
} as const;

export const newLeaseExample = { ...leaseExample, proof: 'lp_0123456789abcdef…' } as const;
export const leasesExample = { leases: [leaseExample], next_cursor: null } as const;
export const leaseRenewalExample = { proof: '$PROOF', ttl_seconds: 3600 } as const;
export const renewedExample = { ...leaseExample, expires_at: '2026-11-21T11:55:00.000Z' } as const;
