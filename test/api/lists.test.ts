/**
 * Deny and allow lists through the API: every type on either list, in force and gone at the next attempt.
 */
import { describe, expect, it } from 'vitest';
import { ITEM_TYPES, type ItemType } from '../../src/lists/item.ts';
import { itemsOf, listed, put, unlist } from '../support/lists.ts';
import { rule } from '../support/merchant.ts';
import { CARD, decided, evaluated, failed, newKey, newMerchant } from './backend.ts';

/** A payer whom an item of each type names. */
const payer = {
  ip: '203.0.113.9',
  country: 'NL',
  asn: 64_500,
  card: { number: CARD },
  customer_id: 'cus_1',
  email: 'Jan.Jansen+shop@Example.com',
};
const stranger = {
  ip: '198.51.100.1',
  country: 'DE',
  asn: 64_501,
  card: { number: '5555555555554444' },
  customer_id: 'cus_2',
  email: 'else@other.example',
};
const ITEM: Readonly<Record<ItemType, object>> = {
  ip: { value: '203.0.113.9' },
  cidr: { value: '203.0.113.0/24' },
  asn: { value: 'AS64500' },
  country: { value: 'NL' },
  card_fingerprint: { card: { number: CARD } },
  card_bin: { value: '424242' },
  email: { value: 'jan.jansen@example.com' },
  email_domain: { value: 'EXAMPLE.com' },
  customer_id: { value: 'cus_1' },
};

describe.each(ITEM_TYPES)('an item of type %s', (type) => {
  it('on the deny list refuses its payer at the next attempt, nobody else, and nobody once it is gone', async () => {
    const merchant = await newMerchant();
    expect(await decided(merchant, payer)).toEqual(['allow']);
    const item = await listed(merchant, 'deny', { type, ...ITEM[type] });
    expect(await decided(merchant, payer)).toEqual(['block', `list:${type}`]);
    expect(await decided(merchant, stranger)).toEqual(['allow']);
    expect((await unlist(merchant, 'deny', item.id)).status).toBe(204);
    expect(await decided(merchant, payer)).toEqual(['allow']);
    expect((await unlist(merchant, 'deny', item.id)).status).toBe(404);
  });

  it('on the allow list outweighs no item of the deny list', async () => {
    const merchant = await newMerchant();
    await listed(merchant, 'allow', { type, ...ITEM[type] });
    expect(await decided(merchant, payer)).toEqual(['allow']);
    await listed(merchant, 'deny', { type: 'ip', value: payer.ip });
    expect(await decided(merchant, payer)).toEqual(['block', 'list:ip']);
  });

  it('on the allow list skips no counter', async () => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 1) });
    await listed(merchant, 'allow', { type, ...ITEM[type] });
    await failed(merchant, payer);
    expect(await decided(merchant, payer)).toEqual(['block', 'velocity:card_ip']);
  });

  it('is told and found, whatever it is', async () => {
    const merchant = await newMerchant();
    const { key, id } = await newKey(merchant);
    const answer = await put(merchant, 'deny', { type, ...ITEM[type], reason: 'fraud' }, { key });
    expect(answer.status).toBe(201);
    const item = await answer.json<Record<string, unknown>>();
    expect(item).toMatchObject({ list: 'deny', type, reason: 'fraud', actor: `key:${id}`, expires_at: null });
    expect((await itemsOf(merchant, 'deny')).items).toEqual([item]);
    expect((await itemsOf(merchant, 'deny', `?type=${type}`)).items).toEqual([item]);
    expect((await itemsOf(merchant, 'allow')).items).toEqual([]);
    expect(JSON.stringify(item)).not.toContain(CARD);
  });

  it('put again has another reason and end, and is one item', async () => {
    const merchant = await newMerchant();
    await listed(merchant, 'deny', { type, ...ITEM[type] });
    const expires_at = '2090-01-01T00:00:00.000Z';
    const again = await put(merchant, 'deny', { type, ...ITEM[type], reason: 'another', expires_at });
    expect(again.status).toBe(200);
    expect((await itemsOf(merchant, 'deny')).items).toMatchObject([{ type, reason: 'another', expires_at }]);
  });
});

it('tells the merchant why, and nobody is refused in shadow', async () => {
  const merchant = await newMerchant({ mode: 'shadow' });
  await listed(merchant, 'deny', { type: 'ip', value: payer.ip, reason: 'chargebacks in May' });
  const { decision, reasons } = await evaluated(merchant, payer);
  expect(decision).toBe('allow');
  expect(reasons).toEqual([
    { code: 'list', rule: 'ip', message: 'ip on the deny list: chargebacks in May', mode: 'shadow' },
  ]);
});
