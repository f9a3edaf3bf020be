/**
 * Which time zones a country has, by the runtime's own data (ICU). Pure; what was looked up is remembered, bounded.
 */
import { FamiliarNames } from '../attempt/familiar-names.ts';
import { isCountry } from './regions.ts';

// The world has some 600 names of zones, and 250 countries.
const zonesOf = new FamiliarNames<ReadonlySet<string>>(1_000);
const canonicalNames = new FamiliarNames<string | null>(1_000);

/** Whether a zone of IANA's is one of the country's; null where either is not known. */
export function isZoneOf(zone: string, country: string): boolean | null {
  const zones = remembered(zonesOf, country, zonesIn);
  const name = remembered(canonicalNames, zone, canonicalName);
  return name === null || zones.size === 0 ? null : zones.has(name);
}

/** As ICU calls it: Asia/Kolkata is Asia/Calcutta there. */
function canonicalName(zone: string): string | null {
  try {
    const name = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
    // UTC and offsets such as +01:00 are of no country.
    return name.includes('/') && !name.startsWith('Etc/') ? name : null;
  } catch {
    return null;
  }
}

function zonesIn(country: string): ReadonlySet<string> {
  if (!isCountry(country)) return new Set();
  // ECMA-402's locale info, which the compiler's library does not describe yet.
  const locale: { getTimeZones?: () => readonly string[] | undefined } = new Intl.Locale(`und-${country}`);
  return new Set(locale.getTimeZones?.() ?? []);
}

function remembered<T>(familiar: FamiliarNames<T>, name: string, find: (name: string) => T): T {
  const known = familiar.get(name);
  if (known !== undefined) return known;
  const found = find(name);
  familiar.keep(name, found);
  return found;
}
