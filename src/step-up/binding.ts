/**
 * What a pass is good for: one attempt, by everything that makes it this one. A keyed digest: it says nothing by itself.
 */
import type { Attempt, Card } from '../attempt/attempt.ts';
import { digest } from '../attempt/card-fingerprint.ts';

const PURPOSE = 'step-up';
const CUSTOMER_PURPOSE = 'step-up customer';

/** `others`: further names of cards in the request, one of which the shop may take. The address may change, its network not. */
export function boundOf(attempt: Attempt, others: readonly Card[], digestKey: CryptoKey): Promise<string> {
  const { kind, payer, card, amountMinor, currency, whence } = attempt;
  const cards = [card, ...others].map((one) => one?.fingerprint ?? null);
  const who = payer.kind === 'customer' ? payer.id : null;
  const whole = [kind, cards, who, amountMinor, currency, whence?.country ?? null, whence?.asn ?? null];
  return digest(JSON.stringify(whole), PURPOSE, digestKey);
}

/** By which a method knows a verified customer; null for a guest. */
export async function customerOf({ payer }: Pick<Attempt, 'payer'>, digestKey: CryptoKey): Promise<string | null> {
  return payer.kind === 'customer' ? digestOfCustomer(payer.id, digestKey) : null;
}

export function digestOfCustomer(id: string, digestKey: CryptoKey): Promise<string> {
  return digest(id, CUSTOMER_PURPOSE, digestKey);
}
