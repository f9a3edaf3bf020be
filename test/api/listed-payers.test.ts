/**
 * A payer on the lists, unblocked or erased: he is told of, and taken off where that is asked for.
 */
import { expect, it } from 'vitest';
import { itemsOf, listed } from '../support/lists.ts';
import { rule } from '../support/merchant.ts';
import { rowsOnceThere } from '../support/records.ts';
import { api, attempt, CARD, decided, everythingStored, failed, IP, newMerchant } from './backend.ts';

const payer = { card: { number: CARD }, ip: IP, customer_id: 'cus_1', email: 'Jan+shop@example.com' };

async function listEverywhere(merchant: string): Promise<void> {
  await listed(merchant, 'deny', { type: 'ip', value: IP });
  await listed(merchant, 'deny', { type: 'cidr', value: '203.0.113.0/24' });
  await listed(merchant, 'deny', { type: 'card_fingerprint', card: { number: CARD } });
  await listed(merchant, 'deny', { type: 'email', value: 'jan@example.com' });
  await listed(merchant, 'deny', { type: 'email_domain', value: 'example.com' });
  await listed(merchant, 'deny', { type: 'customer_id', value: 'cus_1' });
  await listed(merchant, 'deny', { type: 'country', value: 'KP' });
}

const post = async (merchant: string, call: string, body: object) => {
  const answer = await api('POST', `/merchants/${merchant}/${call}`, { body });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json<{ deny_items: { type: string; is_removed: boolean }[]; list_items: number }>();
};

it('unblock tells every item that names him, and removes none unless asked', async () => {
  const merchant = await newMerchant();
  await listEverywhere(merchant);
  const told = await post(merchant, 'unblock', payer);
  const types = ['card_fingerprint', 'cidr', 'customer_id', 'email', 'email_domain', 'ip'];
  expect(told.deny_items.map(({ type }) => type).sort()).toEqual(types);
  expect(told.deny_items.some(({ is_removed: isRemoved }) => isRemoved)).toBe(false);
  expect((await itemsOf(merchant, 'deny')).items.length).toBe(7);
  const removed = await post(merchant, 'unblock', { ...payer, remove_deny_items: true });
  const gone = removed.deny_items.filter(({ is_removed: isRemoved }) => isRemoved).map(({ type }) => type);
  expect(gone.sort()).toEqual(['card_fingerprint', 'customer_id', 'email', 'ip']);
  expect((await itemsOf(merchant, 'deny')).items.map(({ type }) => type).sort()).toEqual([
    'cidr',
    'country',
    'email_domain',
  ]);
});

it('a list of blocks tells who is denied besides', async () => {
  const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 1) });
  await failed(merchant);
  const denied = async () => {
    const answer = await api('GET', `/merchants/${merchant}/blocks`);
    return (await answer.json<{ blocks: { denied_by: string[] }[] }>()).blocks.map(({ denied_by: by }) => by);
  };
  expect(await denied()).toEqual([[]]);
  await listed(merchant, 'deny', { type: 'ip', value: IP });
  await listed(merchant, 'deny', { type: 'card_fingerprint', card: { number: CARD } });
  expect(await denied()).toEqual([['card_fingerprint', 'ip']]);
});

it('who is erased stands on no list, nor by name among the changes of one', async () => {
  const merchant = await newMerchant();
  await listEverywhere(merchant);
  await listed(merchant, 'allow', { type: 'customer_id', value: 'cus_1' });
  const changes = async () =>
    JSON.stringify(
      await rowsOnceThere(8, "SELECT after FROM changes WHERE merchant = ? AND what LIKE 'list.%'", merchant),
    );
  expect(await changes()).toContain('cus_1');
  expect(await post(merchant, 'erasures', payer)).toMatchObject({ list_items: 5 });
  expect(await changes()).not.toMatch(/cus_1|j…@example|203\.0\.113\.9"/);
  expect(await changes()).toContain('203.0.113.0/24');
  const stored = await everythingStored(merchant);
  for (const word of ['cus_1', 'jan@', 'j…@']) expect(stored).not.toContain(word);
  expect(await decided(merchant, { ...attempt, customer_id: 'cus_1' })).toEqual(['block', 'list:cidr']);
});

it('no e-mail address is stored, nor told in full', async () => {
  const merchant = await newMerchant();
  const { value } = await listed(merchant, 'deny', { type: 'email', value: 'jan.jansen@example.com' });
  expect(value).toBe('j…@example.com');
  expect(await everythingStored(merchant)).not.toContain('jansen');
});
