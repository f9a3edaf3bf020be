/**
 * `/.cordon/v1/journal`: what of the record could not be taken in, and having it tried again. The admin's calls.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import { problem } from '../wire.ts';
import { reconcileRequestSchema, replayRequestSchema } from './journal-schemas.ts';
import { audit } from './managing.ts';
import { type ApiVariables, afterwardsOf, bodyOf, countOf, strangeQuery } from './request.ts';

const PAGE = { byDefault: 50, most: 50 };
const NO_RECORDS = { detail: 'the deployment has no database for its record: see docs/journal.md' };

export function journalCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const { records, merchants: kv } = environment;
  // What reads and mends the record is loaded where it is used: no payment needs it.
  const letters = async () => new (await import('../journal/dead-letters.ts')).DeadLetters(kv);

  calls.use(async (c, next) => {
    if (c.get('bearer').kind !== 'admin') return problem('forbidden');
    return next();
  });

  calls.get('/dead-letters', async (c) => {
    const strange = strangeQuery(c, ['limit', 'cursor']);
    if (strange !== null) return strange;
    const limit = countOf(c, 'limit', PAGE);
    if (limit instanceof Response) return limit;
    return c.json(await (await letters()).list(c.req.query('cursor') ?? null, limit));
  });

  calls.post('/replay', async (c) => {
    const body = await bodyOf(c, replayRequestSchema);
    if (body instanceof Response) return body;
    if (records === null) return problem('storage_unavailable', NO_RECORDS);
    const { ids = null, cursor = null } = body.value;
    const replayed = await (await letters()).replay(records, { ids, cursor });
    audit(c, 'journal.replay', { after: { replayed: replayed.replayed, left: replayed.left.length } });
    return c.json(replayed);
  });

  calls.post('/reconcile', async (c) => {
    const body = await bodyOf(c, reconcileRequestSchema);
    if (body instanceof Response) return body;
    if (records === null) return problem('storage_unavailable', NO_RECORDS);
    const now = Date.now();
    const { merchant, cursor = null } = body.value;
    const inForce = await policies.ofMerchant(merchant, now, afterwardsOf(c));
    if (inForce === null) return problem('not_found');
    const { GateSilent, LEDGER_KEPT_MS, LINES_A_STEP, ledgerOf } = await import('../journal/tending.ts');
    const { reconcile, stretchOf } = await import('../journal/reconciliation.ts');
    const { after, until } = stretchOf(now - LEDGER_KEPT_MS, now + 1, LINES_A_STEP);
    const stretch = { after: cursor ?? after, until, limit: LINES_A_STEP };
    const ledger = ledgerOf(environment, inForce.policy);
    const reconciling = { records, ledger, merchant, keptMs: inForce.policy.retentionMs, now };
    try {
      const { next, ...found } = await reconcile(stretch, reconciling);
      audit(c, 'journal.reconcile', { after: { merchant, ...found } });
      return c.json({ ...found, next_cursor: next });
    } catch (error) {
      if (error instanceof GateSilent) return problem('gate_unavailable');
      throw error;
    }
  });

  return calls;
}
