/**
 * The gate did what it was asked and its reply was lost: it is asked again where the answer can be the same, and else
 * the caller hears that nobody knows, which is on record too.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import { api, ask, attempt, countsOf, evaluated, failed, newKey, newMerchant, rowsOf, tell } from './backend.ts';

let merchant: string;
let log: MockInstance<typeof console.log>;

beforeEach(async () => {
  log = vi.spyOn(console, 'log');
  merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 1) });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Loses the first reply to this call. */
function lose(call: string): void {
  const open = env.GATE.getByName.bind(env.GATE);
  let isLost = false;
  vi.spyOn(env.GATE, 'getByName').mockImplementation(
    (...address) =>
      new Proxy(open(...address), {
        get: (stub, name) => {
          const asked = Reflect.get(stub, name) as (...said: unknown[]) => Promise<unknown>;
          if (name !== call || isLost) return asked;
          return async (...said: unknown[]) => {
            isLost = true;
            await Reflect.apply(asked, stub, said);
            throw new Error('the reply was lost');
          };
        },
      }),
  );
}

it('an evaluation is one, with one place', async () => {
  lose('evaluateText');
  expect(await (await ask(merchant)).json()).toMatchObject({ decision: 'allow' });
  vi.restoreAllMocks();
  expect(await rowsOf(gateOf(merchant), 'SELECT 1 AS one FROM evaluations')).toHaveLength(1);
});

it('an outcome counts once', async () => {
  const { id } = await evaluated(merchant);
  lose('reportText');
  expect((await tell(id, { status: 'failed' })).status).toBe(200);
  vi.restoreAllMocks();
  expect(Object.values(await countsOf(merchant))).toEqual([1]);
});

it('a late failure counts once, though its second answer no longer says that it was late', async () => {
  const { id } = await evaluated(merchant);
  await tell(id, { status: 'succeeded' });
  lose('reportText');
  expect((await tell(id, { status: 'failed' })).status).toBe(200); // the same again
  vi.restoreAllMocks();
  expect(Object.values(await countsOf(merchant))).toEqual([1]);
});

it('a new key is one key', async () => {
  lose('addKey');
  const { key } = await newKey(merchant);
  const answer = await api('GET', `/merchants/${merchant}/keys`, { key });
  expect(((await answer.json()) as { keys: unknown[] }).keys).toHaveLength(1);
});

it('a key may have been revoked, and was', async () => {
  const { id } = await newKey(merchant);
  lose('revokeKey');
  await isUnsure(await api('DELETE', `/merchants/${merchant}/keys/${id}`), 'key.revoke');
  expect((await api('DELETE', `/merchants/${merchant}/keys/${id}`)).status).toBe(404);
});

it('a block may have been lifted, and was', async () => {
  await failed(merchant);
  const { blocks } = (await (await api('GET', `/merchants/${merchant}/blocks`)).json()) as { blocks: { id: string }[] };
  lose('liftBlock');
  await isUnsure(await api('DELETE', `/merchants/${merchant}/blocks/${blocks[0]?.id}`), 'block.lift');
  expect((await api('DELETE', `/merchants/${merchant}/blocks/${blocks[0]?.id}`)).status).toBe(404);
});

it('a payer may have been unblocked, and was', async () => {
  await failed(merchant);
  lose('unblock');
  const unblock = () => api('POST', `/merchants/${merchant}/unblock`, { body: { ip: attempt.ip } });
  await isUnsure(await unblock(), 'payer.unblock');
  expect(await (await unblock()).json()).toEqual({ lifted: [], count: 0, shared_holds: [], deny_items: [] });
});

async function isUnsure(answer: Response, what: string): Promise<void> {
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'gate_unavailable']);
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines).toContainEqual(expect.objectContaining({ event: 'audit', what, after: 'unknown' }));
}
