/**
 * A card that is known by the payment it is attached to alone: its blocks are shown and lifted like any other's.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Hold } from '../../src/api/holds.ts';
import { acme, manage, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { confirm, stepRoutes, told } from '../support/payment-shop.ts';
import { api, unblocked } from './backend.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('is shown by its own name, and opened by it', async () => {
  new StandInOrigin().answer(() => told.failed('pay_1'));
  const routes = stepRoutes({ continues: false });
  const guard = rule('guest_user_card', 1);
  await manage('PUT', '/merchants/shop', { ...acme, id: 'shop', routes, card_testing_guard_config: guard });
  const status = async () => (await confirm('pay_1', { ip: '192.0.2.40' })).status;
  expect([await status(), await status()]).toEqual([402, 403]);
  const { blocks } = (await (await api('GET', '/merchants/shop/blocks')).json()) as { blocks: readonly Hold[] };
  expect(blocks).toMatchObject([{ rule: 'guest_card', card: expect.stringMatching(/^at_[\w-]{43}$/) }]);
  expect(await unblocked('shop', { card: { fingerprint: blocks[0]?.card } })).toHaveLength(1);
  vi.setSystemTime(Date.now() + 2_000);
  expect(await status()).toBe(402);
});
