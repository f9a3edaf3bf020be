/**
 * What becomes of a finding that asks for a challenge: offered, passed, handed to the processor, shut, or fallen back.
 */
import { describe, expect, it } from 'vitest';
import { evaluate, isStopped, type Occasion } from '../../src/decision/evaluation.ts';
import type { Finding } from '../../src/decision/reason.ts';
import { demandedStrength, effortOf, type Offer, type StepUp } from '../../src/decision/step-up.ts';

const offer: Offer = { url: 'https://shop/x', methods: ['turnstile'], expires_at: '2026-11-22T00:15:00.000Z' };
const { methods, ...at } = offer;
const OFFERED: StepUp = { kind: 'offered', methods, at };
const occasion: Occasion = {
  id: 'ev_1',
  merchant: 'acme',
  mode: 'enforce',
  configVersion: 'v1',
  now: 0,
  reservedUntil: 900_000,
  challengeFallback: 'review',
};
const asked = (change: Partial<Finding> = {}): Finding => ({
  code: 'risk_score',
  consequence: 'challenge',
  mode: 'enforce',
  message: 'too high',
  ...change,
});
const judged = (change: Partial<Occasion>, findings = [asked()]) => {
  const { decision, challenge, request_3ds, reservation, reasons } = evaluate(findings, { ...occasion, ...change });
  const isReserved = reservation !== null;
  return { decision, challenge, request_3ds, isReserved, message: reasons[0]?.message };
};

describe('a challenge', () => {
  it('that is offered is the decision, and holds no place', () => {
    const message = 'too high';
    const expected = { decision: 'challenge', challenge: offer, request_3ds: false, isReserved: false, message };
    expect(judged({ stepUp: OFFERED })).toEqual(expected);
    expect(isStopped([asked()], { challengeFallback: 'allow', stepUp: OFFERED })).toBe(true);
  });

  it('that nobody will see is the decision without an address', () => {
    expect(judged({ stepUp: { kind: 'offered', methods, at: null } })).toMatchObject({
      decision: 'challenge',
      challenge: null,
    });
  });

  it('that is passed asks for nothing any more, and says by what', () => {
    const passed = { method: 'turnstile', strength: 2 };
    expect(judged({ stepUp: OFFERED, passed })).toMatchObject({
      decision: 'allow',
      challenge: null,
      isReserved: true,
      message: 'too high; passed: turnstile',
    });
    expect(isStopped([asked()], { challengeFallback: 'block', stepUp: OFFERED, passed })).toBe(false);
  });

  it.each(['block', 'review', 'allow'] as const)(
    'whose every method was out of reach is worth the fallback: %s',
    (word) => {
      const passed = { method: 'unreachable', strength: 5 };
      const { decision, message } = judged({ stepUp: OFFERED, passed, challengeFallback: word });
      expect({ decision, message }).toEqual({
        decision: word,
        message: `too high; no step-up could be reached, fallback: ${word}`,
      });
    },
  );

  it.each([
    [undefined, 1, true],
    [1, 1, true],
    [2, 1, false],
    [4, 3, false],
    [4, 4, true],
    [4, 5, true],
  ])('that demands the strength %s is met by %i: %s', (strength, passed, isMet) => {
    const finding = asked(strength === undefined ? {} : { strength });
    const { decision } = judged({ stepUp: OFFERED, passed: { method: 'x', strength: passed } }, [finding]);
    expect(decision).toBe(isMet ? 'allow' : 'challenge');
  });

  it('that the processor runs lets the attempt go on and says so', () => {
    expect(judged({ stepUp: { kind: 'request_3ds' } })).toMatchObject({
      decision: 'allow',
      request_3ds: true,
      isReserved: true,
      message: 'too high; 3-D Secure is asked for',
    });
  });

  it('asks for 3-D Secure of nobody who is blocked, or not challenged', () => {
    const stepUp: StepUp = { kind: 'request_3ds' };
    expect(judged({ stepUp }, [asked(), asked({ code: 'tor', consequence: 'block' })]).request_3ds).toBe(false);
    expect(judged({ stepUp }, []).request_3ds).toBe(false);
    expect(judged({ stepUp }, [asked({ mode: 'shadow' })]).request_3ds).toBe(false);
  });

  it('is a block where too many were left unanswered', () => {
    expect(judged({ stepUp: { kind: 'shut' } })).toMatchObject({ decision: 'block', challenge: null });
  });

  it.each([
    ['not_configured', 'too high; no step-up is configured, fallback: review'],
    ['none_fits', 'too high; no step-up can be offered, fallback: review'],
  ] as const)('falls back where there is none: %s', (because, message) => {
    expect(judged({ stepUp: { kind: 'none', because } })).toMatchObject({ decision: 'review', message });
  });

  it('is a block for several payments in one request, whatever the fallback: who is challenged could choose it', () => {
    const message = 'too high; several payments in one request cannot be challenged';
    expect(judged({ stepUp: { kind: 'several_attempts' } })).toMatchObject({ decision: 'block', message });
  });

  it('skips nothing else when it is passed', () => {
    const passed = { method: 'identity', strength: 5 };
    const velocity = asked({ code: 'velocity', consequence: 'block' });
    expect(judged({ stepUp: OFFERED, passed }, [asked(), velocity]).decision).toBe('block');
  });
});

it('demands as much as the strictest of what is enforced, and nothing of what is passed', () => {
  const shadow = asked({ mode: 'shadow', strength: 5 });
  expect(demandedStrength([])).toBe(0);
  expect(demandedStrength([asked(), asked({ strength: 4 }), shadow])).toBe(4);
  expect(demandedStrength([asked({ consequence: 'block', strength: 4 })])).toBe(0);
  expect(demandedStrength([asked(), asked({ strength: 4 })], { method: 'x', strength: 2 })).toBe(4);
  expect(demandedStrength([asked({ strength: 2 })], { method: 'x', strength: 2 })).toBe(0);
});

it.each([
  ['nothing', [], 1],
  ['a risk', [{ code: 'risk_score', mode: 'enforce' }], 1],
  ['an attack', [asked(), { code: 'attack_mode', mode: 'enforce' }], 4],
  ['an attack in shadow', [{ code: 'attack_mode', mode: 'shadow' }], 1],
] as const)('a challenge is as hard as is right for %s', (_, findings, effort) => {
  expect(effortOf(findings)).toBe(effort);
});
