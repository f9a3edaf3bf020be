/**
 * Whom this deployment can ask about an address: imported lists and providers.
 */
import { PROVIDER_NAMES } from '../network/provider-api.ts';
import { PROVIDER_APIS } from '../network/providers/provider-apis.ts';
import type { Sources } from '../network/reputation.ts';
import { type Deployment, Lookups } from '../reputation/lookups.ts';
import { FeedStore } from './feeds/feed-store.ts';
import { LoadedTables } from './feeds/loaded-tables.ts';

/** One of them an isolate. */
export function createSources({ merchants, ...deployment }: Deployment & { readonly merchants: KVNamespace }): Sources {
  const lookups = PROVIDER_NAMES.map((name) => [name, new Lookups(PROVIDER_APIS[name], deployment)] as const);
  return { tables: new LoadedTables(new FeedStore(merchants)), providers: new Map(lookups) };
}
