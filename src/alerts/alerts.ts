/**
 * The alerts object: one Durable Object a merchant, beside its gate, so that a gate that is away can be told of. It keeps
 * what is wrong, tells the merchant's receiver once when it begins and once when it is over, and looks for itself.
 */
import { DurableObject } from 'cloudflare:workers';
import { type Environment, parseEnvironment, type RawEnvironment } from '../config/environment.ts';
import { log, nameOf } from '../journal/log.ts';
import type { Processor } from '../outcome/processor-event.ts';
import type { Noticed } from './alert-kinds.ts';
import { AlertStore } from './alert-store.ts';
import { bellOf } from './bell.ts';
import { BurstBook } from './burst-book.ts';
import { type Doubt, doubt } from './gate-doubt.ts';
import { Hearing } from './hearing.ts';
import { testMessage } from './message.ts';
import { type AlertOverview, overviewOf, type SentNow, sentNow } from './overview.ts';
import { Postman } from './postman.ts';
import { Rounds } from './rounds.ts';
import type { Watch } from './watch.ts';

const ROUND_MS = 300_000;
/** After something broke that nobody expected to. */
const RESTED_MS = 60_000;
/** Test calls and resendings, so that nobody makes Cordon a hammer. */
const SENT_BY_HAND = { most: 10, withinMs: 60_000 } as const;

export class Alerts extends DurableObject {
  readonly #store: AlertStore;
  readonly #postman: Postman;
  readonly #bursts: BurstBook;
  readonly #hearing: Hearing;
  readonly #rounds: Rounds;
  #environment: Promise<Environment | null> | null = null;
  /** Null: not known. */
  #alarmAt: number | null = null;
  #sentByHand: readonly number[] = [];

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    const environment = () => this.#environmentOf(env as unknown as RawEnvironment);
    this.#store = new AlertStore(ctx.storage.sql);
    this.#postman = new Postman(this.#store, environment);
    this.#bursts = new BurstBook(this.#store, this.#postman);
    this.#hearing = new Hearing(this.#store);
    const rooms = { store: this.#store, bursts: this.#bursts, hearing: this.#hearing, environment };
    this.#rounds = new Rounds(rooms);
  }

  /** Takes in what the configuration says. One that is older than what is known changes nothing. */
  async watch(watch: Watch): Promise<void> {
    const known = this.#watch;
    const { writtenAt } = watch.version;
    // A value that was written straight into KV has no time.
    if (known !== null && writtenAt !== 0 && writtenAt < known.version.writtenAt) return;
    this.#rounds.adopt(watch);
    await this.#wakeBy(Date.now() + ROUND_MS);
  }

  /** Nobody is to be told any more. What is known stays to be read. */
  async unwatch(): Promise<void> {
    this.#rounds.adopt(null);
    this.#alarmAt = null;
    await this.ctx.storage.deleteAlarm();
  }

  /** Something is wrong, or over. Said ten thousand times, it is one message. */
  async notice(noticed: Noticed): Promise<void> {
    const watch = this.#watch;
    if (watch === null) return;
    const now = Date.now();
    if (noticed.kind === 'gate_unavailable' && !this.#bursts.isOpen('gate_unavailable')) this.#doubtGate(now);
    else if (noticed.kind === 'configuration_faulty') await this.#rounds.checkConfigurationSoon(now);
    else if (noticed.kind === 'attack_ended') this.#bursts.end('attack', watch, now);
    else this.#bursts.find(noticed, watch, now);
    await this.#wakeInTime(now);
  }

  /** A processor has spoken, so many times since this was last said. */
  async hear(processor: Processor, events: number): Promise<void> {
    if (this.#watch === null) return;
    this.#hearing.hear(processor, events, Date.now());
    await this.#wakeBy(Date.now() + ROUND_MS);
  }

  overview(): AlertOverview {
    return overviewOf(this.#store, this.#watch, (url) => this.#postman.isGone(url));
  }

  /** Sends a test message now, and says what came back. */
  sendTest(): Promise<SentNow> {
    return this.#sendByHand((watch, now) => {
      const message = testMessage({ merchant: watch.merchant, now });
      this.#store.addMessage(message, 'given_up', now);
      return message;
    });
  }

  /** Sends a message once more, now; the same id, a new time. */
  resend(id: string): Promise<SentNow> {
    return this.#sendByHand(() => this.#store.message(id));
  }

  /** Never throws: an alarm that fails too often comes no more. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    const watch = this.#watch;
    if (watch === null) return;
    let restMs = 0;
    try {
      await this.#rounds.make(Date.now());
      const current = this.#watch;
      if (current !== null) await this.#postman.round(current, Date.now());
    } catch (error) {
      log({ event: 'alerts_round_failed', merchant: watch.merchant, error: nameOf(error) });
      restMs = RESTED_MS;
    }
    await this.#wakeInTime(Date.now() + restMs);
  }

  get #watch(): Watch | null {
    return this.#rounds.watch;
  }

  #doubtGate(now: number): void {
    this.#rounds.keepDoubt(doubt(this.#rounds.doubt, now) satisfies Doubt);
  }

  async #sendByHand(
    message: (watch: Watch, now: number) => ReturnType<AlertStore['message']> | ReturnType<typeof testMessage>,
  ) {
    const now = Date.now();
    const watch = this.#watch;
    if (watch === null) return { kind: 'no_receiver' } as const;
    this.#sentByHand = this.#sentByHand.filter((at) => now - at < SENT_BY_HAND.withinMs);
    if (this.#sentByHand.length >= SENT_BY_HAND.most) return { kind: 'too_many' } as const;
    const sending = message(watch, now);
    if (sending === null) return { kind: 'no_message' } as const;
    this.#sentByHand = [...this.#sentByHand, now];
    const tried = await this.#postman.takeNow(sending, watch, now);
    return sentNow(sending.id, tried);
  }

  /** When the next thing is to be done: a message that is due, a doubt, a round. */
  async #wakeInTime(now: number): Promise<void> {
    if (this.#watch === null) return;
    const times = [this.#store.nextAt(), this.#rounds.nextAt(now)];
    await this.#wakeBy(Math.max(now, Math.min(...times.filter((at) => at !== null))));
  }

  async #wakeBy(time: number): Promise<void> {
    this.#alarmAt ??= await this.ctx.storage.getAlarm();
    if (this.#alarmAt !== null && this.#alarmAt <= time) return;
    this.#alarmAt = time;
    await this.ctx.storage.setAlarm(time);
  }

  /** Of this object alone: a gate that does not answer it tells no bell. */
  #environmentOf(raw: RawEnvironment): Promise<Environment | null> {
    this.#environment ??= parseEnvironment(raw, bellOf(raw.ALERTS)).then((parsed) => {
      if (!parsed.ok) return null;
      const { namespace, haveJurisdictions } = parsed.environment.gates;
      return { ...parsed.environment, gates: { namespace, haveJurisdictions } };
    });
    return this.#environment;
  }
}
