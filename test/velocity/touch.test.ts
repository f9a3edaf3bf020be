/**
 * Who touches which counters, and whether the counter may refuse him or only learns from him.
 */
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/attempt/attempt.ts';
import { parseIp } from '../../src/attempt/ip-address.ts';
import type { VelocityRule } from '../../src/velocity/rule.ts';
import { touchesOf } from '../../src/velocity/touch.ts';

const base = { limit: 3, windowSeconds: 60, mode: 'enforce' } as const;
const RULES: readonly VelocityRule[] = [
  { ...base, name: 'card_ip', by: ['card', 'ip'], audience: 'all' },
  { ...base, name: 'guest_card', by: ['card'], audience: 'guests_refused' },
  { ...base, name: 'customer', by: ['customer'], audience: 'all' },
  { ...base, name: 'guest_ip', by: ['ip'], audience: 'guests' },
];

function whenceOf(ip: string): NonNullable<Attempt['whence']> {
  const parsed = parseIp(ip);
  if (parsed === null) throw new Error(`no address: ${ip}`);
  return { ip: parsed, country: 'NL', asn: 1136 };
}

const card = { fingerprint: 'fp_now', formerFingerprints: [], bin: '424242' };
const guest: Attempt = {
  kind: 'payment',
  whence: whenceOf('203.0.113.9'),
  payer: { kind: 'guest' },
  card,
  session: null,
  amountMinor: null,
  currency: null,
};
const customer: Attempt = { ...guest, payer: { kind: 'customer', id: 'cus_1' } };

const touches = (attempt: Attempt, rules = RULES) => touchesOf(attempt, rules, 600);
const parts = (attempt: Attempt) => touches(attempt).map(({ rule, part }) => `${rule}:${part}`);
const keysOf = (attempt: Attempt) => touches(attempt).map(({ key }) => key);

describe('touches, in the order of the rules', () => {
  it.each([
    ['a guest', guest, ['card_ip:check', 'guest_card:check', 'guest_ip:check']],
    ['a verified customer', customer, ['card_ip:check', 'guest_card:count_only', 'customer:check']],
    ['a guest without a card', { ...guest, card: null }, ['guest_ip:check']],
    ['a customer without a card', { ...customer, card: null }, ['customer:check']],
  ] as const)('%s', (_, attempt, expected) => {
    expect(parts(attempt)).toEqual(expected);
  });

  it('nothing without rules', () => {
    expect(touches(guest, [])).toEqual([]);
  });

  it.each(['setup', 'renewal', 'payment'] as const)('alike for a %s', (kind) => {
    expect(touches({ ...guest, kind })).toEqual(touches(guest));
  });
});

describe('a touch', () => {
  it('carries all that the gate needs, now and later', () => {
    const [touch] = touches(guest, [{ ...base, name: 'r', by: ['ip'], audience: 'all', mode: 'shadow' }]);
    expect(touch).toEqual({
      rule: 'r',
      key: '["r","203.0.113.9"]',
      formerKeys: [],
      limit: 3,
      windowSeconds: 60,
      maxBlockSeconds: 600,
      part: 'check',
      mode: 'shadow',
    });
  });

  it('holds the fingerprint and never more of a card', () => {
    expect(JSON.stringify(touches(guest))).not.toContain('424242');
  });
});

describe('counts together', () => {
  it.each([
    ['the same attempt again', guest, { ...guest }],
    ['another country and network', guest, { ...guest, whence: { ...whenceOf('203.0.113.9'), country: null, asn: 1 } }],
    ['a mapped address', guest, { ...guest, whence: whenceOf('::ffff:203.0.113.9') }],
    ['one /64', { ...guest, whence: whenceOf('2001:db8::1') }, { ...guest, whence: whenceOf('2001:DB8::ffff') }],
  ] as const)('%s', (_, one, other) => {
    expect(keysOf(other)).toEqual(keysOf(one));
  });
});

describe('counts apart', () => {
  it.each([
    ['two cards', { ...guest, card: { ...card, fingerprint: 'fp_other' } }, ['guest_ip']],
    ['two addresses', { ...guest, whence: whenceOf('203.0.113.10') }, ['guest_card']],
  ] as const)('%s, but for what they share', (_, other, shared) => {
    const known = new Set(keysOf(guest));
    const same = touches(other).filter(({ key }) => known.has(key));
    expect(same.map(({ rule }) => rule)).toEqual(shared);
  });

  it('two customers', () => {
    const other: Attempt = { ...customer, payer: { kind: 'customer', id: 'cus_2' } };
    expect(keysOf(other)[2]).not.toBe(keysOf(customer)[2]);
  });

  it('two rules over the same identity', () => {
    const twins = ['a', 'b'].map((name) => ({ ...base, name, by: ['ip'], audience: 'all' }) as VelocityRule);
    const [one, other] = touches(guest, twins);
    expect(one?.key).not.toBe(other?.key);
  });

  it.each([
    ['a"', ',"b'],
    ['a","b', 'c'],
    ['203.0.113.9', 'cus'],
  ])('identities that would join to the same text: %s and %s', (id, fingerprint) => {
    const both: VelocityRule = { ...base, name: 'r', by: ['customer', 'card'], audience: 'all' };
    const attempt = (id: string, fingerprint: string): Attempt => ({
      ...customer,
      payer: { kind: 'customer', id },
      card: { ...card, fingerprint },
    });
    const [one] = touches(attempt(id, fingerprint), [both]);
    const [other] = touches(attempt(id + fingerprint, ''), [both]);
    expect(one?.key).not.toBe(other?.key);
  });
});

describe('a rule by session', () => {
  const visitor: Attempt = { ...guest, session: 'se_one' };
  const bySession: VelocityRule = { ...base, name: 'visit', by: ['session'], audience: 'all' };
  const keys = (attempt: Attempt, rule = bySession) => touches(attempt, [rule]).map(({ key }) => key);

  it('touches one counter a visit, whoever comes with it and wherever from', () => {
    expect(keys(visitor)).toEqual(['["visit","se_one"]']);
    const others = [
      { ...visitor, card: null },
      { ...visitor, whence: whenceOf('192.0.2.1') },
      { ...visitor, payer: customer.payer },
    ];
    for (const other of others) expect(keys(other)).toEqual(keys(visitor));
    expect(keys({ ...visitor, session: 'se_other' })).not.toEqual(keys(visitor));
  });

  it('touches nothing where no visit is proven', () => {
    expect(keys(guest)).toEqual([]);
    expect(keys(guest, { ...bySession, by: ['ip', 'session'] })).toEqual([]);
  });

  it('combines with others, under each fingerprint of a card', () => {
    const rule: VelocityRule = { ...bySession, by: ['session', 'card'] };
    const rotated = { ...visitor, card: { ...card, formerFingerprints: ['fp_then'] } };
    expect(touches(rotated, [rule])).toMatchObject([
      { key: '["visit","se_one","fp_now"]', formerKeys: ['["visit","se_one","fp_then"]'] },
    ]);
  });

  it('is the only kind that a session changes: the classic rules do not look at it', () => {
    expect(touches(visitor)).toEqual(touches(guest));
  });
});

describe('during a rotation', () => {
  const rotated: Attempt = { ...guest, card: { ...card, fingerprint: 'fp_new', formerFingerprints: ['fp_now'] } };

  it('reads the counter under the earlier fingerprint beside the new one', () => {
    const before = touches(guest).filter(({ rule }) => rule !== 'guest_ip');
    const now = touches(rotated).filter(({ rule }) => rule !== 'guest_ip');
    expect(now.map(({ formerKeys }) => formerKeys)).toEqual(before.map(({ key }) => [key]));
    expect(now.map(({ key }) => key)).not.toEqual(before.map(({ key }) => key));
  });

  it('has no earlier key where no card is part of it', () => {
    expect(touches(rotated).find(({ rule }) => rule === 'guest_ip')?.formerKeys).toEqual([]);
  });
});
