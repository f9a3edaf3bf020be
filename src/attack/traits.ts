/**
 * What an attempt has in common with others, as far as an attack would: its segments, judged one by one and in pairs.
 * Pure. Of nobody's name: a segment holds a BIN, a country, a kind of network, never a card, an address or a customer.
 */
import type { AttemptKind } from '../attempt/attempt.ts';

/** `known`: a verified customer with a clean history, who is no stranger and in no segment. */
export const STANDINGS = ['guest', 'newcomer', 'known'] as const;
export type Standing = (typeof STANDINGS)[number];

/** What is not known is null. */
export interface Traits {
  readonly standing: Standing;
  readonly kind: AttemptKind;
  readonly route: string | null;
  /** Six digits. */
  readonly bin: string | null;
  /** Of the address. */
  readonly country: string | null;
  readonly asn: number | null;
  /** What sort of network the address is in; `ordinary` says nothing. */
  readonly network: 'ordinary' | 'hosting' | 'vpn' | 'tor';
  /** Whether a payment proved that it came from a visit; null where the merchant asks for none. */
  readonly hasSession: boolean | null;
  readonly amountMinor: number | null;
  /** Whether the card was issued in another country than its payer is in. */
  readonly isAbroad: boolean | null;
}

/** What the merchant has seen too little of to call it his trade. */
export interface Rarity {
  readonly bin: boolean;
  readonly country: boolean;
  readonly asn: boolean;
}

/** A tester's amounts are small, and so are many an honest buyer's: a trait like others. */
const SMALL_MINOR = 500;

/** Everybody, each trait by itself, then each with who pays and each two that narrow one another. */
export function segmentsOf(traits: Traits, rarity: Rarity): readonly string[] {
  const narrow = narrowTraits(traits, rarity);
  const segments = ['all', ...narrow, `payer:${traits.standing}`];
  if (traits.route !== null) segments.push(`route:${traits.route}`);
  if (traits.asn !== null) segments.push(`asn:${traits.asn}`);
  for (const [index, one] of narrow.entries()) {
    segments.push(`payer:${traits.standing}&${one}`);
    for (const other of narrow.slice(index + 1)) segments.push(`${one}&${other}`);
  }
  return segments;
}

/** How many traits a segment names: of two that say the same, the narrower is the better word. */
export function depthOf(segment: string): number {
  return segment === 'all' ? 0 : segment.split('&').length;
}

/** Whether it says nothing but that somebody pays: stepping it up hurts most of a shop's buyers. */
export function isBroad(segment: string): boolean {
  return segment === 'all' || segment.split('&').every((trait) => BROAD.test(trait));
}

/** Whether it says what testing looks like: cards from elsewhere, what the shop rarely sees, small amounts, no visit. */
export function isSign(segment: string): boolean {
  return segment.split('&').some((trait) => SIGN.test(trait));
}

const SIGN = /^(?:card:abroad|bin:rare|country:rare|network:|amount:small|session:none|kind:)/;
const BROAD = /^(?:route:|payer:|country:(?!rare))/;

function narrowTraits(traits: Traits, rarity: Rarity): readonly string[] {
  const { kind, bin, country, network, hasSession, amountMinor, isAbroad } = traits;
  const narrow: string[] = [];
  if (bin !== null) narrow.push(`bin:${bin}`);
  if (bin !== null && rarity.bin) narrow.push('bin:rare');
  if (country !== null) narrow.push(`country:${country}`);
  if (country !== null && rarity.country) narrow.push('country:rare');
  if (rarity.asn) narrow.push('network:rare');
  if (network !== 'ordinary') narrow.push(`network:${network}`);
  if (kind !== 'payment') narrow.push(`kind:${kind}`);
  if (isAbroad === true) narrow.push('card:abroad');
  if (hasSession === false) narrow.push('session:none');
  if (amountMinor !== null && amountMinor < SMALL_MINOR) narrow.push('amount:small');
  return narrow;
}
