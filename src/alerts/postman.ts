/**
 * Takes messages to the receiver: now, or again when the schedule says so, and writes down what came of each try. Where
 * a message may go is asked anew each time, for a configuration may have changed since.
 */
import { checkReceiver, hostnameOf } from '../config/alert-policy.ts';
import type { Environment } from '../config/environment.ts';
import { MerchantStore } from '../config/merchant-store.ts';
import { log, nameOf } from '../journal/log.ts';
import type { AlertStore, StoredMessage } from './alert-store.ts';
import { deliver, type Tried } from './delivery.ts';
import type { Message } from './message.ts';
import { delayAfter, TRIES } from './retry-schedule.ts';
import { readSecret } from './signing.ts';
import type { Watch } from './watch.ts';

const AT_ONCE = 10;
/** The URL whose server said that it wants no more. */
const GONE = 'gone';

export class Postman {
  readonly #store: AlertStore;
  readonly #environment: () => Promise<Environment | null>;

  constructor(store: AlertStore, environment: () => Promise<Environment | null>) {
    this.#store = store;
    this.#environment = environment;
  }

  /** Puts a message up for delivery, where somebody wants it. */
  post(message: Message, { receiver }: Watch, now: number): void {
    this.#store.addMessage(message, this.isGone(receiver.url) ? 'stopped' : 'waiting', now);
  }

  isGone(url: string): boolean {
    return this.#store.note<string>(GONE) === url;
  }

  /** Takes out what is due. */
  async round(watch: Watch, now: number): Promise<void> {
    await Promise.all(this.#store.due(now, AT_ONCE).map((message) => this.#try(message, watch, now)));
  }

  /** Takes out one message at once, whatever became of it before. */
  async takeNow(message: Message, watch: Watch, now: number): Promise<Tried> {
    const tried = await this.#send(message, watch, now);
    if (tried.kind !== 'delivered') return tried;
    this.#store.putState(message.id, { ...this.#standing(message.id), state: 'delivered', nextAt: null });
    if (this.isGone(watch.receiver.url)) this.#store.putNote(GONE, null);
    return tried;
  }

  async #try(message: StoredMessage, watch: Watch, now: number): Promise<void> {
    const tries = message.tries + 1;
    // Written down before: an object that is torn down meanwhile tries again later, and not for ever.
    this.#store.putState(message.id, { state: 'waiting', tries, nextAt: now + (delayAfter(tries, 1) ?? 0) });
    const tried = await this.#send(message, watch, now);
    if (tried.kind === 'delivered') this.#store.putState(message.id, { state: 'delivered', tries, nextAt: null });
    // Meanwhile a newer message took its place, or somebody sent it by hand.
    if (this.#store.message(message.id)?.state !== 'waiting') return;
    const retryAfterMs = tried.kind === 'busy' ? tried.retryAfterMs : null;
    const delayMs = delayAfter(tries, Math.random(), retryAfterMs);
    if (tried.kind === 'gone') this.#stop(message, watch, tries);
    else if (delayMs === null) this.#giveUp(message, watch, tried);
    else this.#store.putState(message.id, { state: 'waiting', tries, nextAt: Date.now() + delayMs });
  }

  #stop(message: StoredMessage, { merchant, receiver }: Watch, tries: number): void {
    this.#store.putState(message.id, { state: 'stopped', tries, nextAt: null });
    this.#store.putNote(GONE, receiver.url);
    this.#store.stopAll();
    log({ event: 'alert_receiver_gone', merchant, host: new URL(receiver.url).host });
  }

  #giveUp({ id, type }: StoredMessage, { merchant }: Watch, tried: Tried): void {
    this.#store.putState(id, { state: 'given_up', tries: TRIES, nextAt: null });
    log({ event: 'alert_undelivered', merchant, message: id, type, last: tried.kind });
  }

  async #send(message: Message, watch: Watch, now: number): Promise<Tried> {
    const tried = await this.#sendOrRefuse(message, watch);
    const status = 'status' in tried ? tried.status : null;
    this.#store.addTry({ message: message.id, at: now, kind: tried.kind, status, ms: tried.ms });
    return tried;
  }

  async #sendOrRefuse(message: Message, { receiver, merchant }: Watch): Promise<Tried> {
    const environment = await this.#environment();
    if (environment === null) return { kind: 'no_secret', ms: 0 };
    const named = receiver.secretNames.map((name) => readSecret(environment.sharedSecret(name) ?? ''));
    const secrets = named.filter((secret) => secret !== null);
    if (secrets.length === 0) return { kind: 'no_secret', ms: 0 };
    if (await isForbidden(receiver.url, merchant, environment)) return { kind: 'forbidden_url', ms: 0 };
    return deliver(message, receiver.url, secrets);
  }

  #standing(id: string): Pick<StoredMessage, 'tries'> {
    return { tries: this.#store.message(id)?.tries ?? 1 };
  }
}

/** A host that Cordon guards is not to be called by it, whichever merchant's it is. */
async function isForbidden(url: string, merchant: string, environment: Environment): Promise<boolean> {
  if (checkReceiver(url, [], environment) !== null) return true;
  try {
    return (await new MerchantStore(environment.merchants).merchantOfHost(hostnameOf(url))) !== null;
  } catch (error) {
    // Without KV nobody knows; it was looked at when the configuration was written.
    log({ event: 'alert_host_unchecked', merchant, error: nameOf(error) });
    return false;
  }
}
