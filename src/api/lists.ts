/**
 * A merchant's deny and allow lists as the API changes and tells them. The gate is where they are; KV hears only which
 * types of items there are, for whoever cannot ask the gate.
 */
import type { Environment } from '../config/environment.ts';
import { MerchantStore } from '../config/merchant-store.ts';
import type { Policy } from '../config/policy.ts';
import { askGate, askGateOnce } from '../gate/gate-client.ts';
import type { ItemPage, ItemQuery, ListsWord, Put, Putting } from '../gate/list-messages.ts';
import { log, nameOf } from '../journal/log.ts';
import type { Item, ListName, Name } from '../lists/item.ts';

export class Lists {
  readonly #gates: Environment['gates'];
  readonly #store: MerchantStore;

  constructor({ gates, merchants }: Pick<Environment, 'gates' | 'merchants'>) {
    this.#gates = gates;
    this.#store = new MerchantStore(merchants);
  }

  /** Null when the gate does not answer: then they may be there, and to put them again changes nothing. */
  async put(policy: Policy, putting: Putting): Promise<Put | null> {
    const put = await askGate(this.#gates, policy, (gate) => gate.putListItems(putting));
    return put.kind === 'answered' ? put.value : null;
  }

  /** What was removed, false where there is no such item; null when the gate does not answer. */
  async remove(policy: Policy, list: ListName, name: Name): Promise<Item | false | null> {
    const removed = await askGateOnce(this.#gates, policy, (gate) => gate.removeListItem(list, name));
    if (removed.kind === 'unavailable') return null;
    await this.tellKv(policy, removed.value.word);
    return removed.value.item ?? false;
  }

  async page(policy: Policy, query: ItemQuery): Promise<ItemPage | null> {
    const page = await askGate(this.#gates, policy, (gate) => gate.listItems(query));
    return page.kind === 'answered' ? page.value : null;
  }

  /** Most changes change nothing that KV says. What it does not take, the gate tells all the same. */
  async tellKv({ merchant, version }: Policy, word: ListsWord | null): Promise<void> {
    if (word === null || word.at === version.listsAt) return;
    try {
      await this.#store.writeListsWord(merchant, word);
    } catch (error) {
      log({ event: 'storage_unavailable', error: nameOf(error) });
    }
  }
}
