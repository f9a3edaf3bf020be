/**
 * `/.cordon/v1/merchants/{id}/leases`: made, listed, renewed and revoked. Who did, and why, stays on record.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Renewed } from '../gate/lease-messages.ts';
import { problem } from '../wire.ts';
import { nameOf } from './bearer.ts';
import { leaseRenewalSchema, leaseRequestSchema } from './lease-schemas.ts';
import { LeaseBook, type Lessor, readLeaseCursor, toldOf } from './leases.ts';
import { audit, managing, unsure } from './managing.ts';
import { type ApiContext, type ApiVariables, bodyOf, countOf, strangeQuery } from './request.ts';

const PAGE = { byDefault: 100, most: 1_000 };

export function leaseCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const book = new LeaseBook(environment);
  const managed = managing(environment, policies);

  /** The merchant, once the caller may manage it and it has leases. */
  async function lessor(c: ApiContext): Promise<Lessor | Response> {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    return policy.leases === null ? problem('leases_off') : { policy, leases: policy.leases };
  }

  calls.get('/:id/leases', async (c) => {
    const merchant = await lessor(c);
    if (merchant instanceof Response) return merchant;
    const strange = strangeQuery(c, ['limit', 'cursor']);
    if (strange !== null) return strange;
    const limit = countOf(c, 'limit', PAGE);
    if (limit instanceof Response) return limit;
    const after = readLeaseCursor(c.req.query('cursor') ?? '');
    if (after === null) return problem('invalid_request', { detail: 'cursor must be the next_cursor of another page' });
    const page = await book.list(merchant, { after, limit });
    return page === null ? problem('gate_unavailable') : c.json(page);
  });

  calls.post('/:id/leases', async (c) => {
    const merchant = await lessor(c);
    if (merchant instanceof Response) return merchant;
    const body = await bodyOf(c, leaseRequestSchema);
    if (body instanceof Response) return body;
    const { cidr: prefix, owner, reason = null, ttl_seconds: ttlSeconds } = body.value;
    const ttlMs = ttlSeconds * 1000;
    if (ttlMs > merchant.leases.maxTotalMs) return tooLong(merchant);
    const wanted = { prefix, owner, reason, ttlMs, createdBy: nameOf(c.get('bearer').caller) };
    const made = await book.add(merchant, wanted, Date.now());
    if (made === null) return unsure(c, 'lease.create');
    if (made === 'too_many') return problem('lease_limit', { detail: `max_active is ${merchant.leases.maxActive}` });
    const { proof: _, ...told } = made;
    audit(c, 'lease.create', { after: told });
    return c.json(made, 201);
  });

  calls.post('/:id/leases/:lease/renew', async (c) => {
    const merchant = await lessor(c);
    if (merchant instanceof Response) return merchant;
    const body = await bodyOf(c, leaseRenewalSchema);
    if (body instanceof Response) return body;
    const id = c.req.param('lease');
    const { proof, ttl_seconds: ttlSeconds } = body.value;
    const ttlMs = ttlSeconds === undefined ? undefined : ttlSeconds * 1000;
    const renewed = await book.renew(merchant, { id, proof, ttlMs });
    if (renewed === null) return unsure(c, 'lease.renew');
    audit(c, renewed.kind === 'renewed' ? 'lease.renew' : 'lease.renew_refused', auditedRenewal(id, renewed));
    return renewedAnswer(c, renewed);
  });

  calls.delete('/:id/leases/:lease', async (c) => {
    const merchant = await lessor(c);
    if (merchant instanceof Response) return merchant;
    const revoked = await book.revoke(merchant, c.req.param('lease'));
    if (revoked === null) return unsure(c, 'lease.revoke');
    if (revoked === false) return problem('not_found');
    audit(c, 'lease.revoke', { before: revoked });
    return c.body(null, 204);
  });

  return calls;
}

function tooLong({ leases }: Lessor): Response {
  const message = `max_total_seconds is ${leases.maxTotalMs / 1000}`;
  return problem('invalid_attempt', { errors: [{ path: '/ttl_seconds', message }] });
}

function auditedRenewal(id: string, renewed: Renewed): { after: unknown } {
  return { after: renewed.kind === 'renewed' ? toldOf(renewed.lease) : { id, because: renewed.kind } };
}

function renewedAnswer(c: ApiContext, renewed: Renewed): Response {
  switch (renewed.kind) {
    case 'renewed':
      return c.json(toldOf(renewed.lease));
    case 'unknown':
      return problem('not_found', { detail: 'there is no such lease, or not any more' });
    case 'wrong_proof':
      return problem('invalid_proof');
    case 'spent':
      return problem('lease_spent');
  }
}
