/**
 * How a check of identity stands: what its provider says late, twice and out of order does not undo what is known.
 */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import type { IdentityState } from '../../src/gate/identity-messages.ts';
import { gateOf, rowsOf } from './asking.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const EVALUATION = `ev_${'0123456789abcdef'.repeat(2)}acme`;
let gates = 0;
const newGate = () => gateOf(`identity-${++gates}`) as unknown as DurableObjectStub<Gate>;
const begun = { evaluation: EVALUATION, session: 'vs_1', expiresAt: NOW + 1_800_000 };

/** `open@3`: said of three seconds after noon. */
function wordOf(text: string) {
  const [state = '', seconds = ''] = text.split('@');
  const because = state === 'failed' ? 'selfie_face_mismatch' : null;
  const occurredAt = NOW + Number(seconds) * 1000;
  return { evaluation: EVALUATION, session: 'vs_1', state: state as IdentityState, because, occurredAt };
}

it.each<[string, readonly string[], IdentityState]>([
  ['nothing said', [], 'open'],
  ['looked at', ['processing@1'], 'processing'],
  ['verified', ['processing@1', 'verified@2'], 'verified'],
  ['verified, told before that it is looked at', ['verified@2', 'processing@1'], 'verified'],
  ['verified, told twice', ['verified@2', 'verified@2'], 'verified'],
  ['verified within the second', ['processing@1', 'verified@1'], 'verified'],
  ['verified, and an old failure later', ['verified@9', 'failed@2'], 'verified'],
  ['verified, and a younger failure, which Stripe never sends', ['verified@2', 'failed@9'], 'verified'],
  ['verified, and cancelled, likewise', ['verified@2', 'canceled@9'], 'verified'],
  ['failed', ['processing@1', 'failed@2'], 'failed'],
  ['failed, told before that it is looked at', ['failed@2', 'processing@1'], 'failed'],
  ['failed within the second', ['failed@1', 'processing@1'], 'failed'],
  ['failed, and looked at again', ['failed@2', 'processing@5'], 'processing'],
  ['failed, then verified', ['failed@2', 'processing@5', 'verified@6'], 'verified'],
  ['cancelled, for ever', ['canceled@2', 'processing@5', 'verified@6'], 'canceled'],
])('%s: %j', async (_, words, state) => {
  const gate = newGate();
  expect(await gate.beginIdentityCheck(begun)).toBe(true);
  for (const word of words) await gate.hearIdentityCheck(wordOf(word));
  expect(await gate.findIdentityCheck(EVALUATION)).toEqual({
    session: 'vs_1',
    state,
    because: state === 'failed' ? 'selfie_face_mismatch' : null,
  });
});

it('says what became of a word', async () => {
  const gate = newGate();
  expect(await gate.hearIdentityCheck(wordOf('verified@1'))).toBe('unknown');
  expect(await gate.findIdentityCheck(EVALUATION)).toBeNull();
  await gate.beginIdentityCheck(begun);
  expect(await gate.hearIdentityCheck({ ...wordOf('verified@1'), session: 'vs_2' })).toBe('unknown');
  expect(await gate.hearIdentityCheck({ ...wordOf('verified@1'), evaluation: `${EVALUATION}x` })).toBe('unknown');
  expect(await gate.hearIdentityCheck(wordOf('verified@1'))).toBe('taken');
  expect(await gate.hearIdentityCheck(wordOf('verified@1'))).toBe('stale');
});

describe('a check that is begun', () => {
  it('again is the same, and open once more where it failed', async () => {
    const gate = newGate();
    await gate.beginIdentityCheck(begun);
    await gate.hearIdentityCheck(wordOf('failed@2'));
    expect(await gate.beginIdentityCheck(begun)).toBe(true);
    expect(await gate.findIdentityCheck(EVALUATION)).toMatchObject({ state: 'open', because: null });
    // The same word again is not another failure.
    expect(await gate.hearIdentityCheck(wordOf('failed@2'))).toBe('stale');
    expect(await gate.hearIdentityCheck(wordOf('failed@7'))).toBe('taken');
  });

  it.each(['verified@2', 'canceled@2', 'processing@2'])('again changes nothing of one that is %s', async (word) => {
    const gate = newGate();
    await gate.beginIdentityCheck(begun);
    await gate.hearIdentityCheck(wordOf(word));
    expect(await gate.beginIdentityCheck(begun)).toBe(true);
    expect(await gate.findIdentityCheck(EVALUATION)).toMatchObject({ state: word.split('@')[0] });
  });

  it('is not another session’s: what that passes is somebody else', async () => {
    const gate = newGate();
    await gate.beginIdentityCheck(begun);
    expect(await gate.beginIdentityCheck({ ...begun, session: 'vs_2' })).toBe(false);
    expect(await gate.findIdentityCheck(EVALUATION)).toMatchObject({ session: 'vs_1' });
  });
});

it('is swept once no pass of its challenge can be good', async () => {
  const gate = newGate();
  await gate.beginIdentityCheck({ ...begun, expiresAt: Date.now() - 1 });
  const rows = () => rowsOf(gate as never, 'SELECT * FROM identity_checks');
  expect(await rows()).toHaveLength(1);
  expect(await runInDurableObject(gate, (_, { storage }) => storage.getAlarm())).not.toBeNull();
  await runInDurableObject(gate, async (instance) => {
    for (let step = 0; step < 20; step++) await instance.alarm();
  });
  expect(await rows()).toEqual([]);
});
