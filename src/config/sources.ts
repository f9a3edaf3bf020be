/**
 * Whom this deployment can ask about an address: imported lists and providers.
 */
import { PROVIDER_NAMES } from '../network/provider-api.ts';
import { PROVIDER_APIS } from '../network/providers/provider-apis.ts';
import type { Sources } from '../network/reputation.ts';
import { NO_TABLES } from '../network/tables.ts';
import { type Deployment, Lookups } from '../reputation/lookups.ts';

/** One of them an isolate. */
export function createSources(deployment: Deployment): Sources {
  const lookups = PROVIDER_NAMES.map((name) => [name, new Lookups(PROVIDER_APIS[name], deployment)] as const);
  return { tables: NO_TABLES, providers: new Map(lookups) };
}
