/**
 * `/.cordon/v1/merchants/{id}/versions`: what was in force, by whom, what changed, and the way back.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { GateAddress } from '../gate/gate-client.ts';
import { problem } from '../wire.ts';
import { audit, managing, sure } from './managing.ts';
import { configuration, orderOf, putAnswer } from './merchant-answers.ts';
import { Merchants } from './merchants.ts';
import { type ApiContext, type ApiVariables, afterwardsOf, countOf, strangeQuery } from './request.ts';
import { type Found, readVersionCursor, Versions } from './versions.ts';

export interface Restored {
  readonly version: string;
  readonly restores: string;
  readonly replaced: string | null;
}

const PAGE = { byDefault: 100, most: 500 };
const VERSION = /^[0-9a-f]{32}$/;

export function versionCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const merchants = new Merchants(environment);
  const versions = new Versions(environment);
  const managed = managing(environment, policies);

  /** The admin may look at the history of a merchant that was deleted. */
  async function addressed(c: ApiContext): Promise<GateAddress | Response> {
    const merchant = c.req.param('id') ?? '';
    if (c.get('bearer').kind !== 'admin') return managed(c);
    const inForce = await policies.ofMerchant(merchant, Date.now(), afterwardsOf(c));
    return { merchant, gate: inForce?.policy.gate ?? {} };
  }

  calls.get('/:id/versions', async (c) => {
    const address = await addressed(c);
    if (address instanceof Response) return address;
    const strange = strangeQuery(c, ['limit', 'cursor']);
    if (strange !== null) return strange;
    const limit = countOf(c, 'limit', PAGE);
    if (limit instanceof Response) return limit;
    const after = readVersionCursor(c.req.query('cursor') ?? '');
    if (after === null) return problem('invalid_request', { detail: 'cursor must be the next_cursor of another page' });
    const page = await versions.list(address, { after, limit });
    if (page === null) return problem('gate_unavailable');
    return after === '' && page.versions.length === 0 ? problem('not_found') : c.json(page);
  });

  calls.get('/:id/versions/:version', async (c) => {
    const text = await textOf(c);
    return text instanceof Response ? text : configuration(text, c.req.param('version'), 200);
  });

  calls.get('/:id/versions/:version/difference', async (c) => {
    const address = await addressed(c);
    if (address instanceof Response) return address;
    const strange = strangeQuery(c, ['with']);
    if (strange !== null) return strange;
    const version = c.req.param('version');
    const other = c.req.query('with') ?? null;
    if (!VERSION.test(version) || (other !== null && !VERSION.test(other))) return problem('not_found');
    const compared = await versions.difference(address, version, other);
    return compared.kind === 'found' ? c.json(compared.value) : notFound(compared);
  });

  calls.post('/:id/versions/:version/restore', async (c) => {
    const text = await textOf(c);
    if (text instanceof Response) return text;
    const restores = c.req.param('version');
    const order = orderOf(c, Date.now());
    const writing = merchants.put(c.req.param('id'), text, { ...order, by: { ...order.by, restores } });
    const result = await sure(
      c,
      'merchant.restore',
      writing.finally(() => policies.forget()),
    );
    if (result.kind !== 'created' && result.kind !== 'replaced') return putAnswer(result);
    const { version, before: replaced } = result;
    audit(c, 'merchant.restore', { before: replaced, after: version });
    return c.json({ version, restores, replaced } satisfies Restored, 200, { etag: `"${version}"` });
  });

  async function textOf(c: ApiContext): Promise<string | Response> {
    const address = await addressed(c);
    if (address instanceof Response) return address;
    const version = c.req.param('version') ?? '';
    if (!VERSION.test(version)) return problem('not_found');
    const text = await versions.text(address, version);
    return text.kind === 'found' ? text.value : notFound(text);
  }

  return calls;
}

function notFound({ kind }: Exclude<Found<unknown>, { kind: 'found' }>): Response {
  return kind === 'unavailable' ? problem('gate_unavailable') : problem('not_found');
}
