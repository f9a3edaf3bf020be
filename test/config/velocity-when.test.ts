/**
 * The `when` of a velocity rule: what it may ask, and which attempts it looks at.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/attempt/attempt.ts';
import { prepareExpressions } from '../../src/config/rule-schema.ts';
import type { VelocityConfig } from '../../src/config/velocity-schema.ts';
import { checkVelocityWhen, compileCondition, factsInWhen } from '../../src/config/velocity-when.ts';

const guest: Attempt = {
  kind: 'payment',
  whence: { ip: { text: '203.0.113.9', counted: '203.0.113.9' }, country: 'NL', asn: 1136 },
  payer: { kind: 'guest' },
  card: { fingerprint: 'fp_1', formerFingerprints: [], bin: '424242' },
  session: null,
  email: { digest: 'em_1', domain: 'example.com' },
  amountMinor: 60_000,
  currency: 'EUR',
};

const velocity = (when: string) => [{ when }] as unknown as VelocityConfig;

beforeAll(() => prepareExpressions({ velocity: [{ when: 'true' }] }));

describe('holds by what the attempt itself says', () => {
  it.each([
    'attempt.amount > 50000 && attempt.currency == "EUR" && attempt.kind == "payment"',
    'ip.country == "NL" && ip.asn == 1136 && ip.prefix == "203.0.113.0/24" && !ip.is_ipv6',
    'card.present && card.bin == "424242" && card.scheme == "visa"',
    '!customer.verified && email.domain == "example.com"',
  ])('%s', (when) => {
    expect(checkVelocityWhen(velocity(when))).toEqual([]);
    expect(compileCondition(when)(guest)).toBe(true);
  });

  it('does not hold for what is not known', () => {
    const unknown = { ...guest, amountMinor: null };
    expect(compileCondition('attempt.amount > 50000')(unknown)).toBe(false);
    expect(compileCondition('attempt.amount <= 50000')(unknown)).toBe(false);
    expect(compileCondition('1 / (attempt.amount - 60000) > 0')(guest)).toBe(false);
  });
});

describe('is refused', () => {
  it.each([
    ['risk.score > 40', 'risk.score is for rules, and not for what is counted'],
    ['card.country == "NL"', 'card.country is for rules, and not for what is counted'],
    ['attempt.hour > 4', 'attempt.hour is for rules, and not for what is counted'],
    ['session.present', 'session.present is for rules, and not for what is counted'],
    ['counts.card_ip > 1', 'counts are for rules, and not for what is counted'],
    ['attempt.amount >', 'at character 17: this is no CEL'],
  ])('%s', (when, message) => {
    expect(checkVelocityWhen(velocity(when))).toEqual([{ path: '/velocity/0/when', message }]);
  });
});

it('tells which facts are asked for, so that they are made out', () => {
  expect([...factsInWhen(velocity('email.domain == "x" || attempt.amount > 1'))]).toEqual([
    'email.domain',
    'attempt.amount',
  ]);
});
