/**
 * A BIN table, imported as a deployment's would be.
 */
import { vi } from 'vitest';
import { LoadedTables } from '../../src/config/feeds/loaded-tables.ts';
import { upload } from './feeds.ts';

const LINES = '424242,US\n555555,KP\n';

/** Returns what is looked up, in order. */
export async function knowIssuers(): Promise<readonly string[]> {
  const imported = await upload('issuers', LINES, '?kind=bins');
  if (!imported.ok) throw new Error(await imported.text());
  const asked: string[] = [];
  const { issuerCountry } = LoadedTables.prototype;
  vi.spyOn(LoadedTables.prototype, 'issuerCountry').mockImplementation(function (this: LoadedTables, bin) {
    asked.push(bin);
    return issuerCountry.call(this, bin);
  });
  return asked;
}
