/**
 * How far an attempt may come by a lease or by items of the allow list, before the gate has said which there are.
 */
import { describe, expect, it } from 'vitest';
import { leaseStake, liftByLease } from '../../src/decision/lease-lifting.ts';
import { allowStake } from '../../src/decision/list-lifting.ts';
import { prospectOf, type Stake, stakeIn } from '../../src/decision/prospect.ts';
import type { Finding, ReasonCode } from '../../src/decision/reason.ts';
import type { Clearing } from '../../src/decision/step-up.ts';
import type { ItemType } from '../../src/lists/item.ts';

const finding = (code: ReasonCode, consequence: Finding['consequence'] = 'block'): Finding => {
  return { code, consequence, mode: 'enforce', message: 'said so' };
};
const OFFERED: Clearing = {
  challengeFallback: 'block',
  stepUp: { kind: 'offered', methods: ['proof_of_work'], at: null },
};
const PASSED: Clearing = { ...OFFERED, passed: { method: 'proof_of_work', strength: 1 } };
const NO_STEP_UP: Clearing = { challengeFallback: 'block' };

const country = finding('country');
const asks = finding('custom_rule', 'challenge');

describe('on what sets aside a country hangs', () => {
  it.each<[string, readonly Finding[], Clearing, Stake]>([
    ['nothing, where it is not found', [], OFFERED, 'nothing'],
    ['the passage', [country], OFFERED, 'passage'],
    ['a challenge, where one is asked beside it', [country, asks], OFFERED, 'challenge'],
    ['the passage, where that was passed', [country, asks], PASSED, 'passage'],
    ['nothing, where nobody can be asked', [country, asks], NO_STEP_UP, 'nothing'],
    ['nothing, where something else blocks', [country, asks, finding('velocity')], OFFERED, 'nothing'],
    ['a reason', [finding('country', 'review')], OFFERED, 'reasons'],
    ['nothing, where he is asked anyhow', [finding('country', 'challenge'), asks], OFFERED, 'nothing'],
  ])('%s', (_, found, clearing, stake) => {
    expect(
      stakeIn(
        found,
        found.filter(({ code }) => code !== 'country'),
        clearing,
      ),
    ).toBe(stake);
    expect(leaseStake(found, { ...clearing, opensRoute: false })).toBe(stake);
    expect(allowStake({ early: found, clearing }, ['country']).kind).toBe(stake);
  });
});

describe('an attempt may come as far as', () => {
  it.each<[string, readonly Finding[], readonly Stake[], string]>([
    ['passage, where nothing is found', [], ['nothing', 'nothing'], 'passage'],
    ['passage, where nothing stops it', [finding('country', 'review')], ['reasons', 'reasons'], 'passage'],
    ['passage, where one of both may bring it there', [country, asks], ['challenge', 'passage'], 'passage'],
    ['a challenge, where one of both may', [country, asks], ['nothing', 'challenge'], 'challenge'],
    ['what is found, where neither may', [country], ['nothing', 'nothing'], 'settled'],
  ])('%s', (_, found, stakes, prospect) => {
    expect(prospectOf(found, OFFERED, stakes)).toBe(prospect);
  });
});

describe('a lease and items', () => {
  const early = [country, asks];
  const leased = liftByLease(early, { opensRoute: false });
  const hanging = (types: readonly ItemType[], clearing = OFFERED) => allowStake({ early, leased, clearing }, types);

  it('are enough together where neither is alone', () => {
    expect(hanging(['customer_id'])).toEqual({ kind: 'passage', enough: [], enoughIfLeased: [['payer']] });
  });

  it('are asked about by the fewest that will do', () => {
    expect(hanging(['ip', 'country', 'customer_id'])).toEqual({
      kind: 'passage',
      enough: [['address'], ['country', 'payer']],
      enoughIfLeased: [['address'], ['payer']],
    });
  });

  it('say nothing of each other where the lease alone is enough', () => {
    expect(hanging(['country'], PASSED)).toEqual({ kind: 'passage', enough: [['country']] });
    expect(hanging(['customer_id'], PASSED)).toEqual({ kind: 'nothing' });
  });

  it('are not enough together where none is asked for', () => {
    expect(allowStake({ early, clearing: OFFERED }, ['customer_id'])).toEqual({ kind: 'nothing' });
  });
});
