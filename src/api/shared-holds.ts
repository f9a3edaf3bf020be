/**
 * Counters that a payer shares with others, as far as what is said of him tells: by his card's bank, by the domain of his
 * mailbox, by everybody. To lift one for his sake would open it to whoever shut it.
 */
import { emailIdentity } from '../attempt/email-identity.ts';
import type { Policy } from '../config/policy.ts';
import type { Dimension, VelocityRule } from '../velocity/rule.ts';
import { touchesOf } from '../velocity/touch.ts';
import { cardsOf } from './identities.ts';
import type { UnblockRequest } from './schemas.ts';

const SHARED: readonly Dimension[] = ['bin', 'email_domain', 'merchant'];

/** Their keys. */
export async function sharedKeys(
  { card, email: written }: Pick<UnblockRequest, 'card' | 'email'>,
  policy: Policy,
): Promise<readonly string[]> {
  const { velocity, maxBlockSeconds, digestKey } = policy;
  const rules = velocity.filter(({ by }) => by.every((it) => SHARED.includes(it))).map(lookingAtAll);
  if (rules.length === 0) return [];
  const cards = card === undefined ? [] : await cardsOf(card, policy);
  const known = cards.find(({ bin }) => bin !== null) ?? cards[0] ?? null;
  const email = written === undefined ? null : await emailIdentity(written, digestKey);
  const nobody = { kind: 'payment', payer: { kind: 'guest' }, whence: null, session: null, amountMinor: null } as const;
  const attempt = { ...nobody, card: known, currency: null, ...(email === null ? {} : { email }) };
  return [...new Set(touchesOf(attempt, rules, maxBlockSeconds).map(({ key }) => key))];
}

/** Whom a rule looks at does not matter to what it has shut; nor what of a payment it counts. */
function lookingAtAll({ when: _, count: __, ...rule }: VelocityRule): VelocityRule {
  return { ...rule, audience: 'all' };
}
