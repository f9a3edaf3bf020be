/**
 * Made from the description: whoever may not is refused on every call, and leaves no trace.
 */
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { parseEnvironment } from '../../src/config/environment.ts';
import { Policies } from '../../src/config/policies.ts';
import { SCOPES } from '../../src/gate/gate-messages.ts';
import { Journal } from '../../src/journal/journal.ts';
import { codeOf } from '../support/shopper.ts';
import { requestOf } from './openapi-shell.ts';
import {
  admin,
  type Described,
  guarded,
  operations,
  passkeyVariablesOf,
  type Stage,
  setStage,
  URL_OF_CORDON,
} from './openapi-stage.ts';

/** The documented call on what belongs to `stage`, with another key. */
function callOn(stage: Stage, { operation }: Described, key: string | null): Promise<Response> {
  const line = operation['x-codeSamples'].find(({ lang }) => lang === 'Shell')?.source ?? '';
  const request = requestOf(line.replaceAll('acme', stage.merchant), {
    CORDON_URL: URL_OF_CORDON,
    CORDON_ADMIN_KEY: key ?? '',
    CORDON_KEY: key ?? '',
    EVALUATION: stage.evaluation,
    KEY_ID: stage.keyId,
    BLOCK: stage.block,
    LEASE: stage.lease,
    ...passkeyVariablesOf(stage),
    PROOF: stage.proof,
    ITEM: stage.item,
    MESSAGE: stage.message,
    VERSION: stage.version,
  });
  if (key === null) request.headers.delete('authorization');
  return exports.default.fetch(request);
}

async function everythingOf({ merchant, evaluation, customer }: Stage): Promise<unknown> {
  const cordon = admin();
  const told = await cordon.evaluation(evaluation);
  return [
    await cordon.merchants.get(merchant),
    await cordon.keys.list(merchant),
    await cordon.blocks.list(merchant),
    await cordon.leases.list(merchant, { limit: 1_000 }),
    await cordon.lists.items(merchant, 'deny'),
    await cordon.passkeys.list(merchant, customer),
    await cordon.alerts.list(merchant),
    told,
  ];
}

const scopesOf = ({ operation }: Described) => operation.security.flatMap(({ bearer = [] }) => bearer);

describe.each(guarded)('$id', (described) => {
  it("is refused to a merchant's key on another merchant's things", async () => {
    const acme = await setStage('acme');
    const other = await setStage('other');
    const before = await everythingOf(other);
    const answer = await callOn(other, described, acme.key);
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'forbidden']);
    expect(await everythingOf(other)).toEqual(before);
  });

  it.each([
    ['without a key', null],
    ['with a wrong key', 'wrong'],
    ["with a key of the merchant's that never was", `ck_${'0'.repeat(56)}other`],
  ])('is refused %s', async (_, key) => {
    const other = await setStage('other');
    const before = await everythingOf(other);
    const answer = await callOn(other, described, key);
    const refusal =
      scopesOf(described).includes('admin') && key?.startsWith('ck_') ? [403, 'forbidden'] : [401, 'unauthorized'];
    expect([answer.status, await codeOf(answer)]).toEqual(refusal);
    expect(await everythingOf(other)).toEqual(before);
  });

  it('is open to the scope that is documented, and to no other', async () => {
    for (const scope of SCOPES) {
      // The example hands out other scopes, and a key hands out only its own.
      const held = described.id === 'createKey' && scope === 'manage' ? SCOPES : [scope];
      const stage = await setStage('other', held);
      const answer = await callOn(stage, described, stage.key);
      const isOpen = scopesOf(described).includes(scope);
      expect([scope, answer.status < 300, answer.status === 403]).toEqual([scope, isOpen, !isOpen]);
    }
  });

  it('is open to the admin key', async () => {
    const answer = await callOn(await setStage('other'), described, env.CORDON_ADMIN_KEY);
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  });
});

it('describes every call that is served, and no other', async () => {
  const parsed = await parseEnvironment(env as never);
  if (!parsed.ok) throw new Error('no environment');
  const { routes } = createApi(parsed.environment, new Policies(parsed.environment), new Journal(null));
  const inTheApp = ['GET /.cordon/health'];
  const unlisted = ['GET /.cordon/docs.css'];
  const served = routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  // Parameters have other names there: only their places count.
  const placed = (calls: readonly string[]) =>
    [...new Set(calls.map((call) => call.replaceAll(/:\w+|\{\w+\}/g, '*')))].sort();
  const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const withoutAdminGuard = [...served, ...inTheApp].filter((call) => !unlisted.includes(call));
  expect(placed(described)).toEqual(placed(withoutAdminGuard));
});

it.each(['stripe', 'nobody'])(
  'documents what a webhook of %s is answered where none is expected',
  async (processor) => {
    const { merchant } = await setStage('other');
    const url = `${URL_OF_CORDON}/.cordon/v1/webhooks/${merchant}-not/${processor}`;
    const { status } = await exports.default.fetch(url, { method: 'POST', body: '{}' });
    const { operation } = operations.find(({ id }) => id === 'receiveWebhook') ?? expect.fail('not described');
    expect(Object.keys(operation.responses)).toContain(String(status));
  },
);
