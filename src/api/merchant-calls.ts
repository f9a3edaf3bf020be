/**
 * `/.cordon/v1/merchants`: configurations, keys, and what is shut.
 */
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { CONFIG_LIMIT_BYTES } from '../config/config-text.ts';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import { askGate, askGateOnce } from '../gate/gate-client.ts';
import type { ApiKey } from '../gate/key-ring.ts';
import { problem } from '../wire.ts';
import { makeKey, nameOf } from './bearer.ts';
import { notLetIn } from './evaluation-calls.ts';
import { type Hold, Holds, readCursor } from './holds.ts';
import { audit, managing, sure, unsure } from './managing.ts';
import { configuration, orderOf, putAnswer } from './merchant-answers.ts';
import { Merchants } from './merchants.ts';
import { type ApiContext, type ApiVariables, bodyOf, bodyText, countOf, inertAnswer, strangeQuery } from './request.ts';
import { keyRequestSchema, unblockRequestSchema } from './schemas.ts';

/** Holds named in an audit line. */
const AUDITED = 20;
const PAGE = { byDefault: 100, most: 1_000 };

export function merchantCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const merchants = new Merchants(environment);
  const holds = new Holds(environment);
  const calls = new Hono<ApiVariables>();
  const managed = managing(environment, policies);
  const forget = () => policies.forget();

  const adminOnly = createMiddleware<ApiVariables>(async (c, next) => {
    if (c.get('bearer').kind !== 'admin') return problem('forbidden');
    return next();
  });

  /** The admin may write what does not exist yet, or mend what is broken. */
  async function writable(c: ApiContext): Promise<Response | null> {
    if (c.get('bearer').kind === 'admin') return null;
    const policy = await managed(c);
    return policy instanceof Response ? policy : null;
  }

  calls.get('/', adminOnly, async (c) => c.json({ merchants: await merchants.list() }));

  calls.get('/:id', async (c) => {
    const refusal = await writable(c);
    if (refusal !== null) return refusal;
    const found = await merchants.get(c.req.param('id'));
    return found === null ? problem('not_found') : configuration(found.json, found.version, 200);
  });

  calls.put('/:id', async (c) => {
    const refusal = await writable(c);
    if (refusal !== null) return refusal;
    const text = await bodyText(c, CONFIG_LIMIT_BYTES);
    if (text instanceof Response) return text;
    const order = orderOf(c, Date.now());
    const result = await sure(c, 'merchant.put', merchants.put(c.req.param('id'), text, order).finally(forget));
    if (result.kind === 'created' || result.kind === 'replaced') {
      audit(c, 'merchant.put', { before: result.before, after: result.version });
    }
    return putAnswer(result);
  });

  calls.delete('/:id', adminOnly, async (c) => {
    const deleting = merchants.delete(c.req.param('id'), orderOf(c, Date.now())).finally(forget);
    const deleted = await sure(c, 'merchant.delete', deleting);
    if (deleted === null) return problem('not_found');
    audit(c, 'merchant.delete', deleted);
    return c.body(null, 204);
  });

  calls.get('/:id/keys', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const keys = await askGate(environment.gates, policy, (gate) => gate.listKeys());
    if (keys.kind === 'unavailable') return problem('gate_unavailable');
    return c.json({ keys: keys.value.map(told) });
  });

  calls.post('/:id/keys', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const body = await bodyOf(c, keyRequestSchema);
    if (body instanceof Response) return body;
    const { name = null, scopes: asked = null } = body.value;
    const { id, key, secretHash } = await makeKey(policy.merchant);
    const { caller } = c.get('bearer');
    const made = { id, name, createdAt: Date.now(), createdBy: nameOf(caller) };
    const added = await askGate(environment.gates, policy, (gate) =>
      gate.addKey({ ...made, secretHash }, asked, caller),
    );
    if (added.kind === 'unavailable') return unsure(c, 'key.create');
    if (added.value.kind !== 'added') return notLetIn(added.value);
    const { scopes } = added.value;
    audit(c, 'key.create', { after: { id, name, scopes } });
    return c.json({ key, ...told({ ...made, scopes }) }, 201);
  });

  calls.delete('/:id/keys/:key', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const key = c.req.param('key');
    const revoked = await askGateOnce(environment.gates, policy, (gate) => gate.revokeKey(key));
    if (revoked.kind === 'unavailable') return unsure(c, 'key.revoke');
    if (!revoked.value) return problem('not_found');
    audit(c, 'key.revoke', { before: { id: key } });
    return c.body(null, 204);
  });

  calls.get('/:id/blocks', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const strange = strangeQuery(c, ['limit', 'cursor']);
    if (strange !== null) return strange;
    const limit = countOf(c, 'limit', PAGE);
    if (limit instanceof Response) return limit;
    const after = readCursor(c.req.query('cursor') ?? '');
    if (after === null) return problem('invalid_request', { detail: 'cursor must be the next_cursor of another page' });
    const page = await holds.list(policy, { after, limit });
    return page === null ? problem('gate_unavailable') : inertAnswer(page);
  });

  calls.delete('/:id/blocks/:block', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const lifted = await holds.lift(policy, c.req.param('block'));
    if (lifted === null) return unsure(c, 'block.lift');
    if (lifted === false) return problem('not_found');
    audit(c, 'block.lift', { before: auditedHold(lifted) });
    return c.body(null, 204);
  });

  calls.post('/:id/unblock', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const body = await bodyOf(c, unblockRequestSchema);
    if (body instanceof Response) return body;
    const unblocked = await holds.unblock(policy, body.value);
    if (unblocked === null) return unsure(c, 'payer.unblock');
    const { count, lifted, deny_items: items } = unblocked;
    const gone = items.filter(({ is_removed: isRemoved }) => isRemoved);
    if (gone.length > 0) policies.forget();
    const unlisted =
      gone.length === 0 ? {} : { unlisted: gone.map(({ list, type, value }) => ({ list, type, value })) };
    audit(c, 'payer.unblock', { before: { count, lifted: lifted.slice(0, AUDITED).map(auditedHold), ...unlisted } });
    return inertAnswer(unblocked);
  });

  return calls;
}

/** Its id is the counter's key, which names the payer where nobody would look for him: to erase him, or to keep him out of the log. */
function auditedHold({ id: _, ...hold }: Hold): Omit<Hold, 'id'> {
  return hold;
}

/** A key as the API tells it. */
function told({ id, name, scopes, createdAt, createdBy = null }: ApiKey) {
  return { id, name, scopes, created_at: new Date(createdAt).toISOString(), created_by: createdBy };
}
