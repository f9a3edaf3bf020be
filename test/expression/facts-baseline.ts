/**
 * The facts of an ordinary payment, to be changed by one.
 */
import type { Facts } from '../../src/expression/facts.ts';

export const ORDINARY: Facts = {
  attempt: {
    kind: 'payment',
    route: 'pay',
    amount: 1999,
    currency: 'EUR',
    billing_country: 'NL',
    hour: 14,
    weekday: 3,
  },
  ip: { address: '203.0.113.9', prefix: '203.0.113.0/24', country: 'NL', asn: 1136, is_ipv6: false },
  card: { present: true, bin: '424242', country: 'NL', scheme: 'visa', fingerprint: 'fp_1' },
  customer: { verified: true, id: 'cus_1' },
  email: { domain: 'example.com' },
  session: { present: true, age_seconds: 90 },
  risk: { score: 10, level: 'normal', signals: ['feed:tor', 'hosting'] },
  counts: new Map([['card_ip', 2]]),
};

export const NOTHING_KNOWN: Facts = {
  attempt: {
    kind: null,
    route: null,
    amount: null,
    currency: null,
    billing_country: null,
    hour: null,
    weekday: null,
  },
  ip: { address: null, prefix: null, country: null, asn: null, is_ipv6: null },
  card: { present: null, bin: null, country: null, scheme: null, fingerprint: null },
  customer: { verified: null, id: null },
  email: { domain: null },
  session: { present: null, age_seconds: null },
  risk: { score: null, level: null, signals: null },
  counts: new Map(),
};

type Groups = Omit<Facts, 'counts'>;

/** The facts of an ordinary payment but for those that are said. */
export function facts(change: { readonly [Group in keyof Groups]?: Partial<Groups[Group]> } = {}): Facts {
  const changed = Object.entries(change).map(([group, fields]) => {
    return [group, { ...ORDINARY[group as keyof Groups], ...fields }];
  });
  return { ...ORDINARY, ...Object.fromEntries(changed) };
}
