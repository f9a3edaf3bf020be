// Networks that there are not: addresses of 240.0.0.0/4 (reserved, RFC 1112) and 2001:db8::/32 (documentation, RFC
// 3849), numbers of autonomous systems for private use (RFC 6996). Nobody's address is in a simulated file.

import type { Draws } from './draws.ts';

export interface Place {
  readonly ip: string;
  readonly country: string;
  readonly asn: number;
}

interface Network {
  readonly asn: number;
  readonly country: string;
  /** The first octet of its addresses. */
  readonly octet: number;
}

const homes: readonly Network[] = [
  { asn: 4_200_000_001, country: 'NL', octet: 240 },
  { asn: 4_200_000_002, country: 'NL', octet: 241 },
  { asn: 4_200_000_003, country: 'DE', octet: 242 },
  { asn: 4_200_000_004, country: 'DE', octet: 243 },
  { asn: 4_200_000_005, country: 'FR', octet: 244 },
  { asn: 4_200_000_006, country: 'BE', octet: 245 },
];
const carriers: readonly Network[] = [
  { asn: 4_200_000_011, country: 'NL', octet: 246 },
  { asn: 4_200_000_012, country: 'DE', octet: 247 },
  { asn: 4_200_000_013, country: 'FR', octet: 248 },
];
const dataCentres: readonly Network[] = [
  { asn: 4_200_000_021, country: 'US', octet: 249 },
  { asn: 4_200_000_022, country: 'DE', octet: 250 },
  { asn: 4_200_000_023, country: 'SG', octet: 251 },
];
const abroad: readonly Network[] = [
  { asn: 4_200_000_031, country: 'BR', octet: 252 },
  { asn: 4_200_000_032, country: 'VN', octet: 253 },
  { asn: 4_200_000_033, country: 'US', octet: 254 },
];

/** Where the shop's buyers live. */
const homeWeights = { 0: 25, 1: 20, 2: 20, 3: 15, 4: 10, 5: 10 };
/** An assumption. */
const ipv6Share = 0.4;
/** Addresses by which a carrier's phones come out; hundreds to thousands of users are behind each (Cloudflare, 2025). */
const carrierAddresses = 24;

/** A connection at home: one IPv4 address, or a /64 of IPv6. */
export function home(draws: Draws): Place {
  const network = homes[Number(draws.weighted(homeWeights))] ?? homes[0];
  if (network === undefined) throw new Error('no network');
  return draws.is(ipv6Share) ? at(network, ipv6Of(network, draws)) : at(network, ipv4Of(network, draws));
}

/** A phone of somebody who lives there. */
export function mobile(draws: Draws, country: string): Place {
  const network = carriers.find((carrier) => carrier.country === country) ?? draws.oneOf(carriers);
  return at(network, `${network.octet}.0.0.${1 + draws.upTo(carrierAddresses)}`);
}

/** The one address of an office, the same whenever it is asked for. */
export function office(index: number): Place {
  const network = homes[index % homes.length] ?? homes[0];
  if (network === undefined) throw new Error('no network');
  return at(network, `${network.octet}.255.${Math.floor(index / 250) % 250}.${1 + (index % 250)}`);
}

/** Rented machines: so many addresses in so many /24s. */
export function rented(draws: Draws, addresses: number, blocks: number): readonly Place[] {
  const nets = Array.from({ length: blocks }, () => {
    const network = draws.oneOf(dataCentres);
    return { network, prefix: `${network.octet}.${draws.upTo(256)}.${draws.upTo(256)}` };
  });
  return Array.from({ length: addresses }, () => {
    const { network, prefix } = draws.oneOf(nets);
    return at(network, `${prefix}.${1 + draws.upTo(254)}`);
  });
}

/** A proxy in somebody's home: mostly in the shop's countries, for those are what is bought. */
export function proxied(draws: Draws, localShare: number): Place {
  const network = draws.is(localShare) ? draws.oneOf(homes) : draws.oneOf(abroad);
  return at(network, ipv4Of(network, draws));
}

/** One network of a rented machine: every address of it is at hand. */
export function wideIpv6(draws: Draws): () => Place {
  const network = draws.oneOf(dataCentres);
  const prefix = `2001:db8:${(network.octet * 256 + draws.upTo(256)).toString(16)}`;
  const group = (): string => draws.upTo(65_536).toString(16);
  return () => at(network, `${prefix}:${group()}:${group()}:${group()}:${group()}:${group()}`);
}

function at({ asn, country }: Network, ip: string): Place {
  return { ip, country, asn };
}

// Below 255 in the second octet: that is the offices'.
function ipv4Of({ octet }: Network, draws: Draws): string {
  return `${octet}.${draws.upTo(255)}.${draws.upTo(256)}.${1 + draws.upTo(254)}`;
}

function ipv6Of({ octet }: Network, draws: Draws): string {
  const group = (): string => draws.upTo(65_536).toString(16);
  return `2001:db8:${(octet * 256 + draws.upTo(256)).toString(16)}:${group()}::${1 + draws.upTo(9999)}`;
}
