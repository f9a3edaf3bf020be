/**
 * A BIN table of the test's own in place of an imported one: first digits → country.
 */
import { vi } from 'vitest';
import { NO_TABLES } from '../../src/network/tables.ts';

/** Returns what was looked up, in order. */
export function knowIssuers(countries: Readonly<Record<string, string>>): readonly string[] {
  const asked: string[] = [];
  vi.spyOn(NO_TABLES, 'issuerCountry').mockImplementation((bin) => {
    asked.push(bin);
    const known = Object.keys(countries).find((prefix) => bin.startsWith(prefix));
    return known === undefined ? null : (countries[known] ?? null);
  });
  return asked;
}
