/**
 * What is no item is refused with the path of the field, changes nothing, and is never repeated: it may be a card number.
 */
import { describe, expect, it, vi } from 'vitest';
import { ITEM_TYPES } from '../../src/lists/item.ts';
import { itemsOf, put } from '../support/lists.ts';
import { api, CARD, newMerchant } from './backend.ts';

const good = { type: 'ip', value: '203.0.113.9', reason: 'a' };

async function faultsOf(list: 'deny' | 'allow', change: object): Promise<readonly (readonly [string, string])[]> {
  const log = vi.spyOn(console, 'log');
  const merchant = await newMerchant();
  const answer = await put(merchant, list, { ...good, ...change });
  const text = await answer.text();
  expect(text + JSON.stringify(log.mock.calls)).not.toMatch(/4242[ -]?4242/);
  log.mockRestore();
  expect(answer.status, text).toBe(422);
  expect((await itemsOf(merchant, list)).items).toEqual([]);
  const { errors } = JSON.parse(text) as { errors: { path: string; message: string }[] };
  return errors.map(({ path, message }) => [path, message]);
}

describe.each(ITEM_TYPES)('a card number as %s', (type) => {
  it.each([CARD, '4242 4242 4242 4242', '4242-4242-4242-4242', Number(CARD)])('%s is refused', async (value) => {
    const [[path] = []] = await faultsOf('deny', { type, value });
    expect(path).toBe('/value');
  });
});

it.each([
  ['a type that is none', { type: 'iban' }, '/type'],
  ['no type', { type: undefined }, '/type'],
  ['no value', { value: undefined }, '/value'],
  ['no reason', { reason: undefined }, '/reason'],
  ['an empty reason', { reason: '' }, '/reason'],
  ['a reason over lines', { reason: 'a\nb' }, '/reason'],
  ['a reason that is a card number', { reason: `card ${CARD}` }, '/reason'],
  ['a long reason', { reason: 'x'.repeat(257) }, '/reason'],
  ['an unknown field', { note: 'a' }, '/note'],
  ['an actor of its own', { actor: 'admin' }, '/actor'],
  ['a time that is over', { expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
  ['a time without a zone', { expires_at: '2090-01-01T00:00:00' }, '/expires_at'],
  ['a card beside a value', { type: 'card_fingerprint', card: { number: '5555555555554444' } }, '/card'],
  ['a card for an address', { value: undefined, card: { number: '5555555555554444' } }, '/card'],
  ['an address with a zone', { value: 'fe80::1%eth0' }, '/value'],
  ['an address in octal', { value: '0203.0.0113.9' }, '/value'],
  ['a block’s /64 as an ip', { value: '2001:db8::/64' }, '/value'],
  ['a list of values', { value: ['203.0.113.9'] }, '/value'],
])('%s is refused', async (_, change, path) => {
  expect((await faultsOf('deny', change)).map(([at]) => at)).toContain(path);
});

it.each([
  ['deny', '0.0.0.0/0'],
  ['deny', '0.0.0.0/7'],
  ['deny', '::/0'],
  ['deny', '2000::/18'],
  ['allow', '10.0.0.0/15'],
  ['allow', '2001::/31'],
] as const)('on the %s list %s is too wide', async (list, value) => {
  expect(await faultsOf(list, { type: 'cidr', value })).toEqual([
    ['/value', expect.stringContaining('must be no wider than')],
  ]);
});

it('a list that is none is not found, and neither is an item that is none', async () => {
  const merchant = await newMerchant();
  expect((await api('GET', `/merchants/${merchant}/lists/grey`)).status).toBe(404);
  for (const id of ['none', 'li_', 'li_WyJpcCJd', 'li_WzEsMl0', `li_${'A'.repeat(2000)}`]) {
    expect((await api('DELETE', `/merchants/${merchant}/lists/deny/${id}`)).status, id).toBe(404);
  }
});

it.each([
  '?limit=0',
  '?limit=1001',
  '?cursor=x',
  '?type=iban',
  '?value=1',
  '?type=ip&value=nonsense',
  `?type=ip&value=${CARD}`,
])('%s is no question', async (query) => {
  const merchant = await newMerchant();
  const answer = await api('GET', `/merchants/${merchant}/lists/deny${query}`);
  expect([answer.status, (await answer.text()).includes(CARD)]).toEqual([400, false]);
});
