/**
 * What every call has in common that manages a merchant: who may, and that it stays on record who did.
 */
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { Deadlines } from '../gate/deadline.ts';
import { askGate } from '../gate/gate-client.ts';
import { problem } from '../wire.ts';
import { nameOf } from './bearer.ts';
import { mayTouch, notLetIn } from './evaluation-calls.ts';
import { type ApiContext, afterwardsOf } from './request.ts';

/** The policy of the merchant `id` of the path, once the caller may manage it. */
export function managing({ gates }: Environment, policies: Policies): (c: ApiContext) => Promise<Policy | Response> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    if (!mayTouch(c, id)) return problem('forbidden');
    const inForce = await policies.ofMerchant(id, Date.now(), afterwardsOf(c));
    const bearer = c.get('bearer');
    if (inForce === null) return problem(bearer.kind === 'admin' ? 'not_found' : 'unauthorized');
    if (bearer.kind === 'admin') return inForce.policy;
    const refusal = await askGate(gates, inForce.policy, (gate) => gate.refuse(bearer.caller, 'manage'));
    if (refusal.kind === 'unavailable') return problem('gate_unavailable');
    return refusal.value === null ? inForce.policy : notLetIn(refusal.value);
  };
}

/** Puts a change on record, at the merchant `id` of the path. Without one it concerns the whole deployment. */
export function audit(c: ApiContext, what: string, change: { before?: unknown; after?: unknown } = {}): void {
  const made = { who: nameOf(c.get('bearer').caller), what, merchant: c.req.param('id') ?? '', ...change };
  const recording = c.get('changes').record(made, Date.now());
  c.get('recording').push(recording);
  c.executionCtx.waitUntil(recording);
}

/** How long an answer waits for what goes on record: an operator must be able to act while the record is down. */
const RECORDING_MS = 3_000;

/** Whoever is answered is on record, where that can be done in time. */
export async function recorded(c: ApiContext, next: () => Promise<void>): Promise<void> {
  c.set('recording', []);
  await next();
  const recording = c.get('recording');
  if (recording.length > 0) await new Deadlines().within(RECORDING_MS, Promise.all(recording), null);
}

/** It may have been done: that, too, is on record. */
export function unsure(c: ApiContext, what: string): Response {
  audit(c, what, { after: 'unknown' });
  return problem('gate_unavailable', { detail: 'it is not known whether this was done: ask again' });
}

/** The same of what KV did not do, or not all of. */
export async function sure<T>(c: ApiContext, what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    audit(c, what, { after: 'unknown' });
    throw error;
  }
}
