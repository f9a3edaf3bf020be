/**
 * Passkeys at the gate: enrolled once, a bounded number a customer; each challenge is used once, and a counter only grows;
 * in whatever order and however often calls come.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewPasskey, PasskeyUse } from '../../src/step-up/passkey-record.ts';
import { calls, type GateStub, newGate, rowsOf } from './asking.ts';

const OVER = Date.now() + 3_600_000;
let made = 0;
const challenge = () => ({ key: `challenge-${made++}`, until: OVER });

function passkey(change: Partial<NewPasskey> = {}): NewPasskey {
  made++;
  return {
    id: `pk_${made}`,
    credential: `credential-${made}`,
    customer: 'ada',
    relyingParty: 'shop.example',
    publicKey: 'a2V5',
    counter: 0,
    transports: ['internal'],
    enrolledBy: 'customer',
    ...change,
  };
}

async function enrolled(gate: GateStub, change: Partial<NewPasskey> = {}): Promise<NewPasskey> {
  const one = passkey(change);
  expect(await calls(gate).enrolPasskey(one, challenge(), 9)).toBe('enrolled');
  return one;
}

const use = ({ credential, customer }: NewPasskey, change: Partial<PasskeyUse> = {}): PasskeyUse => ({
  credential,
  customer,
  counter: 0,
  challenge: challenge(),
  by: `answer-${made++}`,
  ...change,
});

it('keeps what is enrolled, and tells it to nobody else', async () => {
  const gate = newGate();
  const one = await enrolled(gate, { counter: 3 });
  expect(await calls(gate).passkeysOf('ada')).toMatchObject([{ ...one, lastUsedAt: null, suspectSince: null }]);
  expect(await calls(gate).passkeysOf('bob')).toEqual([]);
});

it('enrols the same once, however often it is told; and a credential for one customer alone', async () => {
  const gate = newGate();
  const [one, signed] = [passkey(), challenge()];
  for (let told = 0; told < 3; told++) expect(await calls(gate).enrolPasskey(one, signed, 1)).toBe('enrolled');
  expect(await calls(gate).enrolPasskey({ ...one, id: 'pk_x', customer: 'bob' }, challenge(), 9)).toBe('taken');
  expect((await calls(gate).passkeysOf('ada')).length).toBe(1);
});

it('enrols no more than are allowed, each for a challenge of its own', async () => {
  const gate = newGate();
  const signed = challenge();
  expect(await calls(gate).enrolPasskey(passkey(), signed, 2)).toBe('enrolled');
  expect(await calls(gate).enrolPasskey(passkey(), signed, 2)).toBe('replayed');
  expect(await calls(gate).enrolPasskey(passkey(), challenge(), 2)).toBe('enrolled');
  expect(await calls(gate).enrolPasskey(passkey(), challenge(), 2)).toBe('too_many');
  expect(await calls(gate).enrolPasskey(passkey({ customer: 'bob' }), challenge(), 2)).toBe('enrolled');
  expect(await calls(gate).enrolPasskey(passkey({ customer: 'eve' }), { key: 'old', until: Date.now() - 1 }, 2)).toBe(
    'replayed',
  );
});

describe('a use', () => {
  it('is taken once, and says the same when it is told twice', async () => {
    const gate = newGate();
    const one = await enrolled(gate, { counter: 3 });
    const first = use(one, { counter: 4 });
    expect(await calls(gate).usePasskey(first)).toBe('used');
    expect(await calls(gate).usePasskey(first)).toBe('used');
    expect(await calls(gate).usePasskey({ ...first, by: 'another answer' })).toBe('replayed');
    expect(await calls(gate).passkeysOf('ada')).toMatchObject([{ counter: 4, suspectSince: null }]);
  });

  it('of another customer’s, or of one that is not there, is none, and leaves no trace', async () => {
    const gate = newGate();
    const one = await enrolled(gate);
    expect(await calls(gate).usePasskey(use(one, { customer: 'bob', counter: 9 }))).toBe('unknown');
    expect(await calls(gate).usePasskey(use(passkey()))).toBe('unknown');
    expect(await calls(gate).passkeysOf('ada')).toMatchObject([{ counter: 0, lastUsedAt: null }]);
  });

  it('whose counter does not grow makes it suspect for ever', async () => {
    const gate = newGate();
    const one = await enrolled(gate, { counter: 3 });
    expect(await calls(gate).usePasskey(use(one, { counter: 3 }))).toBe('cloned');
    expect(await calls(gate).usePasskey(use(one, { counter: 99 }))).toBe('suspect');
    expect(await calls(gate).passkeysOf('ada')).toMatchObject([{ counter: 3, suspectSince: expect.any(Number) }]);
  });

  it('counts only upwards, whatever authenticators say (against a model)', async () => {
    const counters = fc.array(fc.nat(6), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.nat(3), counters, async (start, said) => {
        const gate = newGate();
        const one = await enrolled(gate, { counter: start });
        let [last, isSuspect] = [start, false];
        for (const counter of said) {
          const isFine = (last === 0 && counter === 0) || counter > last;
          const expected = isSuspect ? 'suspect' : isFine ? 'used' : 'cloned';
          expect(await calls(gate).usePasskey(use(one, { counter }))).toBe(expected);
          isSuspect ||= !isFine;
          if (expected === 'used') last = counter;
        }
      }),
      { numRuns: 15 },
    );
  });

  it('of two at once with one counter, one is a copy', async () => {
    const gate = newGate();
    const one = await enrolled(gate, { counter: 3 });
    const both = await Promise.all([4, 4].map((counter) => calls(gate).usePasskey(use(one, { counter }))));
    expect(both.toSorted()).toEqual(['cloned', 'used']);
  });
});

it('removes one of a customer’s own, and all that he has', async () => {
  const gate = newGate();
  const [one, other] = [await enrolled(gate), await enrolled(gate)];
  const bobs = await enrolled(gate, { customer: 'bob' });
  expect(await calls(gate).removePasskey('bob', one.id)).toBeNull();
  expect(await calls(gate).removePasskey('ada', one.id)).toMatchObject({ id: one.id });
  expect(await calls(gate).removePasskey('ada', one.id)).toBeNull();
  expect(await calls(gate).passkeysOf('ada')).toMatchObject([{ id: other.id }]);
  await enrolled(gate);
  expect(await calls(gate).forgetPasskeys('ada')).toBe(2);
  expect(await calls(gate).forgetPasskeys('ada')).toBe(0);
  expect(await calls(gate).passkeysOf('bob')).toMatchObject([{ id: bobs.id }]);
});

it('has none of a merchant who was deleted', async () => {
  const gate = newGate();
  await enrolled(gate);
  await calls(gate).offerConfig({ hash: 'gone', writtenAt: Date.now(), json: null }, 0);
  expect(await calls(gate).passkeysOf('ada')).toEqual([]);
});

it('keeps a row for each challenge that was signed, which the sweep removes', async () => {
  const gate = newGate();
  const one = await enrolled(gate);
  await calls(gate).usePasskey(use(one));
  const kept = await rowsOf<{ nonce: string; expires_at: number }>(gate, 'SELECT nonce, expires_at FROM nonces');
  expect(kept.map(({ expires_at: at }) => at)).toEqual([OVER, OVER]);
});
