/**
 * Whom this deployment can ask about an address: imported lists and providers.
 */
import type { Sources } from '../network/reputation.ts';
import { NO_TABLES } from '../network/tables.ts';

/** One of them an isolate. */
export function createSources(): Sources {
  return { tables: NO_TABLES, providers: new Map() };
}
