/**
 * From what a caller of the API says to what the guard knows: cards become keyed fingerprints, addresses canonical.
 */
import type { Attempt, Card, Payer, Whence } from '../attempt/attempt.ts';
import { fingerprintCard, fingerprintReference } from '../attempt/card-fingerprint.ts';
import { parseCardNumber } from '../attempt/card-number.ts';
import { currencyOf } from '../attempt/currency.ts';
import { parseIp } from '../attempt/ip-address.ts';
import { sessionIdentity } from '../attempt/session-cookie.ts';
import { writtenIdentities } from '../attempt/written-identities.ts';
import type { Policy } from '../config/policy.ts';
import { isCardName } from '../gate/card-names.ts';
import type { ApiAttempt, ApiCard } from './schemas.ts';

/** What the caller says, and by which other names its card is known. */
export interface Identified {
  readonly attempt: Attempt;
  /** The card by its further names. */
  readonly others: readonly Card[];
  readonly alsoKnownAs: readonly string[];
}

/** The caller is authenticated, so it vouches for all of it: a customer id makes a verified customer. */
export async function attemptOf(said: ApiAttempt, policy: Policy): Promise<Identified> {
  const { kind, customer_id: id, session_id: visit } = said;
  const payer: Payer = id === undefined ? { kind: 'guest' } : { kind: 'customer', id };
  const whence = kind === 'renewal' ? null : whenceOf(said);
  // The shop's own session may be worth stealing: only its digest is kept.
  const session = visit === undefined ? null : await sessionIdentity(visit, policy.digestKey);
  const [card = null, ...others] = said.card === undefined ? [] : await cardsOf(said.card, policy);
  const money = { amountMinor: said.amount ?? null, currency: currencyOf(said.currency) };
  const plain = { kind, whence, payer, card, session, ...money };
  const { identities: asked } = policy;
  const written = { email: said.email, deviceId: said.device_id };
  const attempt = asked === null ? plain : { ...plain, ...(await writtenIdentities(written, asked)) };
  return { attempt, others, alsoKnownAs: others.map(({ fingerprint }) => fingerprint) };
}

/** The card by each of its names, the surest one first. */
export async function cardsOf({ number, fingerprint, token, bin }: ApiCard, policy: Policy): Promise<readonly Card[]> {
  const { fingerprintKeys: keys } = policy;
  return Promise.all([
    ...(number === undefined ? [] : [fingerprintCard(parseCardNumber(number) ?? '', keys)]),
    ...(fingerprint === undefined ? [] : [cardOfFingerprint(fingerprint, bin ?? null, policy)]),
    ...(token === undefined ? [] : [fingerprintReference('tk', { value: token, bin: bin ?? null }, keys)]),
  ]);
}

/** A processor's fingerprint, or Cordon's own of whatever kind, as it stands in a list of blocks. */
export async function cardOfFingerprint(value: string, bin: string | null, policy: Policy): Promise<Card> {
  if (isCardName(value)) return { fingerprint: value, formerFingerprints: [], bin };
  return fingerprintReference('pf', { value, bin }, policy.fingerprintKeys);
}

function whenceOf({ ip, country, asn }: ApiAttempt): Whence | null {
  const address = ip === undefined ? null : parseIp(ip);
  return address === null
    ? null
    : { ip: address, country: country === 'XX' ? null : (country ?? null), asn: asn || null };
}
