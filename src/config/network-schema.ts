/**
 * Where payers and callers may come from, as it is written, and compiled.
 */
import * as z from 'zod';
import { NETWORK_CODES, NETWORK_RESPONSES, type NetworkRules } from '../network/network-rules.ts';
import { countriesOf } from '../network/regions.ts';
import { SIGNAL_RESPONSES } from '../network/risk.ts';
import { TLS_VERSIONS } from '../network/transport.ts';
import { MODES } from '../velocity/rule.ts';
import { allowlistSchema, asnSchema } from './allowlist-schema.ts';
import { egressKeysSchema } from './egress-schema.ts';

const countryName = z
  .string()
  .refine(
    (name) => countriesOf(name) !== null,
    'must be an ISO 3166-1 alpha-2 code in upper case, a continent such as continent:EU, region:eu or region:eea',
  );

const classResponse = z.enum(['ignore', ...SIGNAL_RESPONSES]).default('ignore');
const asnRules = z
  .strictObject({
    deny: z.array(asnSchema).max(10_000).default([]),
    allow: z.array(asnSchema).max(10_000).default([]),
    hosting: classResponse,
    vpn: classResponse,
  })
  .refine((it) => it.allow.every((one) => !it.deny.includes(one)), { message: 'a network is both allowed and denied' });

/** Absent: no leases. How long and how wide one may be at all: network/lease.ts. */
const leases = z.strictObject({
  max_total_seconds: z.int().min(1).max(604_800).default(86_400),
  max_active: z.int().min(1).max(1_000).default(100),
});

export const networkSchema = z
  .strictObject({
    minimum_tls: z.enum(TLS_VERSIONS).default('1.2'),
    allowlist: allowlistSchema,
    egress_keys: egressKeysSchema,
    leases: leases.optional(),
    operating_countries: z.array(countryName).max(250).default([]),
    payer_country: z.boolean().default(false),
    deny_countries: z.array(countryName).max(250).default([]),
    unknown_country: z.enum(NETWORK_RESPONSES).optional(),
    tor: z.enum(NETWORK_RESPONSES).default('ignore'),
    asn: asnRules.prefault({}),
    country_mismatch: z.enum(['ignore', 'score']).default('ignore'),
    modes: z.partialRecord(z.enum(NETWORK_CODES), z.enum(MODES)).default({}),
  })
  .refine((it) => it.operating_countries.every((name) => isOpen(name, setOf(it.deny_countries))), {
    path: ['deny_countries'],
    message: 'an operating country, or all of an operating region, is denied',
  })
  .refine((it) => !it.payer_country || it.operating_countries.length > 0, {
    path: ['payer_country'],
    message: 'needs operating_countries: without them all may pay',
  });

export type NetworkConfig = z.output<typeof networkSchema>;

/** Compiles the rules about countries and networks. */
export function compileNetwork(network: NetworkConfig): NetworkRules {
  const { operating_countries: operating, deny_countries: denied, asn, modes } = network;
  // Once operating countries are named, "no country at all" must mean something: a challenge unless configured.
  const unknownCountry = network.unknown_country ?? (operating.length > 0 ? 'challenge' : 'ignore');
  return {
    operatingCountries: operating.length > 0 ? setOf(operating) : null,
    denyCountries: setOf(denied),
    payerCountry: network.payer_country,
    unknownCountry,
    tor: network.tor,
    allowAsns: asn.allow.length > 0 ? new Set(asn.allow) : null,
    denyAsns: new Set(asn.deny),
    modes: {
      tls_version: 'enforce',
      allowlist_miss: 'enforce',
      allowlist_pin_mismatch: 'enforce',
      egress_unverified: 'enforce',
      country: 'enforce',
      country_unknown: 'enforce',
      tor: 'enforce',
      asn: 'enforce',
      hosting: 'enforce',
      country_mismatch: 'enforce',
      reputation: 'enforce',
      risk_score: 'enforce',
      ...modes,
    },
  };
}

/** Whether any country of an operating one, or region, is left open. What is no country is another fault. */
function isOpen(name: string, denied: ReadonlySet<string>): boolean {
  return countriesOf(name)?.some((country) => !denied.has(country)) ?? true;
}

function setOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => countriesOf(name) ?? []));
}
