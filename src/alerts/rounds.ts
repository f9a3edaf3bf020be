/**
 * What an alerts object does by the clock: looks at the configuration, the gate, outcomes, webhooks, attacks and lists,
 * every five minutes; asks a gate that is doubted more often. Each object has a clock of its own: no run goes through all.
 */
import type { Environment } from '../config/environment.ts';
import { checkAttack } from './attack-check.ts';
import { type Doubt, doubt, weigh } from './gate-doubt.ts';
import { isGateThere, lookAtConfig, lookAtFeeds } from './looks.ts';
import { checkOrigin } from './origin-check.ts';
import { OutcomeChecks, type OutcomeRooms } from './outcome-checks.ts';
import type { Round } from './round.ts';
import type { Watch } from './watch.ts';

const ROUND_MS = 300_000;
/** Somebody says that the configuration is faulty: it is looked at, at most this often. */
const CONFIG_APART_MS = 30_000;

const NOTES = { watch: 'watch', doubt: 'doubt', round: 'round_at' } as const;

export interface Rooms extends OutcomeRooms {
  /** Null: a secret or a binding is missing, and nothing can be looked at. */
  readonly environment: () => Promise<Environment | null>;
}

export class Rounds {
  readonly #rooms: Rooms;
  readonly #outcomes: OutcomeChecks;
  #watch: Watch | null;
  #doubt: Doubt | null;
  #roundAt: number;
  #configLookedAt = 0;

  constructor(rooms: Rooms) {
    const { store } = rooms;
    this.#rooms = rooms;
    this.#outcomes = new OutcomeChecks(rooms);
    this.#watch = store.note<Watch>(NOTES.watch);
    this.#doubt = store.note<Doubt>(NOTES.doubt);
    this.#roundAt = store.note<number>(NOTES.round) ?? 0;
  }

  get watch(): Watch | null {
    return this.#watch;
  }

  get doubt(): Doubt | null {
    return this.#doubt;
  }

  keepDoubt(doubted: Doubt | null): void {
    const isNew = doubted?.since !== this.#doubt?.since || doubted?.unanswered !== this.#doubt?.unanswered;
    this.#doubt = doubted;
    if (isNew) this.#rooms.store.putNote(NOTES.doubt, doubted);
  }

  /** Knows what there is to look after from now on; null: nothing. */
  adopt(watch: Watch | null): void {
    const { store, bursts } = this.#rooms;
    if (JSON.stringify(watch) === JSON.stringify(this.#watch)) return;
    // Nobody would look any more whether it is over.
    if (watch !== null && watch.isAttackWatched !== true && this.#watch?.isAttackWatched === true)
      bursts.end('attack', watch, Date.now());
    if (watch !== null && watch.servers === undefined) bursts.end('origin_down', watch, Date.now());
    this.#watch = watch;
    store.putNote(NOTES.watch, watch);
    if (watch !== null) return;
    bursts.closeAll(Date.now());
    store.stopAll();
    this.keepDoubt(null);
  }

  nextAt(now: number): number {
    // Not this.#roundAt alone: a clock may have been set back.
    return Math.min(this.#roundAt + ROUND_MS, now + ROUND_MS, this.#doubt?.askAt ?? Infinity);
  }

  /** Does what is due. */
  async make(now: number): Promise<void> {
    const round = await this.#begin(now);
    if (round === null) {
      // Nothing can be looked at: not again at once.
      this.#roundAt = now;
      this.keepDoubt(null);
      return;
    }
    if (this.#doubt !== null && this.#doubt.askAt <= now) await this.#askGate(round);
    // A clock that was set back must not make it wait.
    if (now >= this.#roundAt && now - this.#roundAt < ROUND_MS) return;
    this.#roundAt = now;
    this.#rooms.store.putNote(NOTES.round, now);
    await this.#checkConfiguration(round);
    if (this.#watch === null) return;
    const current = { ...round, watch: this.#watch };
    if (await this.#outcomes.make(current)) await checkAttack(current, this.#rooms.bursts);
    else this.#missGate(current);
    await checkOrigin(current, this.#rooms.bursts);
    await this.#checkFeeds(current);
    this.#rooms.bursts.review(current.watch, now);
  }

  async checkConfigurationSoon(now: number): Promise<void> {
    if (Math.abs(now - this.#configLookedAt) < CONFIG_APART_MS) return;
    const round = await this.#begin(now);
    if (round !== null) await this.#checkConfiguration(round);
  }

  async #begin(now: number): Promise<Round | null> {
    const environment = await this.#rooms.environment();
    const watch = this.#watch;
    return environment === null || watch === null ? null : { watch, environment, now };
  }

  async #checkConfiguration(round: Round): Promise<void> {
    const { watch, now } = round;
    const { bursts } = this.#rooms;
    this.#configLookedAt = now;
    const look = await lookAtConfig(watch, round.environment);
    switch (look.kind) {
      case 'unknown':
        break;
      case 'deleted':
        // KV may not show yet what was just written.
        if (!isBehind(null, round)) this.adopt(null);
        break;
      case 'faulty':
        bursts.find({ kind: 'configuration_faulty', version: look.version, faults: look.faults }, watch, now);
        break;
      case 'good':
        bursts.end('configuration_faulty', watch, now);
        if (!isBehind(look.watch, round)) this.adopt(look.watch);
        break;
      case 'same':
        bursts.end('configuration_faulty', watch, now);
        break;
    }
  }

  async #askGate({ watch, environment, now }: Round): Promise<void> {
    if (this.#doubt === null) return;
    const isAnswered = await isGateThere(watch, environment);
    const weighed = weigh(this.#doubt, isAnswered, now);
    this.keepDoubt(weighed.kind === 'open' ? weighed.doubt : null);
    if (weighed.kind === 'down') this.#rooms.bursts.find({ kind: 'gate_unavailable' }, watch, now);
  }

  #missGate({ watch, now }: Round): void {
    const { bursts } = this.#rooms;
    if (bursts.isOpen('gate_unavailable')) bursts.find({ kind: 'gate_unavailable' }, watch, now);
    else this.keepDoubt(doubt(this.#doubt, now));
  }

  async #checkFeeds({ watch, environment, now }: Round): Promise<void> {
    const { bursts } = this.#rooms;
    const stale = await lookAtFeeds(watch, environment, now);
    if (stale === null) return;
    if (stale.length === 0) bursts.end('feed_stale', watch, now);
    else bursts.find({ kind: 'feed_stale', feeds: stale }, watch, now);
  }
}

/** KV may show for a minute what the API has replaced since. */
function isBehind(found: Watch | null, { watch, environment, now }: Round): boolean {
  const { writtenAt } = watch.version;
  return (found?.version.writtenAt ?? 0) < writtenAt && now - writtenAt < environment.staleForMs;
}
