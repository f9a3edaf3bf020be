/**
 * What was in force at a merchant: in the order in which it came, by whom, and bounded.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TEXT_BYTES_KEPT, VERSIONS_KEPT } from '../../src/gate/config-history.ts';
import type { KeptConfig } from '../../src/gate/config-messages.ts';
import { calls, type GateStub, newGate, rowsIn, START } from './asking.ts';

const ADMIN = { who: 'admin', isWrite: true } as const;
const STALE_FOR_MS = 5_000;

const api = (hash: string, writtenAt: number): KeptConfig => ({ hash, writtenAt, json: `{"id":"${hash}"}` });
const raw = (hash: string): KeptConfig => api(hash, 0);

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function told(gate: GateStub): Promise<readonly string[]> {
  const versions = await calls(gate).configVersions();
  return versions.map(({ version, who, isInForce }) => `${version} ${who}${isInForce ? ' *' : ''}`);
}

it('has nothing at first', async () => {
  expect(await told(newGate())).toEqual([]);
});

it('tells what was in force, the newest first, by whom, since when, and how long it is', async () => {
  const gate = newGate();
  await calls(gate).offerConfig(api('a', START), 0, ADMIN);
  pass(1_000);
  const restored = { who: 'key:1', restores: 'a', isWrite: true } as const;
  await calls(gate).offerConfig(api('b', START + 1_000), 0, restored);
  expect(await calls(gate).configVersions()).toEqual([
    {
      at: START + 1_000,
      version: 'b',
      writtenAt: START + 1_000,
      who: 'key:1',
      restores: 'a',
      bytes: 10,
      isInForce: true,
    },
    { at: START, version: 'a', writtenAt: START, who: 'admin', restores: null, bytes: 10, isInForce: false },
  ]);
  expect([await calls(gate).configText('a'), await calls(gate).configText('b')]).toEqual(['{"id":"a"}', '{"id":"b"}']);
  expect(await calls(gate).configText('c')).toBeNull();
});

it('survives an eviction', async () => {
  const gate = newGate();
  await calls(gate).offerConfig(api('a', START), 0, ADMIN);
  await evictDurableObject(gate);
  expect(await told(gate)).toEqual(['a admin *']);
});

it('names the same content anew, and keeps its text once', async () => {
  const gate = newGate();
  for (const [hash, after] of [
    ['a', 0],
    ['b', 1],
    ['a', 2],
    ['a', 3],
  ] as const) {
    await calls(gate).offerConfig(api(hash, START + after), 0, ADMIN);
  }
  expect(await told(gate)).toEqual(['a admin *', 'a admin', 'b admin', 'a admin']);
  expect([await rowsIn(gate, 'config_texts'), await rowsIn(gate, 'config_versions')]).toEqual([2, 4]);
});

describe('a write straight into KV', () => {
  it('is by kv, and does not come again with every isolate that reads it', async () => {
    const gate = newGate();
    await calls(gate).offerConfig(api('a', START - 60_000), 0, ADMIN);
    for (let i = 0; i < 3; i++) await calls(gate).offerConfig(raw('r'), STALE_FOR_MS);
    expect(await told(gate)).toEqual(['r kv *', 'a admin']);
  });

  it('is one entry while KV shows the one here and the other there, and another when it comes back later', async () => {
    const gate = newGate();
    await calls(gate).offerConfig(raw('r'), 0);
    await calls(gate).offerConfig(raw('s'), 0);
    for (let i = 0; i < 10; i++) {
      pass(5_000);
      await calls(gate).offerConfig(raw(i % 2 === 0 ? 'r' : 's'), 0);
    }
    expect(await told(gate)).toEqual(['s kv *', 'r kv']);
    pass(600_000);
    await calls(gate).offerConfig(raw('r'), 0);
    expect(await told(gate)).toEqual(['r kv *', 's kv', 'r kv']);
  });

  it('does not add what the API wrote once more, where KV still shows that', async () => {
    const gate = newGate();
    const old = api('a', START - 60_000);
    await calls(gate).offerConfig(old, 0, ADMIN);
    await calls(gate).offerConfig(raw('r'), STALE_FOR_MS);
    await calls(gate).offerConfig(old, STALE_FOR_MS, { who: 'admin' });
    expect(await told(gate)).toEqual(['r kv', 'a admin *']);
  });

  it('is told to one of all who ask, with what was in force before', async () => {
    const gate = newGate();
    await calls(gate).offerConfig(api('a', START - 60_000), 0, ADMIN);
    await calls(gate).offerConfig(raw('r'), STALE_FOR_MS);
    const answers = await Promise.all(Array.from({ length: 5 }, () => calls(gate).claimRawWrite('r')));
    expect(answers.filter((answer) => answer !== null)).toEqual([{ before: 'a' }]);
    expect(await calls(gate).claimRawWrite('a')).toBeNull();
  });
});

it('tells who wrote what it learns of from KV, because it did not answer when it was written', async () => {
  const gate = newGate();
  await calls(gate).offerConfig(api('a', START), STALE_FOR_MS, { who: 'key:7' });
  await calls(gate).offerConfig(api('b', START + 1), STALE_FOR_MS);
  expect(await told(gate)).toEqual(['b unknown *', 'a key:7']);
});

it('keeps the history of a merchant that was deleted, and goes on with it when there is one again', async () => {
  const gate = newGate();
  await calls(gate).offerConfig(api('a', START), 0, ADMIN);
  await calls(gate).offerConfig({ hash: '', writtenAt: START + 1, json: null }, 0, ADMIN);
  expect(await told(gate)).toEqual(['null admin *', 'a admin']);
  await calls(gate).offerConfig(api('b', START + 2), 0, ADMIN);
  expect(await told(gate)).toEqual(['b admin *', 'null admin', 'a admin']);
  expect(await calls(gate).configText('a')).toBe('{"id":"a"}');
});

describe('of two writes at once', () => {
  it('gives each a time of its own, and both are told in that order, whichever comes first', async () => {
    const gate = newGate();
    const [first, second] = [
      await calls(gate).takeTurn({ now: START }),
      await calls(gate).takeTurn({ now: START - 1_000 }),
    ];
    expect([first, second]).toEqual([
      { kind: 'taken', writtenAt: START },
      { kind: 'taken', writtenAt: START + 1 },
    ]);
    expect(await calls(gate).offerConfig(api('second', START + 1), 0, ADMIN)).toBeNull();
    expect(await calls(gate).offerConfig(api('first', START), 0, ADMIN)).toMatchObject({ hash: 'second' });
    expect(await told(gate)).toEqual(['second admin *', 'first admin']);
  });

  it('an old sight of KV is none: it is not told', async () => {
    const gate = newGate();
    await calls(gate).offerConfig(api('b', START), 0, ADMIN);
    await calls(gate).offerConfig(api('a', START - 1), STALE_FOR_MS, { who: 'admin' });
    expect(await told(gate)).toEqual(['b admin *']);
  });
});

describe('a write that replaces one version alone', () => {
  const kept = { hash: 'a', writtenAt: START };

  it.each([
    ['that is in force', kept, 'taken'],
    ['that was in force', { hash: 'z', writtenAt: START - 1 }, 'overtaken'],
    ['that was written again since', { hash: 'a', writtenAt: START - 1 }, 'overtaken'],
    ['that is none', null, 'overtaken'],
  ])('%s', async (_, onlyIf, kind) => {
    const gate = newGate();
    await calls(gate).offerConfig(api('a', START), 0, ADMIN);
    expect(await calls(gate).takeTurn({ now: START, onlyIf })).toMatchObject({ kind });
  });

  it('goes ahead alone', async () => {
    const gate = newGate();
    await calls(gate).offerConfig(api('a', START), 0, ADMIN);
    const turns = await Promise.all(
      Array.from({ length: 5 }, () => calls(gate).takeTurn({ now: START, onlyIf: kept })),
    );
    expect(turns.map(({ kind }) => kind).toSorted()).toEqual([...Array(4).fill('overtaken'), 'taken']);
  });

  it('waits for who is writing, until that is done, given up, or took too long', async () => {
    const gate = newGate();
    await calls(gate).offerConfig(api('a', START), 0, ADMIN);
    const kindOf = async () => (await calls(gate).takeTurn({ now: START, onlyIf: kept })).kind;
    const turn = await calls(gate).takeTurn({ now: START });
    expect(await kindOf()).toBe('overtaken');
    if (turn.kind === 'taken') await calls(gate).endTurn(turn.writtenAt);
    expect(await kindOf()).toBe('taken');
    expect(await kindOf()).toBe('overtaken');
    pass(15_000);
    expect(await kindOf()).toBe('taken');
  });
});

describe('is bounded', () => {
  it('in versions', async () => {
    const gate = newGate();
    for (let i = 0; i < VERSIONS_KEPT + 5; i++) await calls(gate).offerConfig(api(`v${i}`, START + i), 0, ADMIN);
    const versions = await told(gate);
    expect([versions.length, versions[0], versions.at(-1)]).toEqual([
      VERSIONS_KEPT,
      `v${VERSIONS_KEPT + 4} admin *`,
      'v5 admin',
    ]);
    expect(await rowsIn(gate, 'config_texts')).toBe(VERSIONS_KEPT);
  });

  it('in bytes, with configurations as long as they may be, and a text that is needed stays', async () => {
    const gate = newGate();
    const long = (hash: string, writtenAt: number) => ({ hash, writtenAt, json: hash.padEnd(1_900_000) });
    await calls(gate).offerConfig(long('again', START), 0, ADMIN);
    for (let i = 1; i < 12; i++) await calls(gate).offerConfig(long(`v${i}`, START + i), 0, ADMIN);
    const versions = await calls(gate).configVersions();
    const bytes = versions.reduce((sum, one) => sum + one.bytes, 0);
    expect([versions.length, bytes <= TEXT_BYTES_KEPT]).toEqual([10, true]);
    expect([await calls(gate).configText('again'), (await calls(gate).configText('v11'))?.length]).toEqual([
      null,
      1_900_000,
    ]);
    await calls(gate).offerConfig(long('v2', START + 20), 0, ADMIN);
    expect((await calls(gate).configText('v2'))?.length).toBe(1_900_000);
    expect(await rowsIn(gate, 'config_texts')).toBe(10);
  });
});

describe('beside a release without it', () => {
  const keepAsBefore = (gate: GateStub, { hash, writtenAt, json }: KeptConfig) =>
    runInDurableObject(gate, (_, { storage }) => {
      storage.sql.exec(
        'INSERT OR REPLACE INTO config (id, hash, written_at, json) VALUES (1, ?, ?, ?)',
        hash,
        writtenAt,
        json,
      );
    });

  it('begins with what is in force', async () => {
    const gate = newGate();
    await keepAsBefore(gate, api('old', START - 1_000));
    await evictDurableObject(gate);
    expect(await told(gate)).toEqual(['old unknown *']);
    await calls(gate).offerConfig(api('new', START), 0, ADMIN);
    expect(await told(gate)).toEqual(['new admin *', 'old unknown']);
  });

  it('learns what that one kept, before anything new', async () => {
    const gate = newGate();
    await calls(gate).offerConfig(api('a', START - 9_000), 0, ADMIN);
    await keepAsBefore(gate, api('between', START - 1_000));
    await evictDurableObject(gate);
    await calls(gate).offerConfig(api('b', START), 0, ADMIN);
    expect(await told(gate)).toEqual(['b admin *', 'between unknown', 'a admin']);
    expect(await calls(gate).configText('between')).toBe('{"id":"between"}');
  });

  it('and where it cannot be written, the configuration is kept all the same', async () => {
    const gate = newGate();
    await runInDurableObject(gate, (_, { storage }) => {
      storage.sql.exec('CREATE TABLE config_versions (something_else TEXT)');
    });
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(await calls(gate).offerConfig(api('a', START), 0, ADMIN)).toBeNull();
    expect(await calls(gate).keptVersion()).toEqual({ hash: 'a', writtenAt: START });
    expect(error.mock.calls.join()).toContain('configuration_not_in_history');
    error.mockRestore();
  });
});
