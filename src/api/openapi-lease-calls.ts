/**
 * Described: leases, allowlist entries with an owner and a short life.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS, pageParameters } from './openapi-call.ts';
import * as examples from './openapi-lease-examples.ts';

export const leaseCalls: readonly DescribedCall[] = [
  {
    operationId: 'createLease',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/leases',
    tag: 'Leases',
    summary: 'Lease an address',
    description:
      'In force at the next request: on server routes that accept `leased`, and against the rules about countries and networks everywhere. Card, customer and merchant counters count all the same. The proof is shown once; without it nobody renews.',
    who: ['manage'],
    fill: { id: 'acme' },
    request: { schema: 'LeaseRequest', example: examples.leaseRequestExample },
    answers: [
      { status: 201, description: 'The lease.', schema: 'NewLease', examples: { one: examples.newLeaseExample } },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'leases_off', 'lease_limit'],
  },
  {
    operationId: 'listLeases',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/leases',
    tag: 'Leases',
    summary: 'List leases',
    description: 'The leases in force, the oldest first, a page at a time, without their proofs.',
    who: ['manage'],
    fill: { id: 'acme' },
    parameters: pageParameters('Leases on a page.', 1_000),
    sends: { query: 'limit=100' },
    answers: [{ status: 200, description: 'A page.', schema: 'Leases', examples: { one: examples.leasesExample } }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request', 'leases_off'],
  },
  {
    operationId: 'renewLease',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/leases/{lease_id}/renew',
    tag: 'Leases',
    summary: 'Renew a lease',
    description:
      'With the proof alone, while it is in force, and never beyond `renewable_until`. A renewal makes no lease shorter.',
    who: ['manage'],
    fill: { id: 'acme', lease_id: '$LEASE' },
    request: { schema: 'LeaseRenewal', example: examples.leaseRenewalExample },
    answers: [{ status: 200, description: 'The lease.', schema: 'Lease', examples: { one: examples.renewedExample } }],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'leases_off', 'invalid_proof', 'lease_spent'],
  },
  {
    operationId: 'revokeLease',
    method: 'delete',
    path: '/.cordon/v1/merchants/{id}/leases/{lease_id}',
    tag: 'Leases',
    summary: 'Revoke a lease',
    description: 'Gone at the next request. No proof is needed.',
    who: ['manage'],
    fill: { id: 'acme', lease_id: '$LEASE' },
    answers: [{ status: 204, description: 'Revoked.' }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request', 'leases_off'],
  },
];
