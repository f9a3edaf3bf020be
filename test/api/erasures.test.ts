/**
 * One person's data, taken out of the record: by any of his names, everywhere, and nothing of anybody else.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Histories } from '../../src/gate/histories.ts';
import { insert } from '../../src/journal/insertion.ts';
import { ensureSchema } from '../../src/journal/schema.ts';
import { decision, outcome } from '../journal/sample-entries.ts';
import { rule } from '../support/merchant.ts';
import { rows } from '../support/records.ts';
import { Written } from '../support/written.ts';
import { api, evaluated, newMerchant, tell } from './backend.ts';

const NUMBER = '4242424242424242';
let merchant: string;
beforeEach(async () => {
  merchant = await newMerchant();
  await ensureSchema(env.RECORDS);
});

const erase = async (body: unknown) => {
  const answer = await api('POST', `/merchants/${merchant}/erasures`, { body });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as { decisions: number; is_complete: boolean; remains: { what: string }[] };
};
const identities = () =>
  rows('SELECT customer, card, ip, ip_prefix, session FROM decisions WHERE merchant = ? ORDER BY id', merchant);
const NOBODY = { customer: null, card: null, ip: null, ip_prefix: null, session: null };

describe('a person is found', () => {
  it.each([
    ['by customer', { customer: 'cus_1' }, { customer_id: 'cus_1' }],
    ['by address', { ip: '203.0.113.77' }, { ip: '203.0.113.77' }],
    [
      'by an IPv6 address, however written',
      { ip: '2001:db8::1', ip_prefix: '2001:db8::/48' },
      { ip: '2001:DB8:0:0::1' },
    ],
    ['by the digest of a session', { session: 'se_1' }, { session_id: 'se_1' }],
  ])('%s, and all that names him goes with it', async (_, change, body) => {
    const [his, other] = [decision({ merchant, ...change }), decision({ merchant, ip: '203.0.113.78' })];
    await insert(env.RECORDS, [his, other]);
    expect(await erase(body)).toMatchObject({ decisions: 1, is_complete: true });
    expect(await identities()).toEqual(
      expect.arrayContaining([NOBODY, expect.objectContaining({ ip: '203.0.113.78' })]),
    );
  });

  it('by his card’s number, by its fingerprint, and by his own session', async () => {
    const written = new Written();
    await evaluated(merchant, { ip: '203.0.113.9', card: { number: NUMBER }, session_id: 'sid-1' });
    await evaluated(merchant, { ip: '203.0.113.9', card: { number: NUMBER } });
    const entries = await written.once('decision', 2);
    vi.restoreAllMocks();
    await insert(env.RECORDS, entries);
    expect(await erase({ session_id: 'sid-1' })).toMatchObject({ decisions: 1 });
    expect(await erase({ card: { number: NUMBER } })).toMatchObject({ decisions: 1 });
    expect(await erase({ card: { fingerprint: entries[0]?.card } })).toMatchObject({ decisions: 0 });
    expect(await identities()).toEqual([NOBODY, NOBODY]);
  });
});

it('the words of a rule, and the processor’s id of the payment, name him no more', async () => {
  const ip = '203.0.113.80';
  const reasons = [{ code: 'allowlist_miss', message: `${ip} is not on the list`, mode: 'enforce' }] as const;
  const his = decision({ merchant, ip, reasons, customer: 'cus_2' });
  await insert(env.RECORDS, [{ ...his, outcome: outcome(his.id, { merchant, payment_id: 'pi_7' }) }]);
  await erase({ customer_id: 'cus_2' });
  const everything = JSON.stringify([
    await rows('SELECT * FROM decisions WHERE merchant = ?', merchant),
    await rows('SELECT * FROM outcomes WHERE merchant = ?', merchant),
  ]);
  for (const name of [ip, '203.0.113.0/24', 'cus_2', 'pi_7']) expect(everything).not.toContain(name);
});

it('changes that name him do so no more', async () => {
  const change = {
    kind: 'change',
    id: `ch_${merchant}`,
    merchant,
    at: 1,
    who: 'admin',
    what: 'payer.unblock',
  } as const;
  const before = { lifted: [{ customer_id: 'cus_"3"', ip: '203.0.113.9' }] };
  await insert(env.RECORDS, [{ ...change, before, after: null }]);
  expect(await erase({ customer_id: 'cus_"3"' })).toMatchObject({ changes: 1 });
  const [row] = await rows<{ before: string }>('SELECT before FROM changes WHERE id = ?', change.id);
  expect(JSON.parse(row?.before ?? '')).toEqual({ lifted: [{ customer_id: 'erased', ip: '203.0.113.9' }] });
});

it('changes that name him by his /64 do so no more, and whatever else was changed stays', async () => {
  const change = { kind: 'change', merchant, at: 1, who: 'admin', after: null } as const;
  const versions = { version: 'v1', mode: 'shadow' };
  await insert(env.RECORDS, [
    { ...change, id: `ch_1${merchant}`, what: 'block.lift', before: { ip: '2001:db8:1:2::/64', state: 'shut' } },
    { ...change, id: `ch_2${merchant}`, what: 'merchant.put', before: versions },
  ]);
  expect(await erase({ ip: '2001:db8:1:2::3' })).toMatchObject({ changes: 1 });
  for (const word of ['v1', 'shadow', 'mode', 'shut', 'state']) await erase({ customer_id: word });
  const told = await rows<{ before: string }>(
    "SELECT before FROM changes WHERE merchant = ? AND what <> 'record.erase' ORDER BY id",
    merchant,
  );
  expect(told.map(({ before }) => JSON.parse(before))).toEqual([{ ip: 'erased', state: 'shut' }, versions]);
});

it('who was let in again stands in no id of the log or of the changes', async () => {
  merchant = await newMerchant({ card_testing_guard_config: rule('customer_id', 1) });
  const log = vi.spyOn(console, 'log');
  const written = new Written();
  const { id } = await evaluated(merchant, { ip: '203.0.113.9', card: { number: NUMBER }, customer_id: 'cus_hidden' });
  await tell(id, { status: 'failed' });
  expect((await api('POST', `/merchants/${merchant}/unblock`, { body: { customer_id: 'cus_hidden' } })).status).toBe(
    200,
  );
  const unblocked = written.of('change').find(({ what }) => what === 'payer.unblock');
  expect(unblocked?.before).toMatchObject({ count: 1, lifted: [{ customer_id: 'cus_hidden' }] });
  const line = log.mock.calls.map(String).find((text) => text.includes('payer.unblock')) ?? '';
  for (const text of [JSON.stringify(unblocked), line]) {
    const readable = [...text.matchAll(/[\w-]{12,}/g)].map(([word]) =>
      atob(
        word
          .replace(/-/g, '+')
          .replace(/_/g, '/')
          .slice(0, word.length & ~3),
      ),
    );
    expect(readable.join(' ')).not.toContain('cus_hidden');
  }
  vi.restoreAllMocks();
});

it('what happened stays: rows, outcomes and totals', async () => {
  await insert(env.RECORDS, [decision({ merchant, customer: 'cus_4' })]);
  const totals = () => rows('SELECT * FROM totals WHERE merchant = ? ORDER BY span, what, value', merchant);
  const before = await totals();
  await erase({ customer_id: 'cus_4' });
  expect(await totals()).toEqual(before);
  expect(await rows('SELECT decision, bin FROM decisions WHERE merchant = ?', merchant)).toHaveLength(1);
});

it('nobody else’s merchant is touched', async () => {
  const other = await newMerchant();
  await insert(env.RECORDS, [decision({ merchant: other, customer: 'cus_5' })]);
  expect(await erase({ customer_id: 'cus_5' })).toMatchObject({ decisions: 0 });
  expect(await rows("SELECT 1 FROM decisions WHERE customer = 'cus_5'")).toHaveLength(1);
});

it('says what the gate still holds, and for how long', async () => {
  const { remains } = await erase({ customer_id: 'cus_6' });
  expect(remains).toEqual([
    { what: 'counters', for_seconds: expect.any(Number) },
    { what: 'outcomes', for_seconds: 604_800 },
    { what: 'card_names', for_seconds: 7_776_000 },
  ]);
});

it('what a customer or a card has earned at the gate goes, and nobody else’s', async () => {
  merchant = await newMerchant({ clean_history: { min_payments: 2, min_age_days: 30 } });
  const gate = env.GATE.getByName(merchant);
  await runInDurableObject(gate, (_, { storage }) => {
    const histories = new Histories(storage.sql);
    histories.add({ names: [['customer|cus_7'], ['card|fp_7']], paymentIds: ['pi_7'], settledAt: 1 });
    histories.add({ names: [['customer|cus_8']], paymentIds: ['pi_8'], settledAt: 1 });
  });
  const { remains } = await erase({ customer_id: 'cus_7' });
  expect(remains).toContainEqual({ what: 'paid', for_seconds: 15_552_000 });
  const left = await runInDurableObject(gate, (_, { storage }) =>
    storage.sql.exec<{ name: string }>('SELECT name FROM histories ORDER BY name').toArray(),
  );
  expect(left.map(({ name }) => name)).toEqual(['card|fp_7', 'customer|cus_8']);
});

it.each([[{}], [{ ip: 'nobody' }], [{ customer_id: '' }], [{ name: 'x' }]])('%j is refused', async (body) => {
  expect((await api('POST', `/merchants/${merchant}/erasures`, { body })).status).toBe(422);
});

it('is on record, without whom it was about', async () => {
  const log = vi.spyOn(console, 'log');
  await erase({ customer_id: 'cus_secret' });
  const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('record.erase'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('cus_secret');
});
