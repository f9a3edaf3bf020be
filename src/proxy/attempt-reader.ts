/**
 * A request on a protected route becomes attempts, or is unreadable. What names a card becomes a keyed reference
 * before anything else sees it.
 */
import type { Attempt, Card } from '../attempt/attempt.ts';
import { type AttemptReading, type CardMention, readAttempt } from '../attempt/attempt-reading.ts';
import { parseBody, readDeclaration, wholeBytes } from '../attempt/body.ts';
import { checkUrl } from '../attempt/card-field.ts';
import { type FingerprintKeys, fingerprintCard, fingerprintReference } from '../attempt/card-fingerprint.ts';
import { issuerDigitsOf } from '../attempt/card-number.ts';
import type { Fields } from '../attempt/fields.ts';
import { NO_VARIABLES, variablesIn } from '../attempt/path-pattern.ts';
import { type Read, readable } from '../attempt/unreadable.ts';
import { writtenIdentities } from '../attempt/written-identities.ts';
import type { Policy, Route } from '../config/policy.ts';
import type { Seal } from '../gate/nonce-messages.ts';
import { NO_PROVENANCE, type Provenance } from '../network/country-mismatch.ts';
import type { Tables } from '../network/tables.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { Told } from './answer-outcomes.ts';
import { readGraphqlAttempts } from './graphql-reader.ts';
import { readSealedAttempts } from './sealed-reader.ts';
import type { Trial } from './trial.ts';
import type { Sent } from './visit.ts';

/**
 * What one request tries, with its card known by a reference only. Other names that it has for the card are a client's
 * word, which joins nothing: a tester could pass a victim's card off as another.
 */
export interface Tried {
  /** `attachment`: no attempt yet, a card is put where a later request will find it. */
  readonly kind: AttemptReading['kind'];
  readonly attempt: Attempt;
  readonly told: Told;
  /** The payment that it says it goes on with. */
  readonly continues?: string;
  /** What the request has for further names of the card: which of them the shop takes, nobody here knows. */
  readonly others: readonly Card[];
  /** Whether a stranger can name the card as well as its owner: by itself it blocks nobody. */
  readonly isTyped: boolean;
  /** Where card and payer say they belong; nothing, where nobody asks. */
  readonly provenance: Provenance;
  /** The id of what came sealed; absent where it came as it is. */
  readonly seal?: Seal;
}

const COUNTABLE = /^\d{1,12}$/;

type Readings = Read<readonly Trial[]>;

/**
 * Everything that the request tries, at once or, of GraphQL and what is sealed, later. None: it is no attempt, and carries
 * no card. `now` in ms since the epoch.
 */
export function readAttempts(sent: Sent, route: Route, now: number): Readings | Promise<Readings> {
  const { graphql, kind, outcome, reading, formats, sealed } = route;
  const query = checkUrl(sent.visit.url, reading);
  if (!query.ok) return query;
  if (graphql !== null) return readGraphqlAttempts(sent, { formats, ...graphql });
  if (sealed !== null) return readSealedAttempts(sent, route, { sealed, now });
  const read = readWhole(sent, route);
  const told = { by: 'answer', rules: outcome } as const;
  return read.ok ? readable(read.value.map((one) => ({ kind, reading: one, told }))) : read;
}

function readWhole(sent: Sent, route: Route): Read<readonly AttemptReading[]> {
  const { reading, path } = route;
  const fields = readFields(sent, route);
  if (!fields.ok) return fields;
  const variables = path === null ? NO_VARIABLES : variablesIn(sent.visit.rawPath, path);
  return readAttempt(fields.value, reading, variables);
}

function readFields({ visit, held }: Sent, { formats, reading }: Route): Read<Fields> {
  const bytes = wholeBytes(held);
  // A confirmation may say everything in its path. Where a card must be, nothing is not enough.
  if (bytes.ok && bytes.value.byteLength === 0 && !reading.isCardRequired) return readable(new Map());
  const format = readDeclaration(visit.headers, formats, held);
  if (!format.ok) return format;
  return bytes.ok ? parseBody(bytes.value, format.value) : bytes;
}

/** By what it is told where card and payer belong. */
export interface Origins {
  readonly tables: Tables;
  readonly timeZone: string | null;
}

interface Circumstances extends Pick<Attempt, 'whence' | 'payer' | 'session'> {
  readonly keys: FingerprintKeys;
  /** What else of a payer rules ask for; absent: nothing. */
  readonly identities?: Policy['identities'];
  /** Null where nobody asks where card and payer belong. */
  readonly origins: Origins | null;
}

export async function identify(
  { kind, reading, told, seal }: Trial,
  { whence, payer, session, keys, origins, identities = null }: Circumstances,
): Promise<Tried> {
  const isTyped = (name: CardMention) => payer.kind === 'guest' && isCountable(name);
  const { card: mention } = reading;
  const card = mention === null ? null : await referenceTo(mention, keys);
  // A card that is sent takes the place of one that was attached before.
  const carried = reading.alsoKnownAs.filter((name) => name.kind !== 'attached' && !isTyped(name));
  const others = carried.length === 0 ? NO_CARDS : await Promise.all(carried.map((name) => referenceTo(name, keys)));
  const { amountMinor = null, currency = null } = saidIn(reading);
  const plain = { kind, whence, payer, card, session, amountMinor, currency };
  const attempt = identities === null ? plain : { ...plain, ...(await writtenIdentities(saidIn(reading), identities)) };
  const provenance = origins === null ? NO_PROVENANCE : provenanceOf(reading, others, origins);
  const guessed = mention !== null && isTyped(mention);
  const named = { kind: reading.kind, attempt, others, told, isTyped: guessed, provenance };
  const tried = seal === undefined ? named : { ...named, seal };
  const continues = 'continues' in reading ? reading.continues : undefined;
  return continues === undefined ? tried : { ...tried, continues };
}

/**
 * By the first digits of a number, which are looked up while it is in memory. Of any other card nothing is known, nor
 * of several: a number from home beside the token of another card proves nothing.
 */
function provenanceOf(reading: AttemptReading, others: readonly Card[], { tables, timeZone }: Origins): Provenance {
  const { card } = reading;
  const isSure = card?.kind === 'number' && others.length === 0;
  const cardCountry = isSure ? tables.issuerCountry(issuerDigitsOf(card.digits)) : null;
  const billingCountry = 'billingCountry' in reading ? (reading.billingCountry ?? null) : null;
  return { hasCard: card !== null, cardCountry, billingCountry, timeZone };
}

const NO_CARDS: readonly Card[] = [];
type Said = Partial<Extract<AttemptReading, { kind: 'attempt' }>>;
const NOTHING_SAID: Said = {};

function saidIn(reading: AttemptReading): Said {
  return reading.kind === 'attempt' ? reading : NOTHING_SAID;
}

/**
 * A saved card or an order by its number in the shop's own tables: anyone can count up to it, for whomever it belongs to.
 */
function isCountable(mention: CardMention): boolean {
  if (mention.kind === 'token') return COUNTABLE.test(mention.value);
  return mention.kind === 'attached' && COUNTABLE.test(mention.payment);
}

function referenceTo(mention: CardMention, keys: FingerprintKeys): Promise<Card> {
  const reference = (value: string) => ({ value, bin: null });
  switch (mention.kind) {
    case 'number':
      return fingerprintCard(mention.digits, keys);
    case 'fingerprint':
      return fingerprintReference('pf', reference(mention.value), keys);
    case 'token':
      return fingerprintReference('tk', reference(mention.value), keys);
    case 'attached':
      return fingerprintReference('at', reference(mention.payment), keys);
  }
}

/**
 * The names that the origin's answer gives to the card of a request: the processor's fingerprint, a token, and, where
 * a later request may mean the card so, the payment. None where the request named several cards, for the answer may be
 * about any; a payment's card, and a card that is only attached, is another only where the answer says that it was taken.
 */
export function namesInAnswer(
  { outcome, isTaken }: { readonly outcome: Outcome; readonly isTaken: boolean },
  { kind, others }: Pick<Tried, 'kind' | 'others'>,
  { attachments, fingerprintKeys }: Policy,
): NamesInAnswer {
  if (others.length > 0 || (kind === 'attachment' && !isTaken)) return [];
  const { cardFingerprint, cardToken, paymentId } = outcome;
  // So it is with most.
  if (cardFingerprint === null && cardToken === null && !attachments) return [];
  const named = [
    ['pf', cardFingerprint],
    ['tk', cardToken],
    ['at', attachments && isTaken ? paymentId : null],
  ] as const;
  const known = named.flatMap(([kind, value]) => (value === null ? [] : [{ kind, value }]));
  const cards = known.map(({ kind, value }) => fingerprintReference(kind, { value, bin: null }, fingerprintKeys));
  return Promise.all(cards).then((all) => all.map(({ fingerprint }) => fingerprint));
}

/** At once where there are none. */
export type NamesInAnswer = readonly string[] | Promise<readonly string[]>;
