/**
 * What hangs on a lease, and what it lifts: what is said of the address, never a counter.
 */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/decision/evaluation.ts';
import { LIFTED_BY_LEASE, leaseStake, liftByLease, withoutLease } from '../../src/decision/lease-lifting.ts';
import { type Finding, REASON_CODES, type ReasonCode } from '../../src/decision/reason.ts';

const finding = (code: ReasonCode, change: Partial<Finding> = {}): Finding => ({
  code,
  consequence: 'block',
  mode: 'enforce',
  message: 'said so',
  ...change,
});
const SHOPPER = { challengeFallback: 'block', opensRoute: false } as const;
const SERVER = { challengeFallback: 'block', opensRoute: true } as const;
const occasion = {
  id: 'ev',
  merchant: 'm',
  mode: 'enforce',
  configVersion: 'c',
  now: 0,
  reservedUntil: null,
  challengeFallback: 'block',
} as const;

describe.each(REASON_CODES)('%s', (code) => {
  const isLifted = LIFTED_BY_LEASE.includes(code);
  const isAccess = code.startsWith('allowlist_');

  it('is lifted where it speaks of the address, and on a route that takes leases where it speaks of access', () => {
    expect(leaseStake([finding(code)], SHOPPER)).toBe(isLifted ? 'passage' : 'nothing');
    expect(leaseStake([finding(code)], SERVER)).toBe(isLifted || isAccess ? 'passage' : 'nothing');
  });

  it('under a lease decides as that says, and stays on record unless it was no miss', () => {
    const { decision, reasons } = evaluate(liftByLease([finding(code)], SERVER), occasion);
    expect(decision).toBe(isLifted || isAccess ? 'allow' : 'block');
    expect(reasons).toMatchObject(isAccess ? [] : [{ code, mode: isLifted ? 'shadow' : 'enforce' }]);
  });

  it('beside something that a lease lifts decides as before', () => {
    const both = [finding('country'), finding(code)];
    expect(leaseStake(both, SERVER)).toBe(isLifted || isAccess ? 'passage' : 'nothing');
  });
});

it('nothing of what counts is ever lifted', () => {
  expect(LIFTED_BY_LEASE).not.toContain('velocity');
  expect(LIFTED_BY_LEASE).not.toContain('in_flight');
});

describe('on a lease hangs', () => {
  it.each<[string, readonly Finding[], string]>([
    ['nothing, where nothing was found', [], 'nothing'],
    ['the passage, where a rule refuses', [finding('country')], 'passage'],
    ['the passage, where a challenge falls back to it', [finding('tor', { consequence: 'challenge' })], 'passage'],
    ['a reason, where a rule wants a review', [finding('country_unknown', { consequence: 'review' })], 'reasons'],
    ['a reason, where a rule is in shadow', [finding('asn', { mode: 'shadow' })], 'reasons'],
    ['nothing, where a counter is shut', [finding('country'), finding('velocity')], 'nothing'],
    [
      'the passage, where a counter is shut in shadow',
      [finding('country'), finding('velocity', { mode: 'shadow' })],
      'passage',
    ],
  ])('%s', (_, findings, stake) => {
    expect(leaseStake(findings, SHOPPER)).toBe(stake);
  });

  it('a reason alone, where a challenge falls back to letting go on', () => {
    const challenged = [finding('country_unknown', { consequence: 'challenge' })];
    expect(leaseStake(challenged, { ...SHOPPER, challengeFallback: 'allow' })).toBe('reasons');
  });
});

it('says that a lease lifted it, and not that a step-up would have been asked for', () => {
  const lifted = liftByLease([finding('country_unknown', { consequence: 'challenge' })], SHOPPER);
  expect(evaluate(lifted, occasion).reasons).toEqual([
    { code: 'country_unknown', message: 'said so; lifted by a lease', mode: 'shadow' },
  ]);
});

it.each([
  ['none_holds', 'said so; no lease holds it'],
  ['gate_unavailable', 'said so; the gate did not answer, so that no lease is proven'],
  ['not_asked', 'said so; leases were not looked at'],
] as const)('without a lease (%s) the word on access says why, and no other', (why, message) => {
  const found = withoutLease([finding('allowlist_miss'), finding('country')], why);
  expect(found.map((it) => it.message)).toEqual([message, 'said so']);
});
