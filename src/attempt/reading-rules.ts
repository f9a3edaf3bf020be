/**
 * What a route reads out of a body, compiled once: where the card stands under each of its names, when a request is
 * no attempt, and every spelling by which another field could be taken for one that is read.
 */
import { looseName, type Scalar } from './fields.ts';

/** As it is configured. Pointers are JSON Pointers; a list names places of which one at most is used. */
export interface WrittenReading {
  readonly fields: {
    readonly card_number?: Places | undefined;
    readonly card_fingerprint?: Places | undefined;
    readonly token?: Places | undefined;
    readonly billing_country?: string | undefined;
    readonly amount?: string | undefined;
    readonly currency?: string | undefined;
    readonly email?: string | undefined;
    readonly device_id?: string | undefined;
  };
  readonly card?: 'required' | 'optional' | undefined;
  readonly card_needs?: readonly string[] | undefined;
  readonly not_card_fields?: readonly string[] | undefined;
  readonly not_tokens?: readonly string[] | undefined;
  readonly pairs?: readonly string[] | undefined;
  readonly attempt_unless?: Readonly<Record<string, readonly Scalar[]>> | undefined;
  readonly attached_to?: string | undefined;
  readonly continues?: string | undefined;
  readonly refuse_containing?: Readonly<Record<string, readonly string[]>> | undefined;
}

export type Places = string | readonly string[];

/** A request is no attempt where one of exactly these values stands; null: or where nothing stands. */
export interface Condition {
  readonly pointer: string;
  readonly values: readonly Scalar[];
}

/** `place` is loose, and without indexes: `requestspath` for the path of each of the requests. */
export interface ForbiddenWords {
  readonly place: string;
  readonly words: readonly string[];
}

/** Where a payment is named, whose attached card is meant or that is gone on with: in the path, or in the body. */
export type PaymentPlace =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly pointer: string };

export interface ReadingRules {
  readonly numbers: readonly string[];
  readonly fingerprints: readonly string[];
  /** Pointers, or variables of the path: `{id}`. */
  readonly tokens: readonly string[];
  readonly isCardRequired: boolean;
  /** What must stand beside a number that is sent, for the origin to take it for a card at all. */
  readonly cardNeeds: readonly string[];
  readonly notCards: readonly string[];
  /** What stands at a token's place and is none: `new`, for a shopper who picked no saved card. */
  readonly notTokens: ReadonlySet<string>;
  readonly pairs: readonly string[];
  /** All must hold for a request to be no attempt. None: no request is one; null: every request is. */
  readonly attemptUnless: readonly Condition[] | null;
  /** Where one of these words makes the whole body refused, however it is spelt. */
  readonly forbidden: readonly ForbiddenWords[];
  readonly attachedTo: PaymentPlace | null;
  readonly continues: PaymentPlace | null;
  /** A signal at most, so it may be spelt as it likes. */
  readonly billingCountry: string | null;
  /** What a step-up is bound to, and the record: nobody is let in or refused by them. */
  readonly amount: string | null;
  readonly currency: string | null;
  /** By what a payer is counted too. Anybody can write anybody's: it may be spelt as it likes. */
  readonly email: string | null;
  readonly deviceId: string | null;
  /** Every pointer that is read, by the name that a careless reader gives it. */
  readonly spellings: ReadonlyMap<string, readonly string[]>;
  /** The places below which nothing may stand, each with its slash. */
  readonly closed: readonly string[];
  /**
   * Those below which something is read by its name, each with its slash; the body itself is `/`. No list may stand
   * there: serde (Rust) takes one for an object, and its elements for the fields in their order.
   */
  readonly objects: readonly string[];
  /** The first names of all that is read, loosely. */
  readonly roots: ReadonlySet<string>;
}

/** Reads nothing: what remains is that no card number may be there. */
export const NOTHING_READ: ReadingRules = compileReading({ fields: {} });

export function compileReading(written: WrittenReading): ReadingRules {
  const { fields, card, attempt_unless: unless, attached_to, refuse_containing = {} } = written;
  const numbers = placesOf(fields.card_number);
  const fingerprints = placesOf(fields.card_fingerprint);
  const tokens = placesOf(fields.token);
  const attachedTo = paymentPlaceOf(attached_to);
  const conditions = Object.entries(unless ?? {}).map(([pointer, values]) => ({ pointer, values }));
  const continues = paymentPlaceOf(written.continues);
  const payments = [attachedTo, continues].flatMap((place) => (place?.kind === 'field' ? [place.pointer] : []));
  const isPointer = (place: string) => place.startsWith('/');
  const named = [
    ...numbers,
    ...fingerprints,
    ...tokens.filter(isPointer),
    ...conditions.map(({ pointer }) => pointer),
    ...payments,
  ];
  const read = [...new Set(named)];
  const pairs = written.pairs ?? [];
  const forbidden = Object.entries(refuse_containing).map(([place, words]) => ({
    place: placeName(place),
    words: words.map(looseName),
  }));
  const holdsMore = (below: string) => read.some((pointer) => pointer.startsWith(below));
  const places = read.map((pointer) => `${pointer}/`);
  return {
    numbers,
    fingerprints,
    tokens,
    isCardRequired: (card ?? (numbers.length > 0 ? 'required' : 'optional')) === 'required',
    cardNeeds: written.card_needs ?? [],
    notCards: written.not_card_fields ?? [],
    notTokens: new Set(written.not_tokens ?? []),
    pairs,
    attemptUnless: unless === undefined ? null : conditions,
    forbidden,
    attachedTo,
    continues,
    billingCountry: fields.billing_country ?? null,
    amount: fields.amount ?? null,
    currency: fields.currency ?? null,
    email: fields.email ?? null,
    deviceId: fields.device_id ?? null,
    spellings: Map.groupBy(read, looseName),
    closed: places.filter((below) => !holdsMore(below)),
    objects: [...new Set(read.flatMap(ancestorsOf))].filter((above) => !isListIn(read, above)),
    roots: new Set(
      [...read, ...pairs, ...Object.keys(refuse_containing)].map((pointer) => looseName(pointer.split('/')[1] ?? '')),
    ),
  };
}

/** `/a/b` → `/`, `/a/`. */
function ancestorsOf(pointer: string): readonly string[] {
  const names = pointer.split('/').slice(1);
  return names.map((_, i) => `/${names.slice(0, i).join('/')}${i === 0 ? '' : '/'}`);
}

/** Whether something is read there by its index. */
function isListIn(read: readonly string[], above: string): boolean {
  return read.some((pointer) => pointer.startsWith(above) && startsWithIndex(pointer.slice(above.length)));
}

/** Whether what is left of a pointer goes on in a list. */
export function startsWithIndex(rest: string): boolean {
  return /^\d+(?:\/|$)/.test(rest);
}

export function placesOf(places: Places | undefined): readonly string[] {
  if (places === undefined) return [];
  return typeof places === 'string' ? [places] : places;
}

/** A place's loose name without the indexes of lists. */
export function placeName(pointer: string): string {
  return looseName(pointer.replaceAll(/\/(?:\d+|\*)(?=\/|$)/g, ''));
}

/** The name in `{name}`; null for a pointer. */
export function variableName(place: string): string | null {
  return /^\{([a-z_]+)\}$/.exec(place)?.[1] ?? null;
}

function paymentPlaceOf(written: string | undefined): PaymentPlace | null {
  if (written === undefined) return null;
  const name = variableName(written);
  return name === null ? { kind: 'field', pointer: written } : { kind: 'variable', name };
}
