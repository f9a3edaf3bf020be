/**
 * One card by several names: its number, the processor's fingerprint, a token. Once they are known to be one card they
 * are counted as one, from whichever side the next attempt comes.
 */
import { evictDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import {
  CARD,
  configure,
  countsOf,
  decided,
  evaluated,
  failed,
  IP,
  newMerchant,
  rowsOf,
  tell,
  unblocked,
} from './backend.ts';

const number = { ip: IP, card: { number: CARD } };
const fingerprint = { ip: IP, card: { fingerprint: 'Xt5EWLLDS7FJjR1c', bin: '424242' } };
const token = { ip: IP, card: { token: 'pm_1' } };
const SHUT = ['block', 'velocity:guest_card'];

const guard = (threshold: number) => newMerchant({ card_testing_guard_config: rule('guest_user_card', threshold) });

/** Asks for the number and tells, with its outcome, which fingerprint the processor has for it. */
async function joinByReport(merchant: string, status = 'succeeded'): Promise<void> {
  const { id } = await evaluated(merchant, number);
  expect((await tell(id, { status, card_fingerprint: fingerprint.card.fingerprint })).status).toBe(200);
}

const joinByAsking = async (merchant: string): Promise<void> => {
  const { id } = await evaluated(merchant, { ip: IP, card: { ...number.card, ...fingerprint.card } });
  await tell(id, { status: 'succeeded' });
};

describe.each([
  ['by the outcome that is reported', joinByReport],
  ['by an attempt that names both', joinByAsking],
])('joined %s', (_, join) => {
  it('what failed under the number shuts the fingerprint', async () => {
    const merchant = await guard(2);
    await join(merchant);
    await failed(merchant, number);
    await failed(merchant, number);
    expect(await decided(merchant, fingerprint)).toEqual(SHUT);
  });

  it('what failed under either before counts together after', async () => {
    const merchant = await guard(3);
    await failed(merchant, fingerprint);
    await failed(merchant, number);
    await join(merchant);
    await failed(merchant, fingerprint);
    expect(await decided(merchant, number)).toEqual(SHUT);
    expect(await decided(merchant, fingerprint)).toEqual(SHUT);
    expect(Object.values(await countsOf(merchant))).toEqual([3]);
  });

  it('an attempt in flight under the one is in flight under the other', async () => {
    const merchant = await guard(1);
    await join(merchant);
    await evaluated(merchant, number);
    expect(await decided(merchant, fingerprint)).toEqual(['block', 'in_flight:guest_card']);
    await evictDurableObject(gateOf(merchant));
    expect(await decided(merchant, fingerprint)).toEqual(['block', 'in_flight:guest_card']);
  });

  it('an unblock by the number lifts what the fingerprint holds', async () => {
    const merchant = await guard(2);
    await failed(merchant, fingerprint);
    await join(merchant);
    await failed(merchant, fingerprint);
    expect(await decided(merchant, fingerprint)).toEqual(SHUT);
    expect(await unblocked(merchant, { card: number.card })).not.toHaveLength(0);
    expect(await decided(merchant, fingerprint)).toEqual(['allow']);
  });
});

it('cards that nobody joined stay apart', async () => {
  const merchant = await guard(1);
  await failed(merchant, number);
  expect(await decided(merchant, fingerprint)).toEqual(['allow']);
  expect(await decided(merchant, token)).toEqual(['allow']);
});

it('a token, a fingerprint and a number are one card by way of each other', async () => {
  const merchant = await guard(2);
  await failed(merchant, { ip: IP, card: { ...token.card, ...fingerprint.card } });
  await joinByReport(merchant);
  await failed(merchant, token);
  expect(await decided(merchant, number)).toEqual(SHUT);
});

it('a token is one card at a time: what it meant before is forgotten', async () => {
  const merchant = await guard(1);
  const other = { ip: IP, card: { number: '5555555555554444' } };
  const say = async (card: object) => {
    const { id } = await evaluated(merchant, { ip: IP, card });
    await tell(id, { status: 'succeeded' });
  };
  await say({ ...token.card, ...number.card });
  await say({ ...token.card, ...other.card });
  await failed(merchant, token);
  expect(await decided(merchant, other)).toEqual(SHUT);
  expect(await decided(merchant, number)).toEqual(['allow']);
});

it('a new token for each try of one card wears its counter out no slower', async () => {
  const merchant = await guard(40);
  for (let i = 0; i < 40; i++) {
    const { id } = await evaluated(merchant, { ip: IP, card: { token: `pm_${i}` } });
    await tell(id, { status: 'failed', card_fingerprint: fingerprint.card.fingerprint });
  }
  expect(await decided(merchant, fingerprint)).toEqual(SHUT);
  expect(await decided(merchant, { ip: IP, card: { token: 'pm_0' } })).toEqual(SHUT);
});

it('a change of the fingerprint key parts no names', async () => {
  const merchant = await guard(3);
  const config = { card_testing_guard_config: rule('guest_user_card', 3) };
  await joinByReport(merchant);
  await failed(merchant, fingerprint);
  await configure(merchant, { ...config, key_version: 2 });
  await failed(merchant, number);
  await failed(merchant, fingerprint);
  expect(await decided(merchant, number)).toEqual(SHUT);
  expect(await decided(merchant, fingerprint)).toEqual(SHUT);
});

it('keeps digests alone', async () => {
  const merchant = await guard(3);
  await joinByReport(merchant);
  const names = await rowsOf<{ name: string }>(gateOf(merchant), 'SELECT name FROM card_names');
  expect(names.map(({ name }) => name.slice(0, 3)).sort()).toEqual(['fp_', 'pf_']);
  expect(JSON.stringify(names)).not.toContain(fingerprint.card.fingerprint);
});
