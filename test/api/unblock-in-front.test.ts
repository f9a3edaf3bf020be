/**
 * An unblocking reaches every place: in the API at once, in front of a checkout within two seconds.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acme, manage, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';
import { api, CARD, evaluated, tell, unblocked } from './backend.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  new StandInOrigin().answer(answers.decline);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  ['unblocking the payer', () => unblocked('shop', { card: { number: CARD } })],
  [
    'lifting the block',
    async () => {
      const { blocks } = (await (await api('GET', '/merchants/shop/blocks')).json()) as { blocks: { id: string }[] };
      for (const { id } of blocks) await api('DELETE', `/merchants/shop/blocks/${id}`);
    },
  ],
])('%s is felt within two seconds, and at once in the API', async (_, open) => {
  await manage('PUT', '/merchants/shop', { ...acme, id: 'shop', card_testing_guard_config: rule('card_ip', 1) });
  const payer = { ip: '192.0.2.30', card: CARD };
  await pay(payer);
  for (let i = 0; i < 3; i++) expect((await pay(payer)).status).toBe(403);
  await open();
  const { id, decision } = await evaluated('shop', { ip: payer.ip, card: { number: CARD } });
  expect(decision).toBe('allow');
  await tell(id, { status: 'succeeded' });
  vi.setSystemTime(Date.now() + 2_000);
  expect((await pay(payer)).status).toBe(402);
  await open();
});
