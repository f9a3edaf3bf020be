/**
 * Whom this deployment can ask about an address: imported lists and providers.
 */
import type { Sources } from '../network/reputation.ts';
import { FeedStore } from './feeds/feed-store.ts';
import { LoadedTables } from './feeds/loaded-tables.ts';

/** One of them an isolate. */
export function createSources({ merchants }: { readonly merchants: KVNamespace }): Sources {
  return { tables: new LoadedTables(new FeedStore(merchants)), providers: new Map() };
}
