/**
 * What a merchant's expression may ask: every name, with its type. What is not known is null, and makes neither a
 * comparison nor its opposite hold.
 */

/** Characters of a text, and members of a list, at most; whoever makes facts keeps to it. */
export const FACT_TEXT_LIMIT = 320;
export const FACT_LIST_LIMIT = 64;

/** `texts`: a list of texts. */
export type FactKind = 'int' | 'text' | 'bool' | 'texts';

/** The names that there are. `counts` holds what the merchant calls his velocity rules, beside these. */
export const FACT_KINDS = {
  attempt: {
    kind: 'text',
    route: 'text',
    amount: 'int',
    currency: 'text',
    billing_country: 'text',
    hour: 'int',
    weekday: 'int',
  },
  ip: { address: 'text', prefix: 'text', country: 'text', asn: 'int', is_ipv6: 'bool' },
  card: { present: 'bool', bin: 'text', country: 'text', scheme: 'text', fingerprint: 'text' },
  customer: { verified: 'bool', id: 'text' },
  email: { domain: 'text' },
  session: { present: 'bool', age_seconds: 'int' },
  risk: { score: 'int', level: 'text', signals: 'texts' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FactKind>>>>;

interface Values {
  readonly int: number;
  readonly text: string;
  readonly bool: boolean;
  readonly texts: readonly string[];
}

type Known<Kinds extends Readonly<Record<string, FactKind>>> = {
  readonly [Name in keyof Kinds]: Values[Kinds[Name]] | null;
};

/** Integers are safe ones; times are in UTC; countries are ISO 3166-1 alpha-2; texts have 320 characters at most. */
export type Facts = { readonly [Name in keyof typeof FACT_KINDS]: Known<(typeof FACT_KINDS)[Name]> } & {
  /** By the name of a velocity rule: what it counts for this attempt. */
  readonly counts: ReadonlyMap<string, number>;
};
