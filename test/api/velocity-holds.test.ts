/**
 * What velocity rules hold a payer by is listed with what it counts, and lifted: every hold of his, and nobody else's.
 */
import { describe, expect, it } from 'vitest';
import type { Hold } from '../../src/api/holds.ts';
import { LIGHT } from '../support/challenges.ts';
import { cards } from '../support/shopper.ts';
import { api, configure, decided, evaluated, newMerchant, tell } from './backend.ts';

const NUMBERS = cards(20);
const base = { limit: 1, window_seconds: 3_600 };
const ask = { ...base, then: 'challenge' };
const EVERY = [
  { ...base, name: 'cards_per_ip', by: ['ip'], count: 'distinct_cards' },
  { ...base, name: 'cards_per_prefix', by: ['ip_prefix'], count: 'distinct_cards', window: 'sliding' },
  { ...base, name: 'customer', by: ['customer'], count: 'weighted_failures', block_seconds: 7_200 },
].map((rule) => (rule.name === 'customer' ? { ...rule, name: 'per_customer' } : rule));
const ASKING = [
  { ...ask, name: 'cards_per_email', by: ['email'], count: 'distinct_cards' },
  { ...ask, name: 'per_bin', by: ['bin'] },
  { ...ask, name: 'per_device', by: ['device'] },
  { ...ask, name: 'per_domain', by: ['email_domain', 'country'] },
];
const said = {
  ip: '203.0.113.9',
  country: 'NL',
  card: { number: NUMBERS[0] ?? '' },
  email: 'Buyer@Example.com',
  device_id: 'd1',
  customer_id: 'cus_1',
};

async function shutOut(): Promise<string> {
  const step_up = { methods: ['proof_of_work'], proof_of_work: LIGHT };
  const merchant = await newMerchant({ velocity: [...EVERY, ...ASKING], step_up });
  const { id } = await evaluated(merchant, said);
  await tell(id, { status: 'failed', decline_reason: 'incorrect_cvc' });
  return merchant;
}

async function blocks(merchant: string): Promise<readonly Hold[]> {
  return ((await (await api('GET', `/merchants/${merchant}/blocks?limit=100`)).json()) as { blocks: Hold[] }).blocks;
}

async function unblock(merchant: string, body: object): Promise<readonly string[]> {
  const answer = await api('POST', `/merchants/${merchant}/unblock`, { body });
  const { lifted } = (await answer.json()) as { lifted: Hold[] };
  return lifted.map(({ rule }) => rule).toSorted();
}

it('are listed with what they count, by what, and what becomes of whom they hold', async () => {
  const merchant = await shutOut();
  const known = new Map((await blocks(merchant)).map((one) => [`${one.rule}|${one.by.bin ?? ''}`, one]));
  expect([...known.keys()].toSorted()).toEqual([
    'cards_per_email|',
    'cards_per_ip|',
    'cards_per_prefix|',
    'per_bin|424242',
    'per_bin|42424200',
    'per_customer|',
    'per_device|',
    'per_domain|',
  ]);
  expect(known.get('cards_per_ip|')).toMatchObject({
    counts: 'distinct_cards',
    then: 'block',
    by: { ip: '203.0.113.9' },
    failures: 1,
    state: 'shut',
  });
  expect(known.get('per_domain|')?.by).toEqual({ country: 'NL', email_domain: 'example.com' });
  expect(known.get('cards_per_email|')?.by.email).toMatch(/^em_[\w-]{22}$/);
  expect(known.get('per_customer|')).toMatchObject({ failures: 2, customer_id: 'cus_1', counts: 'weighted_failures' });
  const { since, until } = known.get('per_customer|') ?? {};
  expect(Date.parse(until ?? '') - Date.parse(since ?? '')).toBe(7_200_000);
  expect(JSON.stringify([...known.values()])).not.toMatch(/buyer|4242424242/i);
});

describe('are lifted', () => {
  it.each([
    ['ip', { ip: '203.0.113.9' }, ['cards_per_ip', 'cards_per_prefix']],
    ['another address of the network', { ip: '203.0.113.77' }, ['cards_per_prefix']],
    ['e-mail, however it is spelt', { email: 'BUYER+x@example.com' }, ['cards_per_email']],
    ['customer', { customer_id: 'cus_1' }, ['per_customer']],
  ])('by %s', async (_, body, lifted) => {
    expect(await unblock(await shutOut(), body)).toEqual(lifted);
  });

  it('but not what he shares with others: that is named, and lifted by its own name', async () => {
    const merchant = await shutOut();
    const body = { card: { number: NUMBERS[0] }, customer_id: 'cus_1' };
    const answer = await api('POST', `/merchants/${merchant}/unblock`, { body });
    const { lifted, shared_holds: shared } = (await answer.json()) as { lifted: Hold[]; shared_holds: Hold[] };
    expect(lifted.map(({ rule }) => rule)).toEqual(['per_customer']);
    expect(shared.map(({ rule, by, state }) => [rule, by.bin, state]).toSorted()).toEqual([
      ['per_bin', '424242', 'shut'],
      ['per_bin', '42424200', 'shut'],
    ]);
    expect((await blocks(merchant)).filter(({ rule }) => rule === 'per_bin')).toHaveLength(2);
    for (const { id } of shared) {
      expect((await api('DELETE', `/merchants/${merchant}/blocks/${id}`)).status).toBeLessThan(300);
    }
    expect((await blocks(merchant)).filter(({ rule }) => rule === 'per_bin')).toEqual([]);
  });

  it('so that the payer pays again', async () => {
    const merchant = await shutOut();
    expect((await decided(merchant, said))[0]).toBe('block');
    await unblock(merchant, { ip: said.ip, email: said.email, customer_id: 'cus_1' });
    for (const one of await blocks(merchant)) await api('DELETE', `/merchants/${merchant}/blocks/${one.id}`);
    expect(await blocks(merchant)).toEqual([]);
    expect((await decided(merchant, said))[0]).toBe('allow');
  });

  it('also those of a rule that is off by now, and of one that left the configuration only by their own', async () => {
    const merchant = await shutOut();
    await configure(merchant, { velocity: EVERY.map((rule) => ({ ...rule, mode: 'off' })) });
    expect(await unblock(merchant, { ip: said.ip })).toEqual(['cards_per_ip', 'cards_per_prefix']);
  });
});
