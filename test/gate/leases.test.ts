/**
 * Leases in the gate: looked at in the same step as the admission, in force and gone at once, bounded, and kept.
 */
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AdmitRequest } from '../../src/gate/gate-messages.ts';
import type { NewLease } from '../../src/gate/lease-messages.ts';
import * as texts from '../../src/gate/text-calls.ts';
import {
  answerOf,
  asking,
  CONFIG,
  calls,
  type GateStub,
  gateOf,
  gatesOf,
  HERE,
  newGate,
  outcome,
  rowsIn,
  rowsOf,
  START,
  touch,
} from './asking.ts';

const IP = '203.0.113.9';
const MINUTE = 60_000;
const PROOF = 'ab'.repeat(32);
const needed = { of: IP, isNeeded: true };
const wanted = { of: IP, isNeeded: false };

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const lease = (id: string, change: Partial<NewLease> = {}): NewLease => ({
  id,
  prefix: { words: [0xcb007100], length: 28 },
  owner: 'risk',
  reason: 'a test',
  ttlMs: 10 * MINUTE,
  createdAt: START,
  createdBy: 'admin',
  expiresAt: START + 10 * MINUTE,
  renewableUntil: START + 60 * MINUTE,
  proofHash: PROOF,
  ...change,
});

const CARD = [touch('card', { limit: 2 })];
const admit = (gate: GateStub, id: string, change: Partial<AdmitRequest> = { lease: needed }) =>
  calls(gate).admit(asking(id, CARD, change));
const add = (gate: GateStub, one: NewLease, maxActive = 10) => calls(gate).addLease(one, maxActive);

describe('an admission that needs a lease', () => {
  it('is none without one, and takes no place', async () => {
    const gate = newGate();
    for (const id of ['a', 'b', 'c']) expect(await admit(gate, id)).toEqual({ kind: 'unleased' });
    expect(await admit(gate, 'd', {})).toMatchObject({ kind: 'admitted', verdicts: [{ inFlight: 0 }] });
  });

  it('names the lease, and is counted as any other', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    expect(await admit(gate, 'a')).toMatchObject({ kind: 'admitted', lease: 'le_1' });
    expect(await admit(gate, 'b')).toMatchObject({ kind: 'admitted', lease: 'le_1' });
    expect(await admit(gate, 'c')).toMatchObject({ kind: 'refused', lease: 'le_1', verdicts: [{ state: 'busy' }] });
  });

  it('as text says the same', async () => {
    const gate = newGate();
    expect(answerOf(await texts.admit(gatesOf(gate), HERE, [asking('a', CARD, { lease: needed })]))).toEqual([
      { kind: 'unleased' },
    ]);
    await add(gate, lease('le_1'));
    const [admitted] = answerOf(await texts.admit(gatesOf(gate), HERE, [asking('b', CARD, { lease: needed })]));
    expect(admitted).toMatchObject({ kind: 'admitted', lease: 'le_1', places: CARD });
  });

  it('of several at once is all of them or none', async () => {
    const gate = newGate();
    const both = ['a', 'b'].map((id) => asking(id, CARD, { lease: needed }));
    expect(await calls(gate).admitAll(both)).toEqual([{ kind: 'unleased' }, { kind: 'unleased' }]);
    expect(await admit(gate, 'c', {})).toMatchObject({ verdicts: [{ inFlight: 0 }] });
  });

  it('gives back what the same attempt held, when the lease has gone before it was asked again', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    expect((await admit(gate, 'a')).kind).toBe('admitted');
    await calls(gate).revokeLease('le_1');
    expect((await admit(gate, 'a')).kind).toBe('unleased');
    expect(await admit(gate, 'b', {})).toMatchObject({ verdicts: [{ inFlight: 0 }] });
  });

  it('is not judged by a configuration that is out of date', async () => {
    const gate = newGate();
    await calls(gate).offerConfig({ hash: 'new', writtenAt: START, json: '{}' }, 0);
    expect(await admit(gate, 'a')).toEqual({ kind: 'stale_config' });
    expect(await calls(gate).leaseOf(needed, CONFIG)).toEqual({ kind: 'stale_config' });
  });
});

it('an admission that only wants to know is admitted all the same', async () => {
  const gate = newGate();
  const without = await admit(gate, 'a', { lease: wanted });
  expect(without.kind).toBe('admitted');
  expect(without).not.toHaveProperty('lease');
  await add(gate, lease('le_1'));
  expect(await admit(gate, 'b', { lease: wanted })).toMatchObject({ kind: 'admitted', lease: 'le_1' });
});

it('an admission that does not ask is told nothing', async () => {
  const gate = newGate();
  await add(gate, lease('le_1'));
  expect(await admit(gate, 'a', {})).not.toHaveProperty('lease');
});

describe('a lease', () => {
  it('is in force at the next admission, and gone at the one after it was revoked', async () => {
    const gate = newGate();
    expect(await calls(gate).leaseOf(needed, CONFIG)).toEqual({ kind: 'unleased' });
    await add(gate, lease('le_1'));
    expect(await calls(gate).leaseOf(needed, CONFIG)).toEqual({ kind: 'leased', lease: 'le_1' });
    expect(await calls(gate).revokeLease('le_1')).toMatchObject({ id: 'le_1', owner: 'risk', reason: 'a test' });
    expect(await calls(gate).leaseOf(needed, CONFIG)).toEqual({ kind: 'unleased' });
    expect(await calls(gate).revokeLease('le_1')).toBeNull();
  });

  it('ends at the very millisecond', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    vi.setSystemTime(START + 10 * MINUTE - 1);
    expect((await admit(gate, 'a')).kind).toBe('admitted');
    vi.setSystemTime(START + 10 * MINUTE);
    expect((await admit(gate, 'b')).kind).toBe('unleased');
    expect(await calls(gate).revokeLease('le_1')).toBeNull();
  });

  it.each([
    ['evicted', (gate: GateStub) => evictDurableObject(gate)],
    ['killed', () => abortAllDurableObjects()],
  ])('is kept when the gate is %s, with its proof', async (_, lose) => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    await add(gate, lease('le_2', { prefix: { words: [0x20010db8, 0x10000, 0, 0], length: 48 }, reason: null }));
    const before = await calls(gate).listLeases({ after: '', limit: 10 });
    await lose(gate);
    const again = calls(gateOf(gate.name ?? ''));
    expect(await again.listLeases({ after: '', limit: 10 })).toEqual(before);
    const six = { of: '2001:db8:1::9', isNeeded: true };
    expect(await again.leaseOf(six, CONFIG)).toEqual({ kind: 'leased', lease: 'le_2' });
    const terms = { id: 'le_1', ttlMs: MINUTE, maxTotalMs: 60 * MINUTE };
    expect(await again.renewLease({ ...terms, proofHash: 'cd'.repeat(32) })).toEqual({ kind: 'wrong_proof' });
    expect((await again.renewLease({ ...terms, proofHash: PROOF })).kind).toBe('renewed');
  });

  it.each([
    ['evicted', (gate: GateStub) => evictDurableObject(gate)],
    ['killed', () => abortAllDurableObjects()],
  ])('that was revoked stays so when the gate is %s', async (_, lose) => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    await calls(gate).revokeLease('le_1');
    await lose(gate);
    expect(await calls(gateOf(gate.name ?? '')).leaseOf(needed, CONFIG)).toEqual({ kind: 'unleased' });
  });

  it('of a deleted merchant is no other’s', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    await calls(gate).offerConfig({ hash: '', writtenAt: START, json: null }, 0);
    expect(await rowsOf(gate, 'SELECT id FROM leases')).toEqual([]);
    expect((await calls(gate).listLeases({ after: '', limit: 10 })).leases).toEqual([]);
  });
});

describe('there are no more than may be', () => {
  it('of fifty that are made at once exactly ten', async () => {
    const gate = newGate();
    const made = await Promise.all(Array.from({ length: 50 }, (_, i) => add(gate, lease(`le_${i}`))));
    expect(made.filter(({ kind }) => kind === 'added')).toHaveLength(10);
    expect(await rowsOf(gate, 'SELECT id FROM leases')).toHaveLength(10);
  });

  it('one that is made twice counts once', async () => {
    const gate = newGate();
    expect(await add(gate, lease('le_1'), 1)).toEqual({ kind: 'added' });
    expect(await add(gate, lease('le_1'), 1)).toEqual({ kind: 'added' });
    expect(await add(gate, lease('le_2'), 1)).toEqual({ kind: 'too_many' });
  });

  it('one that has ended makes room, and its row is gone', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'), 1);
    vi.setSystemTime(START + 10 * MINUTE);
    expect(await add(gate, lease('le_2', { expiresAt: START + 20 * MINUTE }), 1)).toEqual({ kind: 'added' });
    expect(await rowsOf(gate, 'SELECT id FROM leases')).toEqual([{ id: 'le_2' }]);
  });
});

it('rows of leases that are over go with the sweep, and then the alarm ends', async () => {
  const gate = newGate();
  await add(gate, lease('le_1'));
  vi.setSystemTime(START + 10 * MINUTE);
  for (let step = 0; step < 40 && (await runDurableObjectAlarm(gate)); step++);
  expect(await rowsOf(gate, 'SELECT id FROM leases')).toEqual([]);
  expect(await runDurableObjectAlarm(gate)).toBe(false);
});

it('pages name each live lease once, the oldest first', async () => {
  const gate = newGate();
  for (const id of ['le_3', 'le_1', 'le_2']) await add(gate, lease(id));
  await add(gate, lease('le_0', { expiresAt: START }));
  const first = await calls(gate).listLeases({ after: '', limit: 2 });
  expect([first.leases.map(({ id }) => id), first.next]).toEqual([['le_1', 'le_2'], 'le_2']);
  const second = await calls(gate).listLeases({ after: 'le_2', limit: 2 });
  expect([second.leases.map(({ id }) => id), second.next]).toEqual([['le_3'], null]);
  expect(JSON.stringify([first, second])).not.toContain(PROOF);
});

describe('a renewal', () => {
  const terms = { id: 'le_1', proofHash: PROOF, ttlMs: 10 * MINUTE, maxTotalMs: 60 * MINUTE };

  it.each([
    ['of no lease', { id: 'le_2' }, 'unknown'],
    ['with another proof', { proofHash: 'cd'.repeat(32) }, 'wrong_proof'],
    ['with a proof of another length', { proofHash: 'ab' }, 'wrong_proof'],
    ['with the proof', {}, 'renewed'],
  ])('%s', async (_, change, kind) => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    expect((await calls(gate).renewLease({ ...terms, ...change })).kind).toBe(kind);
  });

  it('comes too late at the millisecond at which the lease ends', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    vi.setSystemTime(START + 10 * MINUTE - 1);
    expect((await calls(gate).renewLease(terms)).kind).toBe('renewed');
    vi.setSystemTime(START + 20 * MINUTE - 1);
    expect(await calls(gate).renewLease(terms)).toEqual({ kind: 'unknown' });
  });
});

describe('an evaluation of the API', () => {
  const evaluation = (id: string, change: Partial<AdmitRequest> = {}) => ({
    ...asking(id, CARD, { lease: needed, ...change }),
    recording: {
      caller: { kind: 'admin' } as const,
      record: 'as it was',
      isRefused: true,
      recordIfLeased: 'lifted',
      idempotency: null,
    },
  });

  it('is refused and on record as it was, without a lease', async () => {
    const gate = newGate();
    const answer = answerOf(await texts.evaluate(gatesOf(gate), HERE, evaluation('ev_1')));
    expect(answer).toMatchObject({ kind: 'evaluated', stored: { record: 'as it was', reservedUntil: null } });
    expect(await admit(gate, 'a', {})).toMatchObject({ verdicts: [{ inFlight: 0 }] });
  });

  it('holds its place under a lease, and what was lifted is on record', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    const answer = answerOf(await texts.evaluate(gatesOf(gate), HERE, evaluation('ev_1')));
    expect(answer).toMatchObject({ kind: 'evaluated', lease: 'le_1', stored: { record: 'lifted' } });
    expect(await admit(gate, 'a', {})).toMatchObject({ verdicts: [{ inFlight: 1 }] });
  });

  it('that is refused for another reason is not judged, leased or not', async () => {
    const gate = newGate();
    await add(gate, lease('le_1'));
    const answer = answerOf(await texts.evaluate(gatesOf(gate), HERE, evaluation('ev_1', { lease: wanted })));
    expect(answer).toMatchObject({ kind: 'evaluated', stored: { record: 'as it was', reservedUntil: null } });
    expect(await rowsIn(gate, 'counters')).toBe(0);
  });
});

it('a settlement under a lease counts', async () => {
  const gate = newGate();
  await add(gate, lease('le_1'));
  await admit(gate, 'a');
  await calls(gate).settle(outcome('a', 'failed', CARD));
  expect(await rowsIn(gate, 'counters')).toBe(1);
});
