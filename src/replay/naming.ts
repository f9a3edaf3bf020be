/**
 * From what a line says to what the guard knows. Numbers become keyed fingerprints, as live, and Cordon's own names of
 * cards stay what they are; all else has a name of the same form, made faster.
 */
import type { ApiAttempt, ApiCard } from '../api/schemas.ts';
import type { Attempt, Card, Payer, Whence } from '../attempt/attempt.ts';
import { type FingerprintKeys, fingerprintCard } from '../attempt/card-fingerprint.ts';
import { parseCardNumber } from '../attempt/card-number.ts';
import { currencyOf } from '../attempt/currency.ts';
import { readEmail } from '../attempt/email-address.ts';
import { parseIp } from '../attempt/ip-address.ts';
import type { Policy } from '../config/policy.ts';
import { isCardName } from '../gate/card-names.ts';
import { CardAliases } from './card-aliases.ts';
import { cardName, shortName } from './short-name.ts';

const BIN_DIGITS = 6;
const ISSUER_DIGITS = 8;

export class Naming {
  readonly #keys: FingerprintKeys;
  readonly #identities: Asking['identities'];
  readonly #aliases = new CardAliases();

  constructor({ fingerprintKeys, identities }: Asking) {
    this.#keys = fingerprintKeys;
    this.#identities = identities;
  }

  /** A promise only where a number is to be hashed. */
  attemptOf(said: ApiAttempt): Attempt | Promise<Attempt> {
    const { card } = said;
    if (card === undefined) return this.#attemptWith(said, null);
    if (card.number === undefined) return this.#attemptWith(said, this.#cardOf(card, null));
    const hashed = fingerprintCard(parseCardNumber(card.number) ?? '', this.#keys);
    return hashed.then((numbered) => this.#attemptWith(said, this.#cardOf(card, numbered)));
  }

  #cardOf({ fingerprint, token, bin }: ApiCard, numbered: Card | null): Card | null {
    const [name, ...others] = [
      ...(numbered === null ? [] : [numbered.fingerprint]),
      ...(fingerprint === undefined ? [] : [isCardName(fingerprint) ? fingerprint : cardName('pf', fingerprint)]),
      ...(token === undefined ? [] : [cardName('tk', token)]),
    ];
    if (name === undefined) return null;
    const [current = name, ...also] = this.#aliases.namesOf(name, others);
    const formerFingerprints = [...also, ...(numbered?.formerFingerprints ?? [])];
    const known = { fingerprint: current, formerFingerprints, bin: numbered?.bin ?? bin?.slice(0, BIN_DIGITS) ?? null };
    const issuer = numbered?.issuer ?? (bin?.length === ISSUER_DIGITS ? bin : undefined);
    return issuer === undefined ? known : { ...known, issuer };
  }

  /** What is written of a payer is made out where a rule asks for it, as live. */
  #attemptWith(said: ApiAttempt, card: Card | null): Attempt {
    const plain = attemptWith(said, card);
    if (this.#identities === null) return plain;
    const { email, device } = this.#identities;
    const read = said.email === undefined || !email ? null : readEmail(said.email);
    const mailbox = read === null ? {} : { email: { digest: shortName('em', read.address), domain: read.domain } };
    const { device_id: id } = said;
    return { ...plain, ...mailbox, ...(id === undefined || !device ? {} : { device: shortName('de', id) }) };
  }
}

/** What of a policy names depend on. */
type Asking = Pick<Policy, 'fingerprintKeys' | 'identities'>;

function attemptWith(said: ApiAttempt, card: Card | null): Attempt {
  const { kind, customer_id: id, session_id: visit } = said;
  const payer: Payer = id === undefined ? { kind: 'guest' } : { kind: 'customer', id };
  const whence = kind === 'renewal' ? null : whenceOf(said);
  const session = visit === undefined ? null : shortName('se', visit);
  return { kind, whence, payer, card, session, amountMinor: said.amount ?? null, currency: currencyOf(said.currency) };
}

function whenceOf({ ip, country, asn }: ApiAttempt): Whence | null {
  const address = ip === undefined ? null : parseIp(ip);
  if (address === null) return null;
  return { ip: address, country: country === 'XX' ? null : (country ?? null), asn: asn || null };
}
