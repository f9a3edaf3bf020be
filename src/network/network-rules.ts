/**
 * The compiled network rules of a merchant and what they say about where a request comes from. Pure.
 * Country and ASN are the edge's own view (request.cf); a client cannot set them.
 */
import type { Whence } from '../attempt/attempt.ts';

/** What to do with an origin that is not plainly good or bad. */
export const NETWORK_RESPONSES = ['ignore', 'review', 'challenge', 'block'] as const;
export type NetworkResponse = (typeof NETWORK_RESPONSES)[number];
export const NETWORK_CODES = [
  'tls_version',
  'allowlist_miss',
  'allowlist_pin_mismatch',
  'egress_unverified',
  'country',
  'country_unknown',
  'tor',
  'asn',
  'hosting',
  'country_mismatch',
  'reputation',
  'risk_score',
] as const;
export type NetworkCode = (typeof NETWORK_CODES)[number];

export interface NetworkRules {
  /** Null: every country but the denied ones. */
  readonly operatingCountries: ReadonlySet<string> | null;
  readonly denyCountries: ReadonlySet<string>;
  /** Beside the operating countries the one in which the payer's card was issued is let in. */
  readonly payerCountry: boolean;
  readonly unknownCountry: NetworkResponse;
  readonly tor: NetworkResponse;
  /** Null: every network but the denied ones. */
  readonly allowAsns: ReadonlySet<number> | null;
  readonly denyAsns: ReadonlySet<number>;
  readonly modes: Readonly<Record<NetworkCode, 'enforce' | 'shadow' | 'off'>>;
}

export interface NetworkFinding {
  readonly code: NetworkCode;
  /** What of the code's it was, where there is more than one: `vpn`, `feed:NAME`. */
  readonly rule?: string;
  /** `allow`: it is on record, and counts in the score at most. */
  readonly consequence: Exclude<NetworkResponse, 'ignore'> | 'allow';
  readonly mode: 'enforce' | 'shadow';
  readonly message: string;
}

/** Cloudflare's code for Tor. */
const TOR = 'T1';

/** Everything that the country and ASN rules have to say. */
export function checkNetwork(whence: Whence, rules: NetworkRules): readonly NetworkFinding[] {
  // The edge's view of an address is read only where a rule asks for it.
  if (isSilent(rules)) return NOTHING;
  const country = checkCountry(whence.country, rules);
  const asn = checkAsn(whence.asn, rules);
  if (country === null && asn === null) return NOTHING;
  return [country, asn].flatMap((said) => {
    if (said === null || said.consequence === 'ignore') return [];
    const mode = rules.modes[said.code];
    return mode === 'off' ? [] : [{ ...said, consequence: said.consequence, mode }];
  });
}

/**
 * The findings once it is known in which country the payer's card was issued: from there he may pay, unless it is
 * denied. Null: it is not known, which opens nothing.
 */
export function meetPayer<T extends Pick<NetworkFinding, 'message'> & { readonly code: string }>(
  findings: readonly T[],
  { country, cardCountry }: { readonly country: string | null; readonly cardCountry: string | null },
  { payerCountry, denyCountries }: NetworkRules,
): readonly T[] {
  if (!payerCountry || country === null || denyCountries.has(country)) return findings;
  return findings.flatMap((finding) => {
    if (finding.code !== 'country') return [finding];
    if (cardCountry === country) return [];
    const card = cardCountry === null ? "and the card's is not known" : `nor the card's, ${cardCountry}`;
    return [{ ...finding, message: `${finding.message}, ${card}` }];
  });
}

/** Whether no country and no network is anything but let in. */
function isSilent({
  operatingCountries,
  denyCountries,
  unknownCountry,
  tor,
  allowAsns,
  denyAsns,
}: NetworkRules): boolean {
  const isAnyCountry = operatingCountries === null && denyCountries.size === 0 && unknownCountry === 'ignore';
  return isAnyCountry && tor === 'ignore' && allowAsns === null && denyAsns.size === 0;
}

const NOTHING: readonly NetworkFinding[] = [];

/** What a layer says before its mode is looked at. */
interface Said {
  readonly code: NetworkCode;
  readonly consequence: NetworkResponse;
  readonly message: string;
}

function checkCountry(country: string | null, rules: NetworkRules): Said | null {
  if (country === TOR && rules.tor !== 'ignore') {
    return { code: 'tor', consequence: rules.tor, message: 'the request came through Tor' };
  }
  // Without a rule of its own, Tor is what it is: a country that nobody knows. It is no way around country rules.
  if (country === null || country === TOR) {
    return { code: 'country_unknown', consequence: rules.unknownCountry, message: 'the country is not known' };
  }
  if (rules.denyCountries.has(country))
    return { code: 'country', consequence: 'block', message: `${country} is denied` };
  if (rules.operatingCountries === null || rules.operatingCountries.has(country)) return null;
  return { code: 'country', consequence: 'block', message: `${country} is not an operating country` };
}

function checkAsn(asn: number | null, rules: NetworkRules): Said | null {
  if (asn !== null && rules.denyAsns.has(asn))
    return { code: 'asn', consequence: 'block', message: `AS${asn} is denied` };
  if (rules.allowAsns === null || (asn !== null && rules.allowAsns.has(asn))) return null;
  const network = asn === null ? 'an unknown network' : `AS${asn}`;
  return { code: 'asn', consequence: 'block', message: `${network} is not among the allowed ones` };
}
