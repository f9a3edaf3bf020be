/**
 * From what a caller of the API says to what the guard knows: cards become keyed fingerprints, addresses canonical.
 */
import type { Attempt, Card, Payer, Whence } from '../attempt/attempt.ts';
import { fingerprintCard, fingerprintReference } from '../attempt/card-fingerprint.ts';
import { parseCardNumber } from '../attempt/card-number.ts';
import { parseIp } from '../attempt/ip-address.ts';
import { sessionIdentity } from '../attempt/session-cookie.ts';
import type { Policy } from '../config/policy.ts';
import type { ApiAttempt, ApiCard } from './schemas.ts';

/** Cordon's own fingerprint, as it stands in a list of blocks. */
const OWN_FINGERPRINT = /^(?:fp|pf|tk)_[A-Za-z0-9_-]{43}$/;

/** The caller is authenticated, so it vouches for all of it: a customer id makes a verified customer. */
export async function attemptOf(said: ApiAttempt, policy: Policy): Promise<Attempt> {
  const { kind, customer_id: id, card, session_id: visit } = said;
  const payer: Payer = id === undefined ? { kind: 'guest' } : { kind: 'customer', id };
  const whence = kind === 'renewal' ? null : whenceOf(said);
  // The shop's own session may be worth stealing: only its digest is kept.
  const session = visit === undefined ? null : await sessionIdentity(visit, policy.digestKey);
  return { kind, whence, payer, card: card === undefined ? null : await cardOf(card, policy), session };
}

export async function cardOf(card: ApiCard, { fingerprintKeys: keys }: Policy): Promise<Card> {
  if ('number' in card) return fingerprintCard(parseCardNumber(card.number) ?? '', keys);
  if ('token' in card) return fingerprintReference('tk', { value: card.token, bin: null }, keys);
  if (OWN_FINGERPRINT.test(card.fingerprint))
    return { fingerprint: card.fingerprint, formerFingerprints: [], bin: null };
  return fingerprintReference('pf', { value: card.fingerprint, bin: card.bin ?? null }, keys);
}

function whenceOf({ ip, country, asn }: ApiAttempt): Whence | null {
  const address = ip === undefined ? null : parseIp(ip);
  return address === null
    ? null
    : { ip: address, country: country === 'XX' ? null : (country ?? null), asn: asn || null };
}
