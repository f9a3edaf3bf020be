/**
 * The lists in the gate: look-ups that do not grow with them, in force at the next attempt, bounded, swept, and carried
 * over a rotation of the fingerprint key.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GONE_KEPT_MS, LOOK_UP } from '../../src/gate/lists.ts';
import type { ItemType, ListName, Name } from '../../src/lists/item.ts';
import { asking, CONFIG, calls, type GateStub, newGate, rowsOf, START, touch } from './asking.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const put = (gate: GateStub, list: ListName, names: readonly Name[], expiresAt: number | null = null) =>
  calls(gate).putListItems({
    list,
    actor: 'admin',
    items: names.map(([type, value]) => ({ type, value, label: null, reason: 'a test', expiresAt })),
  });

/** What is found of these names, by a Worker that knows of the lists. */
async function found(gate: GateStub, names: readonly Name[], allow: readonly ItemType[] = []) {
  const word = await calls(gate).listsWord();
  const config = word === null ? CONFIG : { ...CONFIG, listsAt: word.at };
  const lists = { names, allow, isEnforced: true };
  const admission = await calls(gate).admit(asking('e1', [touch('k')], { config, lists }));
  return [admission.kind, 'listed' in admission ? admission.listed : undefined];
}

const hit = (type: ItemType) => ({ type, reason: 'a test' });

describe('a look-up', () => {
  it.each([
    ['203.0.113.0/24', '203.0.113.9', true],
    ['203.0.113.0/24', '203.0.114.9', false],
    ['203.0.113.8/29', '203.0.113.15', true],
    ['203.0.113.8/29', '203.0.113.16', false],
    ['203.0.113.9/32', '203.0.113.9', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/48', '2001:db8:1::1', false],
    ['2001:db8::1/128', '2001:db8::1', true],
  ])('of a cidr: %s and %s', async (cidr, ip, isHeld) => {
    const gate = newGate();
    await put(gate, 'deny', [
      ['cidr', cidr],
      ['cidr', '192.0.2.0/25'],
      ['cidr', '2001:db8:ffff::/47'],
    ]);
    const [kind] = await found(gate, [['cidr', ip]]);
    expect(kind).toBe(isHeld ? 'refused' : 'admitted');
  });

  it('reads one row for each name, by its key, however long the list is', async () => {
    const gate = newGate();
    const read = async () =>
      runInDurableObject(gate, (_, { storage }) => {
        const names: Name[] = [
          ['ip', '10.0.0.1'],
          ['cidr', '10.0.0.0/24'],
          ['country', 'NL'],
        ];
        const cursor = storage.sql.exec(LOOK_UP, JSON.stringify(names), START);
        cursor.toArray();
        return cursor.rowsRead;
      });
    const rows: number[] = [];
    for (const [from, to] of [
      [0, 10],
      [10, 1_000],
      [1_000, 20_000],
    ] as const) {
      for (let at = from; at < to; at += 500) {
        const some = Array.from({ length: Math.min(500, to - at) }, (_, n): Name => {
          const number = at + n;
          return ['ip', `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`];
        });
        await put(gate, 'deny', some);
      }
      rows.push(await read());
    }
    expect(new Set(rows).size).toBe(1);
    const plan = await runInDurableObject(gate, (_, { storage }) =>
      storage.sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${LOOK_UP}`, '[]', 0).toArray(),
    );
    expect(plan.map(({ detail }) => detail).join('; ')).toContain(
      'SEARCH i USING PRIMARY KEY (list=? AND type=? AND value=?)',
    );
  });

  it('of the allow list tells those that count for the payer alone', async () => {
    const gate = newGate();
    await put(gate, 'allow', [
      ['ip', '203.0.113.9'],
      ['card_bin', '424242'],
    ]);
    const names: Name[] = [
      ['ip', '203.0.113.9'],
      ['card_bin', '424242'],
    ];
    expect(await found(gate, names, ['ip'])).toEqual(['admitted', { deny: [], allow: [hit('ip')] }]);
  });
});

describe('a Worker', () => {
  it('that knows of no lists is sent back to read once there are some, and not before', async () => {
    const gate = newGate();
    const plain = asking('e1', [touch('k')]);
    expect((await calls(gate).admit(plain)).kind).toBe('admitted');
    await put(gate, 'deny', [['country', 'KP']]);
    expect((await calls(gate).admit(plain)).kind).toBe('stale_config');
    const { at = 0 } = (await calls(gate).listsWord()) ?? {};
    const knowing = asking('e1', [touch('k')], { config: { ...CONFIG, listsAt: at } });
    expect((await calls(gate).admit(knowing)).kind).toBe('admitted');
    await put(gate, 'deny', [['country', 'CU']]);
    expect((await calls(gate).admit(knowing)).kind).toBe('admitted');
    await put(gate, 'deny', [['ip', '203.0.113.9']]);
    expect((await calls(gate).admit(knowing)).kind).toBe('stale_config');
  });

  it('that takes lists for true that are empty again is sent back; one that knows of none goes on', async () => {
    const gate = newGate();
    await put(gate, 'deny', [['country', 'KP']]);
    const { at = 0 } = (await calls(gate).listsWord()) ?? {};
    await calls(gate).removeListItem('deny', ['country', 'KP']);
    expect(await calls(gate).listsWord()).toMatchObject({ deny: [], allow: [] });
    const knowing = asking('e1', [touch('k')], { config: { ...CONFIG, listsAt: at } });
    expect((await calls(gate).admit(knowing)).kind).toBe('stale_config');
    expect((await calls(gate).admit(asking('e1', [touch('k')]))).kind).toBe('admitted');
  });
});

describe('who is denied', () => {
  it('takes no place, and what an earlier call of the same attempt took is given up', async () => {
    const gate = newGate();
    const busy = touch('k', { limit: 1 });
    await put(gate, 'deny', [['country', 'KP']]);
    const { at = 0 } = (await calls(gate).listsWord()) ?? {};
    const config = { ...CONFIG, listsAt: at };
    const lists = { names: [['country', 'NL']] as Name[], allow: [], isEnforced: true };
    expect((await calls(gate).admit(asking('e1', [busy], { config, lists }))).kind).toBe('admitted');
    const denied = { ...lists, names: [['country', 'KP']] as Name[] };
    expect(await calls(gate).admit(asking('e1', [busy], { config, lists: denied }))).toMatchObject({
      kind: 'refused',
      verdicts: [],
      listed: { deny: [hit('country')] },
    });
    expect((await calls(gate).admit(asking('e2', [busy], { config, lists }))).kind).toBe('admitted');
  });

  it('is let through on record where nothing is enforced', async () => {
    const gate = newGate();
    await put(gate, 'deny', [['country', 'KP']]);
    const { at = 0 } = (await calls(gate).listsWord()) ?? {};
    const lists = { names: [['country', 'KP']] as Name[], allow: [], isEnforced: false };
    const request = asking('e1', [touch('k')], { config: { ...CONFIG, listsAt: at }, lists });
    expect(await calls(gate).admit(request)).toMatchObject({ kind: 'admitted', listed: { deny: [hit('country')] } });
  });
});

it('an item ends at its time, and its row goes with a later sweep', async () => {
  const gate = newGate();
  await put(
    gate,
    'deny',
    [
      ['ip', '203.0.113.9'],
      ['customer_id', 'cus_1'],
    ],
    START + 1_000,
  );
  expect((await found(gate, [['ip', '203.0.113.9']]))[0]).toBe('refused');
  vi.setSystemTime(START + 1_000);
  expect((await found(gate, [['ip', '203.0.113.9']]))[0]).toBe('admitted');
  vi.setSystemTime(START + 1_000 + GONE_KEPT_MS);
  await runDurableObjectAlarm(gate);
  expect(await rowsOf(gate, 'SELECT * FROM list_items')).toEqual([]);
  expect(await calls(gate).listsWord()).toMatchObject({ deny: [], allow: [] });
});

it('a card is denied by whichever name it has, and goes on under the current fingerprint key', async () => {
  const gate = newGate();
  const [old, current, later] = ['a', 'b', 'c'].map((letter) => `fp_${letter.repeat(43)}`) as [string, string, string];
  await put(gate, 'deny', [['card_fingerprint', old]]);
  const ask = async (cards: readonly string[]) => {
    const { at = 0 } = (await calls(gate).listsWord()) ?? {};
    const lists = { names: cards.map((card): Name => ['card_fingerprint', card]), allow: [], isEnforced: true };
    return (await calls(gate).admit(asking('e1', [touch('k')], { config: { ...CONFIG, listsAt: at }, lists, cards })))
      .kind;
  };
  expect(await ask([current, old])).toBe('refused');
  // By now the first key is forgotten.
  expect(await ask([later, current])).toBe('refused');
  expect(await rowsOf(gate, 'SELECT value FROM list_items')).toEqual([{ value: later }]);
  const token = `tk_${'d'.repeat(43)}`;
  await calls(gate).close({ settlements: [], joins: [[later, token]] });
  expect(await ask([token])).toBe('refused');
});

it('changes of addresses are told in order, with what has gone', async () => {
  const gate = newGate();
  await put(gate, 'deny', [
    ['ip', '203.0.113.9'],
    ['customer_id', 'cus_1'],
  ]);
  await put(gate, 'allow', [['ip', '203.0.113.10']]);
  const first = await calls(gate).addressChanges(0, 10);
  expect(first).toMatchObject({ items: [['ip', '203.0.113.9', null]], isComplete: true });
  await calls(gate).removeListItem('deny', ['ip', '203.0.113.9']);
  const second = await calls(gate).addressChanges(first.change, 10);
  expect(second.items).toEqual([['ip', '203.0.113.9', START]]);
  expect((await calls(gate).addressChanges(second.change, 10)).items).toEqual([]);
});

it('those of a deleted merchant refuse nobody of a later one', async () => {
  const gate = newGate();
  await put(gate, 'deny', [['country', 'KP']]);
  await calls(gate).offerConfig({ hash: '', writtenAt: START, json: null }, 0);
  expect(await rowsOf(gate, 'SELECT * FROM list_items')).toEqual([]);
  expect(await calls(gate).listsWord()).toMatchObject({ deny: [], allow: [] });
});

it('what stands survives the object', async () => {
  const gate = newGate();
  await put(gate, 'deny', [['cidr', '203.0.113.0/24']]);
  const before = await calls(gate).listsWord();
  await evictDurableObject(gate);
  expect(await calls(gate).listsWord()).toEqual(before);
  expect((await found(gate, [['cidr', '203.0.113.9']]))[0]).toBe('refused');
});
