/**
 * SIGKILL of the runtime at random points under load: after each, what clients were told is held against what the
 * gate has on disk. CORDON_KILL_ROUNDS changes the number of rounds (up to about 150: counters have limits).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { BareClient } from '../support/bare-client.ts';
import { readLedger } from '../support/bare-ledger.ts';
import { openShop } from '../support/bare-merchant.ts';
import { declined, needsAction } from '../support/bare-origin.ts';
import { checkTally } from './kill-tally.ts';

const ROUNDS = Number(process.env.CORDON_KILL_ROUNDS ?? 50);
const ROUND_TIMEOUT_MS = 10_000;
const SENDERS = 12;
const THINKING_MS = 30;
const LIFE_MS = { least: 50, most: 600 };
const CARDS = ['4242424242424242', '5555555555554444', '4000000000000002'];
const ADDRESSES = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'];
/** No attempt is refused: what is tested is the count. */
const OUT_OF_REACH = 10_000;
const GUARD = Object.fromEntries(
  ['card_ip', 'guest_user_card', 'guest_ip'].flatMap((rule) => [
    [`${rule}_blocking_status`, 'enabled'],
    [`${rule}_blocking_threshold`, OUT_OF_REACH],
  ]),
);

it(`keeps every acknowledged decline, once, over ${ROUNDS} kills`, { timeout: ROUNDS * ROUND_TIMEOUT_MS }, async () => {
  const { bare, origin, client } = await openShop({ card_testing_guard_config: GUARD });
  origin.reply(() => declined(Math.random() * THINKING_MS));
  const acknowledged: string[] = [];
  let counted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await bare.restart();
    const one = client();
    const senders = Array.from({ length: SENDERS }, () => sendUntilKilled(one, acknowledged));
    await pause(LIFE_MS.least + Math.random() * (LIFE_MS.most - LIFE_MS.least));
    await bare.kill();
    await Promise.all(senders);
    one.close();
    counted = checkTally(await readLedger(bare.storageFolder), { acknowledged, arrived: origin.arrived });
  }
  const told = acknowledged.length;
  console.info(
    `${ROUNDS} kills: ${origin.arrived.length} reached the origin, ${counted} counted, ${told} acknowledged`,
  );
  // Without a gap between the three, no kill fell into the steps that this test is about.
  expect(told).toBeGreaterThan(ROUNDS);
  expect(origin.arrived.length).toBeGreaterThan(told);
});

it('keeps a card shut, and the place of a payment that waits for its payer', async () => {
  const guard = { guest_user_card_blocking_status: 'enabled', guest_user_card_blocking_threshold: 1 };
  const { bare, origin, client } = await openShop({ card_testing_guard_config: guard });
  const [shut = '', parked = ''] = CARDS;
  origin.reply(({ body }) => (body.includes(parked) ? needsAction(0) : declined(0)));
  for (const card of [shut, parked]) await client().pay({ card, ip: '203.0.113.1' });
  await bare.kill();
  await bare.restart();
  expect((await client().pay({ card: shut, ip: '203.0.113.2' })).status).toBe(403);
  expect((await client().pay({ card: parked, ip: '203.0.113.2' })).status).toBe(429);
  expect(origin.arrived).toHaveLength(2);
});

/** Sends one attempt after the other; notes each decline that arrives whole. */
async function sendUntilKilled(client: BareClient, acknowledged: string[]): Promise<void> {
  for (;;) {
    const attempt = { card: oneOf(CARDS), ip: oneOf(ADDRESSES) };
    const answer = await client.pay(attempt).catch(() => null);
    if (answer === null) return;
    if (answer.status !== 402) throw new Error(`${answer.status}: ${answer.body}`);
    acknowledged.push(String(answer.headers['cordon-evaluation']));
  }
}

function oneOf(items: readonly string[]): string {
  return items[Math.floor(Math.random() * items.length)] ?? '';
}
