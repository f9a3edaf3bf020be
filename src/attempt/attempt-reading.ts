/**
 * What a request on a protected route tries, read out of its fields: an attempt, or a card attached to a payment that
 * is confirmed later. Cards are still as they were written here: for this request's memory only.
 */

import { checkElsewhere } from './card-field.ts';
import { isLuhnValid, parseCardNumber } from './card-number.ts';
import { currencyOf } from './currency.ts';
import { EMPTY, type Fields, textAt } from './fields.ts';
import { readPairs } from './paired-fields.ts';
import { type Condition, type PaymentPlace, type ReadingRules, variableName } from './reading-rules.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

/** One of the names by which a request can mean a card, the surest first. */
export type CardMention =
  | { readonly kind: 'number'; readonly digits: string }
  /** The processor's own fingerprint. */
  | { readonly kind: 'fingerprint'; readonly value: string }
  /** A stored card's or a wallet's. */
  | { readonly kind: 'token'; readonly value: string }
  /** The card that was attached to this payment before. */
  | { readonly kind: 'attached'; readonly payment: string };

/** `alsoKnownAs`: further names of the same card. `continues`: the payment that the request says it goes on with. */
export type AttemptReading =
  | {
      readonly kind: 'attempt';
      readonly card: CardMention | null;
      readonly alsoKnownAs: readonly CardMention[];
      readonly continues?: string;
      /** ISO 3166-1 alpha-2, as the payer typed it; absent where the route does not read it. */
      readonly billingCountry?: string;
      /** In the minor unit; absent where the route does not read it, or it is no whole number. */
      readonly amountMinor?: number;
      /** Three letters in upper case; absent as above. */
      readonly currency?: string;
      /** As it is written; absent where the route does not read it. */
      readonly email?: string;
      readonly deviceId?: string;
    }
  /** No attempt yet: a card is put where a later request will find it. */
  | { readonly kind: 'attachment'; readonly card: CardMention; readonly alsoKnownAs: readonly CardMention[] };

/** The variables of the route's path, by name. */
export type PathVariables = ReadonlyMap<string, string>;

/** Reads one body. None: the request neither pays nor carries a card. */
export function readAttempt(
  written: Fields,
  rules: ReadingRules,
  variables: PathVariables,
): Read<readonly AttemptReading[]> {
  const fields = readPairs(written, rules.pairs);
  if (!fields.ok) return fields;
  const elsewhere = checkElsewhere(fields.value, rules);
  if (!elsewhere.ok) return elsewhere;
  const carried = readCarried(fields.value, rules, variables);
  if (!carried.ok) return carried;
  const attachedTo = readPayment(fields.value, rules.attachedTo, variables);
  if (!attachedTo.ok) return attachedTo;
  const continued = readPayment(fields.value, rules.continues, variables);
  if (!continued.ok) return continued;
  const attached = attachedTo.value.map((payment) => ({ kind: 'attached' as const, payment }));
  const [card = null, ...alsoKnownAs] = [...carried.value, ...attached];
  if (isAttempt(fields.value, rules.attemptUnless)) {
    const missing = rules.isCardRequired ? missingPlace(carried.value, rules) : null;
    const [continues] = continued.value;
    const continuing = continues === undefined ? {} : { continues };
    if (missing !== null) return unreadable({ because: 'missing', field: missing });
    const said = {
      ...readBilling(fields.value, rules),
      ...readMoney(fields.value, rules),
      ...readPayer(fields.value, rules),
    };
    return readable([{ kind: 'attempt', card, alsoKnownAs, ...continuing, ...said }]);
  }
  return readable(card === null || carried.value.length === 0 ? [] : [{ kind: 'attachment', card, alsoKnownAs }]);
}

/** The names that the request itself holds. */
function readCarried(fields: Fields, rules: ReadingRules, variables: PathVariables): Read<readonly CardMention[]> {
  const number = readNumber(fields, rules);
  if (!number.ok) return number;
  const fingerprints = readTexts(fields, rules.fingerprints);
  if (!fingerprints.ok) return fingerprints;
  const tokens = readTexts(fields, rules.tokens, variables);
  if (!tokens.ok) return tokens;
  const known = tokens.value.filter((value) => !rules.notTokens.has(value));
  return readable([
    ...number.value.map((digits) => ({ kind: 'number' as const, digits })),
    ...fingerprints.value.map((value) => ({ kind: 'fingerprint' as const, value })),
    ...known.map((value) => ({ kind: 'token' as const, value })),
  ]);
}

/** One number at most: of two, an origin takes the one that was not looked at. */
function readNumber(fields: Fields, { numbers, cardNeeds }: ReadingRules): Read<readonly string[]> {
  const [place, second] = numbers.filter((pointer) => !isAbsent(fields, pointer));
  if (place === undefined) return readable([]);
  if (second !== undefined) return unreadable({ because: 'second_card_field', field: second });
  const typed = textAt(fields, place);
  if (typed === null) return unreadable({ because: 'missing', field: place });
  const digits = parseCardNumber(typed);
  if (digits === null) return unreadable({ because: 'invalid_card_number', field: place });
  const flaw = cardNeeds.length === 0 ? null : findFlaw(fields, { place, needs: cardNeeds });
  return flaw === null ? readable([digits]) : unreadable(flaw);
}

/**
 * Why an origin that is lenient about cards (serde's flattened `Option`) would take this one for none, and pay with the
 * card that was attached before.
 */
function findFlaw(
  fields: Fields,
  { place, needs }: { readonly place: string; readonly needs: readonly string[] },
): Unreadable | null {
  const number = textAt(fields, place) ?? '';
  if (!/^\d+$/.test(number) || !isLuhnValid(number)) return { because: 'invalid_card_number', field: place };
  const missing = needs.find((pointer) => !fields.has(pointer));
  if (missing !== undefined) return { because: 'missing', field: missing };
  const card = place.slice(0, place.lastIndexOf('/') + 1);
  const isText = (pointer: string) =>
    !pointer.slice(card.length).includes('/') && typeof fields.get(pointer) === 'string';
  const other = [...fields.keys()].find((pointer) => pointer.startsWith(card) && !isText(pointer));
  return other === undefined ? null : { because: 'not_text', field: other };
}

function readTexts(
  fields: Fields,
  places: readonly string[],
  variables: PathVariables = new Map(),
): Read<readonly string[]> {
  const texts = new Set<string>();
  for (const pointer of places) {
    const variable = variableName(pointer);
    if (variable !== null) texts.add(variables.get(variable) ?? '');
    if (isAbsent(fields, pointer)) continue;
    const text = textAt(fields, pointer);
    if (text === null) return unreadable({ because: 'not_text', field: pointer });
    texts.add(text);
  }
  return readable([...texts]);
}

/** The payment that is named there; none, or one. */
function readPayment(fields: Fields, place: PaymentPlace | null, variables: PathVariables): Read<readonly string[]> {
  if (place === null) return readable([]);
  if (place.kind === 'field') return readTexts(fields, [place.pointer]);
  const payment = variables.get(place.name);
  return readable(payment === undefined ? [] : [payment]);
}

/** Nothing hangs on it but a signal: what is no country, or stands elsewhere as well, is as good as not said. */
function readBilling(fields: Fields, { billingCountry: place }: ReadingRules): { readonly billingCountry?: string } {
  const typed = place === null ? null : textAt(fields, place);
  return typed !== null && /^[A-Za-z]{2}$/.test(typed) ? { billingCountry: typed.toUpperCase() } : {};
}

const WHOLE = /^(?:0|[1-9]\d{0,14})$/;
const NO_MONEY = {};

/** A step-up is bound to it and the record shows it: what is no whole number, or no currency, is as good as not said. */
function readMoney(
  fields: Fields,
  { amount, currency }: ReadingRules,
): { readonly amountMinor?: number; readonly currency?: string } {
  if (amount === null && currency === null) return NO_MONEY;
  const written = amount === null ? null : textAt(fields, amount);
  const code = currency === null ? null : currencyOf(textAt(fields, currency));
  return {
    ...(written !== null && WHOLE.test(written) ? { amountMinor: Number(written) } : {}),
    ...(code === null ? {} : { currency: code }),
  };
}

const NOBODY = {};
const LONGEST_NAME = 320;

/** Counters alone ask for it: what is missing, or of no use, touches none. */
function readPayer(
  fields: Fields,
  { email, deviceId }: ReadingRules,
): { readonly email?: string; readonly deviceId?: string } {
  if (email === null && deviceId === null) return NOBODY;
  const [mailbox, device] = [email, deviceId].map((place) => (place === null ? null : textAt(fields, place)));
  const isShort = (text: string | null | undefined): text is string =>
    text !== null && text !== undefined && text !== '' && text.length <= LONGEST_NAME;
  return { ...(isShort(mailbox) ? { email: mailbox } : {}), ...(isShort(device) ? { deviceId: device } : {}) };
}

function missingPlace(carried: readonly CardMention[], { numbers, tokens, fingerprints }: ReadingRules): string | null {
  const [number] = numbers;
  if (number === undefined) return carried.length > 0 ? null : (tokens[0] ?? fingerprints[0] ?? null);
  return carried.some(({ kind }) => kind === 'number') ? null : number;
}

function isAttempt(fields: Fields, conditions: readonly Condition[] | null): boolean {
  return conditions === null || !conditions.every((condition) => holds(fields, condition));
}

// An empty list or object is none of the values: to some server it is as good as `true`.
function holds(fields: Fields, { pointer, values }: Condition): boolean {
  const value = fields.get(pointer) ?? null;
  return value !== EMPTY && values.includes(value);
}

function isAbsent(fields: Fields, pointer: string): boolean {
  const value = fields.get(pointer);
  return value === undefined || value === null || value === '';
}
