/**
 * Merchants in KV: `merchant:{id}` holds a configuration's JSON, `host:{hostname}` the id of the host's merchant,
 * `bypass:{id}` the last word about a bypass, `lists:{id}` which lists are in use. KV shows a write elsewhere after a minute or so; what the management API wrote carries its time as metadata.
 */
import * as z from 'zod';
import type { Bypass } from '../gate/bypass.ts';
import type { Authorship } from '../gate/config-messages.ts';
import type { ListsWord } from '../gate/list-messages.ts';
import { log } from '../journal/log.ts';
import { BYPASS_KEPT_SECONDS, readBypass, textOfBypass } from './bypass-text.ts';
import { readListsWord, textOfListsWord } from './list-text.ts';

/** KV's smallest. A raw write is seen at most this much later than KV's own propagation. */
const CACHE_SECONDS = 30;

const metadataSchema = z.object({
  writtenAt: z.number(),
  by: z
    .object({ who: z.string().max(64), restores: z.string().max(64).optional() })
    .optional()
    .catch(undefined),
});

export interface StoredMerchant {
  readonly json: string;
  /** ms since the epoch; 0 for a value that the management API did not write. */
  readonly writtenAt: number;
  /** Absent where nobody said: a raw write, or one of an earlier release. */
  readonly by?: Authorship | undefined;
}

export class MerchantStore {
  readonly #kv: KVNamespace;

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  async merchantOfHost(host: string): Promise<string | null> {
    return this.#kv.get(hostKey(host), { cacheTtl: CACHE_SECONDS });
  }

  async read(id: string): Promise<StoredMerchant | null> {
    const { value, metadata } = await this.#kv.getWithMetadata(merchantKey(id), { cacheTtl: CACHE_SECONDS });
    if (value === null) return null;
    const known = metadataSchema.safeParse(metadata);
    return known.success ? { json: value, ...known.data } : { json: value, writtenAt: 0 };
  }

  async write(id: string, { json, writtenAt, by }: StoredMerchant): Promise<void> {
    const checks = mayBeChecked(json);
    await this.#kv.put(merchantKey(id), json, { metadata: { writtenAt, by, checks } });
  }

  async delete(id: string): Promise<void> {
    await this.#kv.delete(merchantKey(id));
    await this.#kv.delete(bypassKey(id));
    await this.#kv.delete(listsKey(id));
  }

  /** The last word about a bypass, as far as KV shows it. Without KV's word none is known: nothing opens by a failure. */
  async bypass(id: string, now: number): Promise<Bypass | null> {
    const text = await this.#kv.get(bypassKey(id), { cacheTtl: CACHE_SECONDS }).catch(() => null);
    if (text === null) return null;
    const bypass = readBypass(text, now);
    if (bypass === null) log({ event: 'bypass_faulty', merchant: id });
    return bypass;
  }

  async writeBypass(id: string, bypass: Bypass): Promise<void> {
    await this.#kv.put(bypassKey(id), textOfBypass(bypass), { expirationTtl: BYPASS_KEPT_SECONDS });
  }

  /** What the lists hold, as far as KV shows it; null where it shows nothing. */
  async listsWord(id: string): Promise<ListsWord | null> {
    const text = await this.#kv.get(listsKey(id), { cacheTtl: CACHE_SECONDS }).catch(() => null);
    return text === null ? null : readListsWord(text);
  }

  async writeListsWord(id: string, word: ListsWord): Promise<void> {
    await this.#kv.put(listsKey(id), textOfListsWord(word));
  }

  async claimHost(host: string, id: string): Promise<void> {
    await this.#kv.put(hostKey(host), id);
  }

  async releaseHost(host: string): Promise<void> {
    await this.#kv.delete(hostKey(host));
  }

  async list(): Promise<readonly string[]> {
    return this.#listWhere(() => true);
  }

  /** Merchants whose servers may be to be checked by the clock: what was written straight into KV nobody has looked at. */
  async listChecked(): Promise<readonly string[]> {
    return this.#listWhere((metadata) => (metadata as { checks?: unknown } | null | undefined)?.checks !== false);
  }

  async #listWhere(isListed: (metadata: unknown) => boolean): Promise<readonly string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: KVNamespaceListResult<unknown> = await this.#kv.list({ prefix: MERCHANT_PREFIX, cursor });
      const listed = page.keys.filter(({ metadata }) => isListed(metadata));
      ids.push(...listed.map(({ name }) => name.slice(MERCHANT_PREFIX.length)));
      cursor = page.list_complete ? null : page.cursor;
    } while (cursor !== null);
    return ids;
  }
}

const MERCHANT_PREFIX = 'merchant:';

/** A look at the text alone: who is taken for one that asks for checks and does not costs one read a round. */
function mayBeChecked(json: string): boolean {
  return json.includes('"health"');
}

function merchantKey(id: string): string {
  return `${MERCHANT_PREFIX}${id}`;
}

function bypassKey(id: string): string {
  return `bypass:${id}`;
}

function listsKey(id: string): string {
  return `lists:${id}`;
}

function hostKey(host: string): string {
  return `host:${host}`;
}
