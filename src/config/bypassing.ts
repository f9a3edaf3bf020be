/**
 * A policy under what is said beside its configuration: which lists are in use, and a bypass. And what an isolate says
 * of a bypass in the log: loudly, once when it learns of one and once when it is over.
 */
import { type Bypass, isInForce } from '../gate/bypass.ts';
import type { ListsWord } from '../gate/list-messages.ts';
import { log } from '../journal/log.ts';
import { listsInUse } from './list-text.ts';
import type { Policy } from './policy.ts';

/** A policy whose isolate knows of a word about a bypass: while it is in force, and before and after. */
export interface Views<T> {
  readonly guarded: T;
  readonly bypassed: T;
}

/** Under a bypass a merchant is as if its `mode` were `off`; its configuration and the version of it stay what they are. */
export function viewsOf<T extends { readonly policy: Policy }>(found: T, { at }: Bypass): Views<T> {
  const { policy } = found;
  const guarded: Policy = Object.freeze({ ...policy, version: { ...policy.version, bypassAt: at } });
  const bypassed: Policy = Object.freeze({ ...guarded, mode: 'off', session: null });
  return { guarded: { ...found, policy: guarded }, bypassed: { ...found, policy: bypassed } };
}

/** A policy whose isolate knows of a word about the lists. */
export function underLists<T extends { readonly policy: Policy }>(found: T, word: ListsWord | null): T {
  if (word === null) return found;
  const { policy } = found;
  const lists = listsInUse(word);
  const version = { ...policy.version, listsAt: word.at };
  const asksEmail = lists !== null && (lists.types.has('email') || lists.types.has('email_domain'));
  const { digestKey: key } = policy;
  const identities = asksEmail ? { device: false, key, ...policy.identities, email: true } : policy.identities;
  return { ...found, policy: Object.freeze({ ...policy, lists, identities, version }) };
}

const MERCHANTS_LIMIT = 1_000;

export class Announcements {
  /** Merchant → the word that was announced as in force. */
  readonly #said = new Map<string, number>();

  say(merchant: string, bypass: Bypass | null, now: number): void {
    const said = this.#said.get(merchant);
    if (isInForce(bypass, now)) {
      if (said === bypass.at) return;
      if (this.#said.size >= MERCHANTS_LIMIT) this.#said.clear();
      this.#said.set(merchant, bypass.at);
      const { until, reason, by } = bypass;
      log({ event: 'bypass_in_force', merchant, until: new Date(until).toISOString(), reason, by });
    } else if (said !== undefined) {
      this.#said.delete(merchant);
      log({ event: 'bypass_over', merchant });
    }
  }
}
