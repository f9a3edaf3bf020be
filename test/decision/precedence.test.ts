/**
 * Findings become one answer: the first in the contract's order that stops the attempt, and every reason in it.
 */
import { describe, expect, it } from 'vitest';
import { decidingFinding, evaluate, isStopped, type Occasion } from '../../src/decision/evaluation.ts';
import type { Consequence, Finding, ReasonCode } from '../../src/decision/reason.ts';
import { REASON_CODES } from '../../src/decision/reason.ts';

const NOW = Date.UTC(2026, 10, 22, 0, 21, 15, 123);
const occasion: Occasion = {
  id: 'ev_1',
  merchant: 'acme',
  mode: 'enforce',
  configVersion: 'v1',
  now: NOW,
  reservedUntil: NOW + 900_000,
  challengeFallback: 'block',
};

const finding = (code: ReasonCode, consequence: Consequence = 'block', change: Partial<Finding> = {}): Finding => ({
  code,
  consequence,
  mode: 'enforce',
  message: `about ${code}`,
  ...change,
});
const codesOf = (findings: readonly Finding[]) => evaluate(findings, occasion).reasons.map(({ code }) => code);

// The contract's order of precedence, written down once more on purpose. Its list of codes ends with the silence of the
// gate; its order says where that stands: in place of velocity, in_flight and attack_mode.
const CONTRACT_ORDER = `insecure_transport tls_version unreadable list allowlist_miss allowlist_pin_mismatch
  egress_unverified country country_unknown tor asn hosting country_mismatch reputation velocity in_flight attack_mode
  gate_unavailable custom_rule risk_score no_session`.split(/\s+/);

it('keeps its codes in the contract’s order, and knows none that the contract does not', () => {
  expect(REASON_CODES).toEqual(CONTRACT_ORDER.filter((code) => (REASON_CODES as readonly string[]).includes(code)));
  expect(new Set(REASON_CODES).size).toBe(REASON_CODES.length);
});

const pairs = REASON_CODES.flatMap((first, i) => REASON_CODES.slice(i + 1).map((second) => ({ first, second })));

describe('of every pair the earlier answers, and both are reasons', () => {
  it.each(pairs)('$first before $second', ({ first, second }) => {
    const one = finding(first, 'block', { retryAfterSeconds: 1 });
    const other = finding(second, 'block', { retryAfterSeconds: 2 });
    for (const findings of [
      [one, other],
      [other, one],
    ]) {
      expect(codesOf(findings)).toEqual([first, second]);
      expect(evaluate(findings, occasion)).toMatchObject({ decision: 'block', retry_after_seconds: 1 });
    }
  });

  it.each(pairs)('yet a block by $second outweighs a review by $first', ({ first, second }) => {
    const findings = [finding(first, 'review'), finding(second, 'block')];
    expect(evaluate(findings, occasion).decision).toBe('block');
    expect(decidingFinding(findings)?.code).toBe(second);
    expect(codesOf(findings)).toEqual([first, second]);
  });

  it.each(pairs)('and a shadow of $first leaves the answer to $second', ({ first, second }) => {
    const findings = [finding(first, 'block', { mode: 'shadow' }), finding(second, 'review')];
    expect(evaluate(findings, occasion).decision).toBe('review');
    expect(codesOf(findings)).toEqual([first, second]);
  });
});

describe('the answer', () => {
  it.each([
    ['to nothing', [], 'allow'],
    ['to a word of allow', [finding('gate_unavailable', 'allow')], 'allow'],
    ['to a review', [finding('tor', 'review')], 'review'],
    ['to two reviews', [finding('tor', 'review'), finding('asn', 'review')], 'review'],
    ['to a review and an allow', [finding('gate_unavailable', 'allow'), finding('tor', 'review')], 'review'],
    ['to a block', [finding('velocity')], 'block'],
    [
      'to a block among reviews',
      [finding('tor', 'review'), finding('velocity'), finding('gate_unavailable', 'review')],
      'block',
    ],
    ['to a challenge that no step-up can run', [finding('tor', 'challenge')], 'block'],
  ] as const)('%s is right', (_, findings, decision) => {
    expect(evaluate(findings, occasion).decision).toBe(decision);
  });

  it.each(REASON_CODES)('is not changed by a shadow: %s', (code) => {
    for (const consequence of ['block', 'challenge', 'review'] as const) {
      const shadow = finding(code, consequence, { mode: 'shadow', retryAfterSeconds: 5 });
      const { decision, retry_after_seconds, reservation, reasons } = evaluate([shadow], occasion);
      expect({ decision, retry_after_seconds }).toEqual({ decision: 'allow', retry_after_seconds: null });
      expect(reservation).not.toBeNull();
      expect(reasons).toMatchObject([{ code, mode: 'shadow' }]);
      expect(isStopped([shadow], { challengeFallback: 'block' })).toBe(false);
    }
  });

  it('keeps several reasons of one code in the order they came', () => {
    const rules = ['guest_ip', 'card_ip', 'customer'];
    const { reasons } = evaluate(
      rules.map((rule) => finding('velocity', 'block', { rule })),
      occasion,
    );
    expect(reasons.map(({ rule }) => rule)).toEqual(rules);
  });
});

describe('a challenge falls back', () => {
  it.each([
    ['block', 'block', true],
    ['review', 'review', false],
    ['allow', 'allow', false],
  ] as const)('to %s: %s', (challengeFallback, decision, stopped) => {
    const findings = [finding('country_unknown', 'challenge')];
    const evaluation = evaluate(findings, { ...occasion, challengeFallback });
    expect(evaluation.decision).toBe(decision);
    expect(evaluation.challenge).toBeNull();
    expect(evaluation.reasons[0]?.message).toContain(`fallback: ${challengeFallback}`);
    expect(isStopped(findings, { challengeFallback })).toBe(stopped);
  });

  it('and leaves a later block standing', () => {
    const findings = [finding('tor', 'challenge'), finding('velocity')];
    expect(evaluate(findings, { ...occasion, challengeFallback: 'allow' }).decision).toBe('block');
  });

  it('and leaves the words of all others alone', () => {
    const [reason] = evaluate([finding('tor', 'review')], occasion).reasons;
    expect(reason?.message).toBe('about tor');
  });
});
