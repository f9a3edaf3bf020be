/**
 * What is shut at a merchant: the list, page by page, and opening one block by its id.
 */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Hold } from '../../src/api/holds.ts';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import {
  api,
  attempt,
  configure,
  decided,
  evaluated,
  failed,
  IP,
  newMerchant,
  problemOf,
  tell,
  unblocked,
} from './backend.ts';

interface Page {
  readonly blocks: readonly Hold[];
  readonly next_cursor: string | null;
}

afterEach(() => {
  vi.useRealTimers();
});

const list = async (merchant: string, query = '') =>
  (await (await api('GET', `/merchants/${merchant}/blocks${query}`)).json()) as Page;
const every = {
  ...rule('card_ip', 1),
  ...rule('guest_user_card', 1),
  ...rule('customer_id', 1),
  ...rule('guest_ip', 1),
};

it('tells of each block whom it holds, by which rule, since when and until when', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2090, 0, 1) });
  const config = { ...every, card_testing_guard_expiry: 7200 };
  const merchant = await newMerchant({ card_testing_guard_config: config, max_block_seconds: 3600 });
  await failed(merchant, { ...attempt, ip: '2001:db8::5' });
  await failed(merchant, { ip: IP, customer_id: 'cus_ü' });
  const { blocks, next_cursor } = await list(merchant);
  expect(next_cursor).toBeNull();
  const times = { failures: 1, limit: 1, since: '2090-01-01T00:00:00.000Z', until: '2090-01-01T01:00:00.000Z' };
  const base = {
    denied_by: [],
    id: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
    mode: 'enforce',
    state: 'shut',
    ...times,
    counts: 'failures',
    then: 'block',
  };
  const card = expect.stringMatching(/^fp_/);
  const ip = '2001:db8::/64';
  expect(blocks.toSorted((a, b) => a.rule.localeCompare(b.rule))).toStrictEqual([
    { ...base, rule: 'card_ip', card, ip, customer_id: null, by: { card, ip } },
    { ...base, rule: 'customer', card: null, ip: null, customer_id: 'cus_ü', by: { customer: 'cus_ü' } },
    { ...base, rule: 'guest_card', card, ip: null, customer_id: null, by: { card } },
    { ...base, rule: 'guest_ip', card: null, ip, customer_id: null, by: { ip } },
  ]);
  vi.setSystemTime(Date.UTC(2090, 0, 1, 1));
  expect(await list(merchant)).toEqual({ blocks: [], next_cursor: null });
});

it('leaves out what is not shut, not yet or not any more', async () => {
  const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 2) });
  await failed(merchant);
  expect((await list(merchant)).blocks).toEqual([]);
  await configure(merchant, { card_testing_guard_config: rule('card_ip', 1) });
  expect((await list(merchant)).blocks).toHaveLength(1);
  await configure(merchant, { card_testing_guard_config: rule('guest_ip', 1) });
  expect((await list(merchant)).blocks).toEqual([]);
});

describe('of 250 blocks', () => {
  const counters = (merchant: string, rows: number, count: number) =>
    runInDurableObject(gateOf(merchant), (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO counters (key, count, expires_at, shut_at) SELECT '["customer","c' || printf('%06d', i) || '"]', ?, ?, ? FROM n`,
        rows,
        count,
        Date.now() + 3_600_000,
        Date.now(),
      );
    });
  const shop = async () => newMerchant({ card_testing_guard_config: rule('customer_id', 1) });

  it.each([
    ['', 100, 3],
    ['?limit=1000', 250, 1],
    ['?limit=250', 250, 1],
    ['?limit=125', 125, 2],
    ['?limit=99', 99, 3],
  ])('%j gives each once, %i a page', async (query, size, pages) => {
    const merchant = await shop();
    await counters(merchant, 250, 1);
    const seen: Page[] = [];
    for (let cursor: string | null = ''; cursor !== null; cursor = seen.at(-1)?.next_cursor ?? null) {
      const join = query === '' ? '?' : `${query}&`;
      seen.push(await list(merchant, cursor === '' ? query : `${join}cursor=${cursor}`));
    }
    expect([seen.length, seen[0]?.blocks.length]).toEqual([pages, size]);
    const ids = seen.flatMap(({ blocks }) => blocks.map(({ customer_id }) => customer_id));
    expect([ids.length, new Set(ids).size]).toEqual([250, 250]);
  });

  it('goes on from a block that was lifted meanwhile', async () => {
    const merchant = await shop();
    await counters(merchant, 250, 1);
    const first = await list(merchant);
    const last = first.blocks.at(-1)?.id ?? '';
    expect((await api('DELETE', `/merchants/${merchant}/blocks/${last}`)).status).toBe(204);
    const second = await list(merchant, `?cursor=${first.next_cursor}`);
    expect(second.blocks[0]?.customer_id).toBe('c000101');
  });

  it('shows the last ones behind sixty thousand counters that are not shut', { timeout: 20_000 }, async () => {
    const merchant = await shop();
    await counters(merchant, 60_000, 0.5);
    await failed(merchant, { ip: IP, customer_id: 'zzz' });
    const seen: Hold[] = [];
    for (let cursor: string | null = '', page = 0; cursor !== null && page < 100; page++) {
      const found: Page = await list(merchant, `?cursor=${cursor}`);
      seen.push(...found.blocks);
      cursor = found.next_cursor;
    }
    expect(seen.map(({ customer_id }) => customer_id)).toEqual(['zzz']);
  });
});

describe('the page asked for', () => {
  it.each([
    ...['0', '-1', '1001', '1.5', 'ten', '', 'NaN', 'Infinity', '1e99', '1e2', '0x10', '0b11', '0o7', '010', '+5'],
    ...['%2B5', ' 5', '5%20', '5%0a', '1_0', '٣', '99999999999999999999'],
  ])('may not be of %j', async (limit) => {
    const merchant = await newMerchant();
    const answer = await api('GET', `/merchants/${merchant}/blocks?limit=${limit}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'invalid_request', detail: 'limit must be a whole number from 1 to 1000, in decimals' },
    ]);
  });

  it.each([
    ...['%00', '%F0%9F%92%B3', '..', 'A', '____', 'x'.repeat(5_000), '__proto__', 'null', '1'],
    // [], [1], ["a"], {"a":1}, ["a",1], bytes that are no UTF-8, and a good one with something behind it.
    ...['W10', 'WzFd', 'WyJhIl0', 'eyJhIjoxfQ', 'WyJhIiwxXQ', 'WyL_Iiwi_yJd', 'WyJhIiwiYiJd%20', 'WyJhIiwiYiJd='],
  ])('may not begin behind a made-up cursor: %s', async (cursor) => {
    const answer = await api('GET', `/merchants/${await newMerchant()}/blocks?cursor=${cursor}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'invalid_request', detail: 'cursor must be the next_cursor of another page' },
    ]);
  });
});

describe('the mode of a block', () => {
  const modes = async (merchant: string) => (await list(merchant)).blocks.map(({ mode }) => mode);

  it('is that of its rule, and of the merchant', async () => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 1) });
    await failed(merchant);
    expect(await modes(merchant)).toEqual(['enforce']);
    await configure(merchant, { card_testing_guard_config: rule('card_ip', 1, 'shadow') });
    expect(await modes(merchant)).toEqual(['shadow']);
    await configure(merchant, { card_testing_guard_config: rule('card_ip', 1), mode: 'shadow' });
    expect(await modes(merchant)).toEqual(['shadow']);
    await configure(merchant, { card_testing_guard_config: rule('card_ip', 1), mode: 'off' });
    expect(await modes(merchant)).toEqual(['off']);
  });

  it('is off where its rule is: unblocking lifts that too', async () => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 1) });
    await failed(merchant);
    await configure(merchant, {});
    expect(await unblocked(merchant, { ip: IP })).toMatchObject([{ rule: 'card_ip', mode: 'off' }]);
  });
});

describe('lifting one', () => {
  it('opens that block, leaves the others, and says nothing twice', async () => {
    const merchant = await newMerchant({
      card_testing_guard_config: { ...rule('card_ip', 1), ...rule('guest_user_card', 1) },
    });
    await failed(merchant);
    const { blocks } = await list(merchant);
    const lift = (id: string | undefined) => api('DELETE', `/merchants/${merchant}/blocks/${id}`);
    const byRule = (name: string) => blocks.find((block) => block.rule === name)?.id;
    expect((await lift(byRule('card_ip'))).status).toBe(204);
    expect(await decided(merchant)).toEqual(['block', 'velocity:guest_card']);
    expect((await lift(byRule('card_ip'))).status).toBe(404);
    expect((await lift(byRule('guest_card'))).status).toBe(204);
    expect(await decided(merchant)).toEqual(['allow']);
  });

  it.each(['nonsense', '__proto__', '%00', '%2e%2e%2f', 'W10', '💳', 'x'.repeat(5_000), 'bnVsbA', 'IiI'])(
    'finds nothing under %s',
    async (id) => {
      const answer = await api('DELETE', `/merchants/${await newMerchant()}/blocks/${id}`);
      expect(await problemOf(answer)).toEqual([404, 'not_found']);
    },
  );

  it('finds nothing of another merchant', async () => {
    const change = { card_testing_guard_config: rule('guest_ip', 1) };
    const [merchant, other] = [await newMerchant(change), await newMerchant(change)];
    await failed(merchant);
    const [block] = (await list(merchant)).blocks;
    expect((await api('DELETE', `/merchants/${other}/blocks/${block?.id}`)).status).toBe(404);
    expect((await list(merchant)).blocks).toHaveLength(1);
  });

  it('counts anew from there', async () => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('guest_ip', 2) });
    for (let round = 0; round < 2; round++) {
      for (const { id } of [await evaluated(merchant), await evaluated(merchant)]) await tell(id, { status: 'failed' });
      const { blocks } = await list(merchant);
      expect(blocks.map(({ failures }) => failures)).toEqual([2]);
      expect((await api('DELETE', `/merchants/${merchant}/blocks/${blocks[0]?.id}`)).status).toBe(204);
    }
    expect(await decided(merchant)).toEqual(['allow']);
  });
});
