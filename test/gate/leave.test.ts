/**
 * What neither a lease nor an item of the allow list sets aside alone: whether the gate lets in whom both speak for, and
 * nobody for whom one does.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LeaseQuestion } from '../../src/gate/lease-messages.ts';
import type { ListQuestion } from '../../src/lists/item.ts';
import { asking, CONFIG, calls, type GateStub, newGate, START, touch } from './asking.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => vi.useRealTimers());

const IP = '203.0.113.9';
const CUSTOMER = ['customer_id', 'cus_1'] as const;
const PLACE = [touch('card', { limit: 2 })];

async function given(gate: GateStub, { lease, item }: { lease: boolean; item: boolean }): Promise<void> {
  const times = { createdAt: START, expiresAt: START + 60_000, renewableUntil: START + 60_000, ttlMs: 60_000 };
  const prefix = { words: [lease ? 0xcb007100 : 0xc6336400], length: 28 };
  const made = { id: 'le_1', prefix, owner: 'o', reason: null, createdBy: 'admin', proofHash: 'ab'.repeat(32) };
  await calls(gate).addLease({ ...made, ...times }, 10);
  const [type, value] = item ? CUSTOMER : (['customer_id', 'cus_2'] as const);
  const items = [{ type, value, label: null, reason: 'a test', expiresAt: null }];
  await calls(gate).putListItems({ list: 'allow', actor: 'admin', items });
}

const QUESTION: ListQuestion = { names: [CUSTOMER], allow: ['customer_id'], isEnforced: true, enough: [] };
const wanted: LeaseQuestion = { of: IP, isNeeded: false };
const needed: LeaseQuestion = { of: IP, isNeeded: true };

it.each([
  ['both, together', { lease: true, item: true }, wanted, [['payer']], true],
  ['the item alone, together', { lease: false, item: true }, wanted, [['payer']], false],
  ['the lease alone, together', { lease: true, item: false }, wanted, [['payer']], false],
  ['neither, together', { lease: false, item: false }, wanted, [['payer']], false],
  ['the lease, where that alone is needed', { lease: true, item: false }, needed, undefined, true],
  ['both, by a Worker that knows nothing of together', { lease: true, item: true }, wanted, undefined, false],
] as const)('%s', async (_, there, lease, enoughIfLeased, isLetIn) => {
  const gate = newGate();
  await given(gate, there);
  const word = await calls(gate).listsWord();
  const config = { ...CONFIG, listsAt: word?.at ?? 0 };
  const lists = enoughIfLeased === undefined ? QUESTION : { ...QUESTION, enoughIfLeased };
  expect((await calls(gate).admit(asking('e1', PLACE, { config, lease, lists }))).kind).toBe(
    isLetIn ? 'admitted' : 'unleased',
  );
  // Who is not let in holds no place.
  expect(await calls(gate).admit(asking('e2', PLACE, { config }))).toMatchObject({
    verdicts: [{ inFlight: isLetIn ? 1 : 0 }],
  });
});
