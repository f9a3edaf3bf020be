/**
 * What Cordon asks of somebody who sells the reputation of addresses: how to ask, and how to read the answer. One file a
 * provider, in `providers/`. Pure: who sends the request, how long it may take and what it may cost is settled elsewhere.
 */
import type { IpAddress } from '../attempt/ip-address.ts';

export const PROVIDER_NAMES = ['abuseipdb', 'ipqualityscore'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

export interface ProviderApi {
  readonly name: ProviderName;
  /** The origin of its API. Its keys go nowhere else. */
  readonly home: string;
  /** What to ask for: the address goes out, and nothing else about the payer. */
  request(ip: IpAddress, key: string): ProviderRequest;
  /** Reads the body of an answer with status 200, parsed as JSON. */
  read(answer: unknown, ip: IpAddress): Reading;
}

/** On what terms a merchant has a provider asked. */
export interface ProviderTerms {
  /** The name of the secret that holds the key. */
  readonly keyName: string;
  readonly apiUrl: URL;
  /** From the beginning of the request on. */
  readonly timeoutMs: number;
  readonly cacheMs: number;
  /** Look-ups a day (UTC). */
  readonly dailyBudget: number;
  /** What its score is multiplied by. */
  readonly weight: number;
}

/** A GET request. */
export interface ProviderRequest {
  /** Path and query, to be put behind the API's origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Reading =
  | { readonly kind: 'score'; readonly score: number; readonly message: string }
  /** The account's look-ups are used up. */
  | { readonly kind: 'over_budget' }
  /** The key is no key, or not for this. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'nonsense' };

export const NONSENSE: Reading = { kind: 'nonsense' };

/** A score as both of them write it, a number from 0 to 100; null for anything else. */
export function scoreIn(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 100 ? Math.round(value) : null;
}

/** A whole number from 0 on; null for anything else. */
export function countIn(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

/** The members of a JSON object; null for anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : null;
}
