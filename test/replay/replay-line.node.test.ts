/**
 * One line of the replay format: what is taken, and what is wrong with what is not.
 */
import { describe, expect, it } from 'vitest';
import { isPassedBy, type ReplayLine, readReplayLine } from '../../src/replay/replay-line.ts';

const LINE = {
  at: '2026-01-05T10:00:00Z',
  attempt: { ip: '203.0.113.9', card: { fingerprint: 'x' }, amount: 100, currency: 'EUR' },
  outcome: { status: 'failed', decline_reason: 'incorrect_cvc' },
  challenge_passed: { proof_of_work: true, turnstile: false },
};
const read = (change: object = {}) => readReplayLine(JSON.stringify({ ...LINE, ...change }));
const lineOf = (change: object = {}): ReplayLine => {
  const reading = read(change);
  if (!reading.ok) throw new Error(reading.fault);
  return reading.line;
};

it('is the contract’s example', () => {
  expect(lineOf()).toMatchObject({ at: Date.UTC(2026, 0, 5, 10), outcome: LINE.outcome });
});

describe.each([
  [{ proof_of_work: true, turnstile: false }, true, false],
  [true, true, true],
  [false, false, false],
  [undefined, true, true],
])('challenge_passed %j', (challenge_passed, work, turnstile) => {
  it('says who passes what', () => {
    const line = lineOf({ challenge_passed });
    expect([isPassedBy(line, 'proof_of_work'), isPassedBy(line, 'turnstile')]).toEqual([work, turnstile]);
  });
});

it('has no method by inheritance', () => {
  expect(isPassedBy(lineOf({ challenge_passed: {} }), 'constructor')).toBe(false);
});

it.each([
  ['a time in another zone', { at: '2026-01-05T11:00:00+01:00' }],
  ['no outcome', { outcome: undefined }],
  ['a renewal from nowhere', { attempt: { kind: 'renewal', card: { token: 't' } } }],
  ['an address that the record has lost', { attempt: { card: { fingerprint: 'x' } } }],
])('takes %s', (_, change) => {
  expect(read(change)).toMatchObject({ ok: true, line: { at: Date.UTC(2026, 0, 5, 10) } });
});

it.each([
  ['no time', { at: undefined }, '/at '],
  ['a time that is none', { at: '2026-13-05T10:00:00Z' }, '/at must be a time'],
  ['a time without a zone', { at: '2026-01-05T10:00:00' }, '/at must be a time'],
  ['no attempt', { attempt: undefined }, '/attempt '],
  ['an unknown field', { labels: 1 }, '/labels is not a field'],
  ['an unknown field of the attempt', { attempt: { ...LINE.attempt, cvc: '123' } }, '/attempt/cvc is not a field'],
  ['an address that is none', { attempt: { ip: '203.0.113' } }, '/attempt/ip must be'],
  ['an outcome that is none', { outcome: { status: 'declined' } }, '/outcome/status '],
  ['a method that is neither passed nor not', { challenge_passed: { turnstile: 'yes' } }, '/challenge_passed'],
])('refuses %s, and says where', (_, change, fault) => {
  expect(read(change)).toEqual({ ok: false, fault: expect.stringContaining(fault) });
});

it.each(['', '{', 'null', '[]', '"x"'])('refuses %j', (text) => {
  expect(readReplayLine(text).ok).toBe(false);
});

it('tells no value: there may be a card number in it', () => {
  const reading = read({ attempt: { ...LINE.attempt, card: { number: '4242424242424242x' } } });
  expect(JSON.stringify(reading)).not.toContain('4242');
});
