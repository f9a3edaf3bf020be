/**
 * The first layer: who may use a server route. Entries are prefixes that may be pinned to the network and the country
 * they belong to, so that a range that was hijacked or given to somebody else lets nobody in. Pure: `now` is passed in.
 */
import type { Whence } from '../attempt/attempt.ts';
import { wordsOf } from '../attempt/ip-address.ts';
import { type AddressSet, addressSetOf, arrangePrefixes, findPrefix, type Prefixed } from './address-set.ts';
import type { NetworkFinding, NetworkRules } from './network-rules.ts';

export interface AllowlistEntry extends Prefixed {
  readonly label: string;
  /** Null: seen from any network. */
  readonly asn: number | null;
  /** ISO 3166-1 alpha-2; null: seen from any country. */
  readonly country: string | null;
  /** The first moment at which it is no entry any more, in ms since the epoch; null: never. */
  readonly expiresAt: number | null;
}

export interface Allowlist {
  readonly addresses: AddressSet;
  /** By the position that the set gives. */
  readonly entries: readonly AllowlistEntry[];
}

/** What the allowlist knows of a caller. */
export type Standing =
  | { readonly kind: 'unlisted' }
  /** The route takes no entry of the list. */
  | { readonly kind: 'unasked' }
  | { readonly kind: 'expired'; readonly entry: AllowlistEntry }
  /** On the list, and not from where the entry belongs. */
  | { readonly kind: 'pin_mismatch'; readonly entry: AllowlistEntry }
  | { readonly kind: 'listed'; readonly entry: AllowlistEntry };

/** Entries that overlap are faults of a configuration: none are left by now. */
export function compileAllowlist(entries: readonly AllowlistEntry[]): Allowlist {
  const { apart } = arrangePrefixes(entries);
  return { addresses: addressSetOf(apart), entries: apart };
}

/** Looks a caller up; `now` in ms since the epoch. */
export function standingOf(whence: Whence, { addresses, entries }: Allowlist, now: number): Standing {
  const position = findPrefix(addresses, wordsOf(whence.ip));
  const entry = position === null ? undefined : entries[position];
  if (entry === undefined) return { kind: 'unlisted' };
  if (entry.expiresAt !== null && entry.expiresAt <= now) return { kind: 'expired', entry };
  return holdPins(whence, entry) ? { kind: 'listed', entry } : { kind: 'pin_mismatch', entry };
}

/** What speaks against letting the caller use a server route; nothing where the mode of that reason is `off`. */
export function standingFindings(standing: Standing, modes: NetworkRules['modes']): readonly NetworkFinding[] {
  const said = findingOf(standing);
  if (said === null) return [];
  const mode = modes[said.code];
  return mode === 'off' ? [] : [{ ...said, consequence: 'block', mode }];
}

function findingOf(standing: Standing): Pick<NetworkFinding, 'code' | 'message'> | null {
  switch (standing.kind) {
    case 'unlisted':
      return { code: 'allowlist_miss', message: 'the address is not on the allowlist' };
    case 'unasked':
      return { code: 'allowlist_miss', message: 'the route takes leased addresses alone' };
    case 'expired':
      return { code: 'allowlist_miss', message: `the allowlist entry "${standing.entry.label}" has expired` };
    case 'pin_mismatch': {
      const { label, asn, country } = standing.entry;
      const pins = [...(asn === null ? [] : [`AS${asn}`]), ...(country === null ? [] : [country])];
      const message = `the allowlist entry "${label}" is pinned to ${pins.join(' and ')}`;
      return { code: 'allowlist_pin_mismatch', message };
    }
    case 'listed':
      return null;
  }
}

// What the edge does not know is not what the entry says.
function holdPins(whence: Whence, { asn, country }: AllowlistEntry): boolean {
  return (asn === null || whence.asn === asn) && (country === null || whence.country === country);
}
