/**
 * Velocity rules as they are written: a valid one, changed in one place, has exactly that fault; and what they become.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import type { MerchantConfig } from '../../src/config/merchant-schema.ts';
import { prepareExpressions } from '../../src/config/rule-schema.ts';
import { everyRule, rulesInForce } from '../../src/config/velocity-policy.ts';
import { RECOMMENDED_RULES } from '../../src/velocity/recommended-rules.ts';
import { NARROW, TYPED } from '../../src/velocity/rule.ts';
import { deployment } from './deployment.ts';

const valid = { name: 'r', by: ['ip'], limit: 3, window_seconds: 60 };
let here: Environment;
beforeAll(async () => {
  here = await deployment();
  await prepareExpressions({ rules: [{ when: '' }] });
});

const written = (velocity: unknown, change: object = {}) =>
  validateMerchant({ id: 'm', velocity, ...change }, 'm', here);
function faults(...rules: readonly object[]): readonly string[] {
  const checked = written(rules.map((change) => ({ ...valid, ...change })));
  return checked.ok ? [] : checked.faults.map(({ path }) => path);
}
function config(velocity: unknown, change: object = {}): MerchantConfig {
  const checked = written(velocity, change);
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  return checked.value;
}

it('takes the contract’s example', () => {
  const example = {
    name: 'cards_per_ip',
    by: ['ip'],
    count: 'distinct_cards',
    of: 'failures',
    limit: 4,
    window_seconds: 86400,
    window: 'idle',
    block_seconds: 86400,
    audience: 'guests',
    when: 'attempt.amount > 50000',
    then: 'block',
    in_flight: 'reserve',
    mode: 'enforce',
  };
  const [rule] = rulesInForce(config([example]));
  expect(rule).toMatchObject({
    by: ['ip'],
    count: 'distinct_cards',
    limit: 4,
    blockSeconds: 86_400,
    audience: 'guests',
  });
});

it.each<[string, object]>([
  ['/name', { name: '' }],
  ['/name', { name: 'a/b' }],
  ['/name', { name: '"' }],
  ['/name', { name: 'x'.repeat(65) }],
  ['/name', { name: 'card_ip' }],
  ['/name', { name: 'step_up_card' }],
  ['/by', { by: [] }],
  ['/by', { by: ['cvc'] }],
  ['/by', { by: 'everybody' }],
  ['/by', { by: ['ip', 'ip'] }],
  ['/by', { by: ['ip', 'card', 'asn', 'country', 'merchant'] }],
  ['/count', { count: 'distinct_things' }],
  ['/count', { count: 'distinct_ips' }],
  ['/of', { of: 'attempts' }],
  ['/of', { of: 'successes' }],
  ['/decline_reasons', { decline_reasons: [] }],
  ['/decline_reasons/0', { decline_reasons: ['cvc'] }],
  ['/decline_reasons', { count: 'attempts', decline_reasons: ['expired'] }],
  ['/limit', { limit: 0 }],
  ['/limit', { limit: 1.5 }],
  ['/limit', { limit: 10_001 }],
  ['/limit', { count: 'distinct_cards', limit: 257 }],
  ['/window_seconds', { window_seconds: 0 }],
  ['/window_seconds', { window_seconds: 90 * 86_400 + 1 }],
  ['/window', { window: 'tumbling' }],
  ['/block_seconds', { block_seconds: 0 }],
  ['/block_seconds', { block_seconds: 604_801 }],
  ['/audience', { audience: 'strangers' }],
  ['/then', { then: 'allow' }],
  ['/strength', { strength: 2 }],
  ['/strength', { then: 'challenge', strength: 6 }],
  ['/in_flight', { in_flight: 'queue' }],
  ['/in_flight', { by: ['asn'], in_flight: 'reserve' }],
  ['/when', { when: 'attempt.amount >' }],
  ['/when', { when: 'attempt.cvc == 1' }],
  ['/when', { when: 'counts.r > 1' }],
  ['/mode', { mode: 'on' }],
  ['/threshold', { threshold: 1 }],
])('%s is the only fault of %o', (path, change) => {
  expect(faults(change)).toEqual([`/velocity/0${path}`]);
});

it.each([null, 'ip', 7])('names the entry that is %o and no rule', (entry) => {
  const checked = written([valid, entry]);
  expect(checked.ok || checked.faults.map(({ path }) => path)).toEqual(['/velocity/1']);
});

it('names every fault of every rule', () => {
  expect(faults({ limit: 0, then: 'x' }, {}, { name: 'r2', by: ['email'], strength: 9 }).toSorted()).toEqual([
    '/velocity/0/limit',
    '/velocity/0/then',
    '/velocity/2/strength',
  ]);
  expect(faults({}, {})).toEqual(['/velocity/1/name']);
});

describe('what one can write for somebody else', () => {
  it.each(TYPED)('blocks nobody by %s', (dimension) => {
    expect(faults({ by: [dimension] })).toEqual(['/velocity/0/then']);
    expect(faults({ by: [dimension, 'country'], then: 'block' })).toEqual(['/velocity/0/then']);
    for (const then of ['challenge', 'review']) expect(faults({ by: [dimension], then })).toEqual([]);
  });

  it.each(NARROW)('blocks together with %s, which is the payer’s own', (dimension) => {
    expect(faults({ by: ['email', dimension] })).toEqual([]);
  });
});

it('a narrow key is reserved under, a wide one is not', () => {
  const rules = rulesInForce(
    config([
      { ...valid, name: 'a', by: 'ip' },
      { ...valid, name: 'b', by: ['asn', 'card'] },
      { ...valid, name: 'c', by: ['asn'] },
      { ...valid, name: 'd', in_flight: 'ignore' },
    ]),
  );
  expect(rules.map(({ inFlight = 'reserve' }) => inFlight)).toEqual(['reserve', 'reserve', 'ignore', 'ignore']);
  expect(rules[1]?.by).toEqual(['card', 'asn']);
});

it('a rule that counts something else from now on begins anew', () => {
  const keyed = (change: object) => rulesInForce(config([{ ...valid, ...change }]))[0]?.keyedAs;
  const all = [
    keyed({}),
    keyed({ by: ['card'] }),
    keyed({ count: 'attempts' }),
    keyed({ count: 'distinct_cards' }),
    keyed({ count: 'distinct_cards', of: 'attempts' }),
    keyed({ window: 'sliding' }),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(keyed({ limit: 9, window_seconds: 7, mode: 'shadow', then: 'review' })).toBe(keyed({}));
});

it('one that is off counts nothing, and its counters are known all the same', () => {
  const off = config([{ ...valid, mode: 'off' }]);
  expect(rulesInForce(off)).toEqual([]);
  expect(everyRule(off).map(({ name }) => name)).toContain('r');
});

describe('the recommended set', () => {
  it('is what it says, behind the classic rules', () => {
    const rules = rulesInForce(
      config('recommended', { card_testing_guard_config: { card_ip_blocking_status: 'enabled' } }),
    );
    expect(rules.map(({ name }) => name)).toEqual(['card_ip', ...RECOMMENDED_RULES.map(({ name }) => name)]);
  });

  it('may be written out and means the same', () => {
    const told = (velocity: unknown) => JSON.stringify(rulesInForce(config(velocity)));
    expect(told(RECOMMENDED_RULES)).toBe(told('recommended'));
  });
});
