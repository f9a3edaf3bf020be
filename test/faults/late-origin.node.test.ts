/**
 * An origin that takes too long: the client is told, nothing counts, and nobody waits for that answer any more.
 */
import { expect, it, vi } from 'vitest';
import { openShop, payRoute } from '../support/bare-merchant.ts';
import { declined, paid } from '../support/bare-origin.ts';

const ATTEMPT = { card: '4242424242424242', ip: '203.0.113.9' };
const LIMIT_SECONDS = 1;
/** Longer than any test here waits. */
const TOO_LONG_MS = 20_000;

it('is let go of once its time is over', async () => {
  const shop = await openShop({
    routes: [{ ...payRoute, timeout_seconds: LIMIT_SECONDS }],
    card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 1 },
  });
  shop.origin.reply(() => declined(TOO_LONG_MS));
  const sentAt = Date.now();
  expect((await shop.client().pay(ATTEMPT)).status).toBe(504);
  await vi.waitFor(() => expect(shop.origin.droppedAt).toHaveLength(1), { timeout: 1_000, interval: 10 });
  expect((shop.origin.droppedAt[0] ?? 0) - sentAt).toBeLessThan(LIMIT_SECONDS * 1000 + 1_000);
  shop.origin.reply(() => paid(0));
  expect((await shop.client().pay(ATTEMPT)).status).toBe(200);
});
