/**
 * Hyperswitch's configuration, taken as it is, as velocity rules in its order of checking.
 */
import { describe, expect, it } from 'vitest';
import { type CardTestingGuardConfig, classicRules } from '../../src/velocity/classic-rules.ts';

const DISABLED: CardTestingGuardConfig = {
  card_ip_blocking_status: 'disabled',
  card_ip_blocking_threshold: 3,
  guest_user_card_blocking_status: 'disabled',
  guest_user_card_blocking_threshold: 10,
  customer_id_blocking_status: 'disabled',
  customer_id_blocking_threshold: 5,
  guest_ip_blocking_status: 'disabled',
  guest_ip_blocking_threshold: 11,
  card_testing_guard_expiry: 3600,
};

const EACH = [
  { prefix: 'card_ip', name: 'card_ip', by: ['card', 'ip'], audience: 'all', limit: 3 },
  { prefix: 'guest_user_card', name: 'guest_card', by: ['card'], audience: 'guests_refused', limit: 10 },
  { prefix: 'customer_id', name: 'customer', by: ['customer'], audience: 'all', limit: 5 },
  { prefix: 'guest_ip', name: 'guest_ip', by: ['ip'], audience: 'guests', limit: 11 },
] as const;

it('is empty with every rule disabled', () => {
  expect(classicRules(DISABLED)).toEqual([]);
});

describe.each(EACH)('$prefix', ({ prefix, name, by, audience, limit }) => {
  it.each([
    ['enabled', 'enforce'],
    ['shadow', 'shadow'],
  ] as const)('is the only rule when it alone is %s', (status, mode) => {
    const rules = classicRules({ ...DISABLED, [`${prefix}_blocking_status`]: status });
    expect(rules).toEqual([{ name, by, audience, mode, limit, windowSeconds: 3600 }]);
  });

  it('takes its own threshold and the common expiry', () => {
    const [rule] = classicRules({
      ...DISABLED,
      [`${prefix}_blocking_status`]: 'enabled',
      [`${prefix}_blocking_threshold`]: 77,
      card_testing_guard_expiry: 60,
    });
    expect(rule).toMatchObject({ limit: 77, windowSeconds: 60 });
  });

  it('alone is missing when it alone is disabled', () => {
    const all = Object.fromEntries(EACH.map((it) => [`${it.prefix}_blocking_status`, 'enabled']));
    const rules = classicRules({ ...DISABLED, ...all, [`${prefix}_blocking_status`]: 'disabled' });
    expect(rules.map((rule) => rule.name)).toEqual(EACH.map((it) => it.name).filter((other) => other !== name));
  });
});

it('keeps Hyperswitch’s order of checking, in whatever order the configuration is written', () => {
  const all = Object.fromEntries(EACH.toReversed().map((it) => [`${it.prefix}_blocking_status`, 'enabled'] as const));
  const rules = classicRules({ ...all, ...DISABLED, ...all });
  expect(rules.map(({ name }) => name)).toEqual(['card_ip', 'guest_card', 'customer', 'guest_ip']);
});
