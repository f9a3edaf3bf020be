/**
 * The shape of an evaluation, as the contract shows it, and the counters' verdicts on their way into it.
 */
import { describe, expect, it } from 'vitest';
import { evaluate, type Occasion } from '../../src/decision/evaluation.ts';
import type { Finding } from '../../src/decision/reason.ts';
import { velocityFindings } from '../../src/decision/velocity-findings.ts';
import type { Verdict } from '../../src/velocity/admission.ts';

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
const busy: Verdict = {
  rule: 'card_ip',
  key: '["card_ip","fp_x"]',
  mode: 'enforce',
  state: 'busy',
  count: 1,
  inFlight: 2,
  limit: 3,
  shutUntil: null,
};
const shut: Verdict = { ...busy, rule: 'guest_ip', state: 'shut', count: 3, inFlight: 0, shutUntil: NOW + 1 };
const open: Verdict = { ...busy, rule: 'customer', state: 'open', count: 0, inFlight: 0 };

it('has every field of the contract and no other', () => {
  expect(evaluate([], occasion)).toEqual({
    id: 'ev_1',
    merchant: 'acme',
    decision: 'allow',
    risk_score: 0,
    risk_level: 'not_assessed',
    risk: null,
    reasons: [],
    request_3ds: false,
    challenge: null,
    reservation: { expires_at: '2026-11-22T00:36:15.123Z' },
    retry_after_seconds: null,
    mode: 'enforce',
    config_version: 'v1',
    created_at: '2026-11-22T00:21:15.123Z',
  });
});

describe('a reservation', () => {
  it.each([
    ['allow', null, true],
    ['review', 'review', true],
    ['block', 'block', false],
    ['challenge that falls back to a block', 'challenge', false],
  ] as const)('with %s', (_, consequence, reserved) => {
    const findings: Finding[] =
      consequence === null ? [] : [{ code: 'tor', consequence, mode: 'enforce', message: '' }];
    expect(evaluate(findings, occasion).reservation !== null).toBe(reserved);
  });

  it('is none where nothing was reserved', () => {
    expect(evaluate([], { ...occasion, reservedUntil: null }).reservation).toBeNull();
  });
});

it.each(['enforce', 'shadow', 'off'] as const)('says under which mode of the merchant it was made: %s', (mode) => {
  expect(evaluate(velocityFindings([shut]), { ...occasion, mode })).toMatchObject({ mode, decision: 'block' });
});

describe('verdicts of counters', () => {
  it('that are open say nothing', () => {
    expect(velocityFindings([open, open])).toEqual([]);
  });

  it('that are shut are velocity, without a word on when to come back', () => {
    expect(velocityFindings([shut])).toEqual([
      { code: 'velocity', rule: 'guest_ip', mode: 'enforce', consequence: 'block', message: '3 failures, limit 3' },
    ]);
    expect(evaluate(velocityFindings([shut]), occasion).retry_after_seconds).toBeNull();
  });

  it('that are busy are in_flight, and say when to come back', () => {
    const [finding] = velocityFindings([busy]);
    expect(finding).toMatchObject({
      code: 'in_flight',
      rule: 'card_ip',
      message: '1 failures and 2 in flight, limit 3',
    });
    const { decision, retry_after_seconds } = evaluate(velocityFindings([busy]), occasion);
    expect(decision).toBe('block');
    expect(retry_after_seconds).toBeGreaterThan(0);
  });

  it('that are shut and busy answer as shut: whoever waits would wait in vain', () => {
    const evaluation = evaluate(velocityFindings([busy, open, shut]), occasion);
    expect(evaluation.reasons.map(({ code, rule }) => [code, rule])).toEqual([
      ['velocity', 'guest_ip'],
      ['in_flight', 'card_ip'],
    ]);
    expect(evaluation.retry_after_seconds).toBeNull();
  });

  it('of a shadow rule are recorded as such and change nothing', () => {
    const findings = velocityFindings([
      { ...shut, mode: 'shadow' },
      { ...busy, mode: 'shadow' },
    ]);
    const { decision, reasons, retry_after_seconds } = evaluate(findings, occasion);
    expect({ decision, retry_after_seconds }).toEqual({ decision: 'allow', retry_after_seconds: null });
    expect(reasons.map(({ mode }) => mode)).toEqual(['shadow', 'shadow']);
  });

  it('never show the key, nor what is in it', () => {
    expect(JSON.stringify(evaluate(velocityFindings([busy, shut]), occasion))).not.toContain('fp_x');
  });
});

it('shows of a finding only what a reason has', () => {
  const finding: Finding = { code: 'tor', consequence: 'block', mode: 'enforce', message: 'm', retryAfterSeconds: 3 };
  expect(evaluate([finding], occasion).reasons).toEqual([{ code: 'tor', message: 'm', mode: 'enforce' }]);
});
