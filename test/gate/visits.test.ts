/**
 * How sessions were used within the hour, as the gate remembers it: exact under parallel requests, bounded, read again
 * after an eviction, and at no row more.
 */
import { evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AdmitRequest } from '../../src/gate/gate-messages.ts';
import { Visits } from '../../src/gate/visits.ts';
import { asking, calls, type GateStub, newGate, rowsIn, START, touch } from './asking.ts';

const HOUR_MS = 3_600_000;
const ENTRIES_LIMIT = 32_768;
const cardName = (kind: string, n: number) => `${kind}_${String(n).padStart(43, '0')}`;

type Visit = NonNullable<AdmitRequest['visit']>;
const from = (address: string, change: Partial<Visit> = {}): Visit => ({
  session: 'se_1',
  addresses: { limit: 3, of: [[address]] },
  isRefused: true,
  ...change,
});
const withCards = (...of: readonly (readonly string[])[]): Visit => ({
  session: 'se_1',
  cards: { limit: 2, of },
  isRefused: true,
});

let tries = 0;
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

function attempt(gate: GateStub, visit: Visit, change: Partial<AdmitRequest> = {}) {
  return calls(gate).admit(asking(newId(), [touch('["k"]', { limit: 1_000 })], { visit, ...change }));
}

/** An id as the Worker makes them: what is read again is found by its time. */
function newId(): string {
  return `ev_${Date.now().toString(16).padStart(12, '0')}${String(tries++).padStart(20, '0')}acme`;
}

async function kindsOf(gate: GateStub, visits: readonly Visit[]): Promise<readonly string[]> {
  const kinds: string[] = [];
  for (const visit of visits) kinds.push((await attempt(gate, visit)).kind);
  return kinds;
}

describe('one session', () => {
  it('goes on from so many addresses, and the next is told of what there is too much', async () => {
    const gate = newGate();
    expect(
      await kindsOf(
        gate,
        ['a', 'b', 'c', 'a'].map((one) => from(one)),
      ),
    ).toEqual(Array(4).fill('admitted'));
    expect(await attempt(gate, from('d'))).toEqual({ kind: 'refused', verdicts: [], reuse: ['addresses'] });
    expect(await attempt(gate, from('d', { session: 'se_2' }))).toMatchObject({ kind: 'admitted' });
  });

  it('is one under requests at once, whichever comes first', async () => {
    const gate = newGate();
    const all = Array.from({ length: 40 }, (_, n) => attempt(gate, from(`a${n}`)));
    const kinds = (await Promise.all(all)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'admitted')).toHaveLength(3);
  });

  it('goes on from anywhere where that refuses nobody, and is told all the same', async () => {
    const gate = newGate();
    const shadow = (address: string) => attempt(gate, from(address, { isRefused: false }));
    for (const address of ['a', 'b', 'c']) expect(await shadow(address)).not.toHaveProperty('reuse');
    expect(await shadow('d')).toMatchObject({ kind: 'admitted', reuse: ['addresses'] });
    expect(await shadow('a')).not.toHaveProperty('reuse');
    expect(await shadow('d')).toMatchObject({ kind: 'admitted', reuse: ['addresses'] });
  });

  it('begins anew an hour later', async () => {
    const gate = newGate();
    await kindsOf(
      gate,
      ['a', 'b', 'c'].map((one) => from(one)),
    );
    vi.setSystemTime(START + HOUR_MS - 1);
    expect(await kindsOf(gate, [from('d')])).toEqual(['refused']);
    vi.setSystemTime(START + HOUR_MS);
    expect(await kindsOf(gate, [from('d')])).toEqual(['admitted']);
  });
});

describe('who is refused', () => {
  it('for the session holds no place', async () => {
    const gate = newGate();
    const narrow = [touch('narrow', { limit: 4 })];
    const tryIt = (address: string) => calls(gate).admit(asking(newId(), narrow, { visit: from(address) }));
    for (const address of ['a', 'b', 'c']) await tryIt(address);
    for (let n = 0; n < 5; n++) expect(await tryIt(`d${n}`)).toMatchObject({ kind: 'refused', reuse: ['addresses'] });
    expect(await tryIt('a')).toMatchObject({ kind: 'admitted' });
  });

  it('by a counter does not use up his session', async () => {
    const gate = newGate();
    const shut = [touch('shut', { limit: 1 })];
    await calls(gate).admit(asking('ev', shut));
    for (let n = 0; n < 5; n++) {
      expect(await calls(gate).admit(asking(newId(), shut, { visit: from(`x${n}`) }))).toMatchObject({
        kind: 'refused',
      });
    }
    expect(
      await kindsOf(
        gate,
        ['a', 'b', 'c'].map((one) => from(one)),
      ),
    ).toEqual(Array(3).fill('admitted'));
  });

  it('asks for several attempts: all are, and none holds a place', async () => {
    const gate = newGate();
    const narrow = [touch('narrow', { limit: 2 })];
    const two = (address: string) => [asking(newId(), narrow, { visit: from(address) }), asking(newId(), narrow)];
    await kindsOf(
      gate,
      ['a', 'b', 'c'].map((one) => from(one)),
    );
    const refused = await calls(gate).admitAll(two('d'));
    expect(refused.map(({ kind }) => kind)).toEqual(['refused', 'refused']);
    expect(refused[0]).toMatchObject({ reuse: ['addresses'] });
    expect((await calls(gate).admitAll(two('a'))).map(({ kind }) => kind)).toEqual(['admitted', 'admitted']);
  });
});

describe('cards', () => {
  it('are one by whichever name, once somebody has said so', async () => {
    const gate = newGate();
    const [card, other, third] = [1, 2, 3].map((n) => cardName('fp', n)) as [string, string, string];
    const token = cardName('tk', 1);
    await calls(gate).close({ settlements: [], joins: [[card, token]] });
    const visits = [withCards([card]), withCards([token]), withCards([other]), withCards([token]), withCards([third])];
    expect(await kindsOf(gate, visits)).toEqual(['admitted', 'admitted', 'admitted', 'admitted', 'refused']);
  });

  it('that are tokens alone are none', async () => {
    const gate = newGate();
    const tokens = Array.from({ length: 8 }, (_, n) => withCards([cardName(n % 2 ? 'tk' : 'at', n)]));
    expect(new Set(await kindsOf(gate, tokens))).toEqual(new Set(['admitted']));
  });

  it('are the same after a change of the fingerprint key', async () => {
    const gate = newGate();
    const [a, b] = [cardName('fp', 1), cardName('fp', 2)];
    await kindsOf(gate, [withCards([a]), withCards([b])]);
    const rotated = [withCards([cardName('fp', 11), a]), withCards([cardName('fp', 12), b])];
    expect(await kindsOf(gate, rotated)).toEqual(['admitted', 'admitted']);
  });
});

describe('an eviction', () => {
  const pay = async (gate: GateStub, visit: Visit): Promise<string> => {
    const places = [touch('["k"]', { limit: 1_000 })];
    const evaluation = newId();
    const { kind } = await calls(gate).admit(asking(evaluation, places, { visit }));
    const word = JSON.stringify({ evaluation, status: 'succeeded' });
    const kept = JSON.stringify({ places, guest: true, reservationMs: 900_000, visit });
    if (kind === 'admitted') await calls(gate).settleText(word, kept);
    return kind;
  };

  it('forgets no attempt that is on record, and that costs no row', async () => {
    const gate = newGate();
    for (const address of ['a', 'b', 'c']) expect(await pay(gate, from(address))).toBe('admitted');
    expect(await rowsIn(gate, 'outcomes')).toBe(3);
    await evictDurableObject(gate);
    expect(await pay(gate, from('d'))).toBe('refused');
    expect(await pay(gate, from('b'))).toBe('admitted');
    vi.setSystemTime(START + HOUR_MS);
    await evictDurableObject(gate);
    expect(await pay(gate, from('d'))).toBe('admitted');
  });

  it('forgets who was in flight', async () => {
    const gate = newGate();
    for (const address of ['a', 'b', 'c']) await attempt(gate, from(address));
    await evictDurableObject(gate);
    expect((await attempt(gate, from('d'))).kind).toBe('admitted');
  });
});

it('takes no place where nothing but the session is asked about', async () => {
  const gate = newGate();
  const visit = from('a');
  expect(await calls(gate).admit(asking(newId(), [], { visit }))).toMatchObject({ kind: 'admitted', places: [] });
  await evictDurableObject(gate);
  expect([await rowsIn(gate, 'reservations'), await rowsIn(gate, 'outcomes')]).toEqual([0, 0]);
});

it('outgrows no bound, and forgets first whom it did not see for longest', () => {
  const visits = new Visits();
  const one = (session: string, n: number) => ({ session, addresses: { limit: 4, of: [[`a${n}`]] } });
  for (let n = 0; n < 4; n++) visits.note(one('kept', n), START);
  for (let n = 0; n < 4; n++) visits.note(one('lost', n), START);
  for (let n = 0; n < 2 * ENTRIES_LIMIT; n++) {
    visits.note(one(`s${n}`, n), START + n);
    if (n % 1_000 === 0) visits.note(one('kept', n % 4), START + n);
    if (n % 4_096 === 0) expect(visits.entries).toBeLessThanOrEqual(ENTRIES_LIMIT);
  }
  expect(visits.entries).toBe(ENTRIES_LIMIT);
  expect(visits.reusesOf(one('kept', 9), START)).toEqual(['addresses']);
  expect(visits.reusesOf(one('lost', 9), START)).toEqual([]);
});

it('keeps nothing of an hour that is over', () => {
  const visits = new Visits();
  for (let n = 0; n < 100; n++) visits.note({ session: `s${n}`, addresses: { limit: 4, of: [['a']] } }, START);
  visits.note({ session: 'next', addresses: { limit: 4, of: [['a']] } }, START + HOUR_MS);
  expect(visits.entries).toBe(1);
});
