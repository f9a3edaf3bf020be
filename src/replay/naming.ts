/**
 * From what a line says to what the guard knows. Numbers become keyed fingerprints, as live; all else is taken by its
 * own name, for a replay keeps nothing and shows nobody's: to hash a million of them would be most of its time.
 */
import type { ApiAttempt, ApiCard } from '../api/schemas.ts';
import type { Attempt, Card, Payer, Whence } from '../attempt/attempt.ts';
import { type FingerprintKeys, fingerprintCard } from '../attempt/card-fingerprint.ts';
import { parseCardNumber } from '../attempt/card-number.ts';
import { parseIp } from '../attempt/ip-address.ts';
import { isCardName } from '../gate/card-names.ts';
import { CardAliases } from './card-aliases.ts';

const BIN_DIGITS = 6;

export class Naming {
  readonly #keys: FingerprintKeys;
  readonly #aliases = new CardAliases();

  constructor(keys: FingerprintKeys) {
    this.#keys = keys;
  }

  /** A promise only where a number is to be hashed. */
  attemptOf(said: ApiAttempt): Attempt | Promise<Attempt> {
    const { card } = said;
    if (card === undefined) return attemptWith(said, null);
    if (card.number === undefined) return attemptWith(said, this.#cardOf(card, null));
    const hashed = fingerprintCard(parseCardNumber(card.number) ?? '', this.#keys);
    return hashed.then((numbered) => attemptWith(said, this.#cardOf(card, numbered)));
  }

  #cardOf({ fingerprint, token, bin }: ApiCard, numbered: Card | null): Card | null {
    const [name, ...others] = [
      ...(numbered === null ? [] : [numbered.fingerprint]),
      ...(fingerprint === undefined ? [] : [isCardName(fingerprint) ? fingerprint : nameOf('pf', fingerprint)]),
      ...(token === undefined ? [] : [nameOf('tk', token)]),
    ];
    if (name === undefined) return null;
    const [current = name, ...also] = this.#aliases.namesOf(name, others);
    const formerFingerprints = [...also, ...(numbered?.formerFingerprints ?? [])];
    return { fingerprint: current, formerFingerprints, bin: numbered?.bin ?? bin?.slice(0, BIN_DIGITS) ?? null };
  }
}

function attemptWith(said: ApiAttempt, card: Card | null): Attempt {
  const { kind, customer_id: id, session_id: visit } = said;
  const payer: Payer = id === undefined ? { kind: 'guest' } : { kind: 'customer', id };
  const whence = kind === 'renewal' ? null : whenceOf(said);
  const session = visit === undefined ? null : nameOf('se', visit);
  return { kind, whence, payer, card, session, amountMinor: said.amount ?? null, currency: said.currency ?? null };
}

/** Names stand in keys, which are JSON: what JSON escapes is escaped here, once. */
function nameOf(kind: 'pf' | 'tk' | 'se', value: string): string {
  return /["\\]|[^ -~]/.test(value) ? `${kind}_${JSON.stringify(value).slice(1, -1)}` : `${kind}_${value}`;
}

function whenceOf({ ip, country, asn }: ApiAttempt): Whence | null {
  const address = ip === undefined ? null : parseIp(ip);
  if (address === null) return null;
  return { ip: address, country: country === 'XX' ? null : (country ?? null), asn: asn || null };
}
