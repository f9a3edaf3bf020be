/**
 * How one merchant's servers stand, as far as this isolate knows: the gate's word, and what it has seen itself since.
 * A copy: it may vanish at any time. Bounded by the pool. Times are ms since the epoch.
 */
import type { Place } from '../config/origin-policy.ts';
import type { OriginWord } from '../gate/origin-messages.ts';
import { claimed, isCheckDue, type PlaceEvent, type PlaceHealth, stepPlace } from '../gate/place-health.ts';
import { placesInOrder } from './choice.ts';
import { RetryBudget } from './retry-budget.ts';
import { Votes } from './votes.ts';

const NOTHING: OriginWord = { at: 0, places: [], drains: [] };
/** Of a place, between two looks that this isolate takes because something failed there. */
const LOOK_APART_MS = 1_000;
/** More than a configuration and the one before it can name. */
const MOST_PLACES = 48;

export class Standing {
  readonly retries = new RetryBudget();
  #word = NOTHING;
  #places = new Map<string, PlaceHealth>();
  #hasDown = false;
  readonly #votes = new Map<string, Votes>();
  readonly #lookedAt = new Map<string, number>();

  /** An older word than the one that is known changes nothing. */
  hear(word: OriginWord): void {
    if (word.at <= this.#word.at) return;
    this.#word = word;
    this.#places = new Map(word.places.map((health) => [health.place, health]));
    this.#note();
  }

  /** Of when the last drain is that is known; 0: none. */
  get drainsAt(): number {
    return this.#word.drains.reduce((last, { at }) => Math.max(last, at), 0);
  }

  order(pool: readonly Place[], now: number, draw: number): readonly Place[] {
    return placesInOrder(pool, { isDown: (place) => this.isDown(place), drains: this.#word.drains, now, draw });
  }

  isDown({ host }: Place): boolean {
    return this.#hasDown && this.#places.get(host)?.isDown === true;
  }

  /** Takes in what this isolate is sure of; the change, if it is one. The gate's next word stands above it. */
  step(event: PlaceEvent, now: number): PlaceHealth | null {
    const before = this.#places.get(event.place) ?? null;
    const after = stepPlace(before, event, now);
    if (after === null || after === before) return null;
    this.#put(after);
    return before?.isDown === after.isDown ? null : after;
  }

  /** Whether somebody should look if it is back; whoever hears so is the one. */
  takeCheck({ host }: Place, now: number): boolean {
    const health = this.#hasDown ? this.#places.get(host) : undefined;
    if (health === undefined || !isCheckDue(health, now)) return false;
    this.#put(claimed(health, now));
    return true;
  }

  /** A client's vote; whether there are enough against the place now. Once they are heard they are spent: it may return. */
  vote({ host }: Place, client: string, isGood: boolean, now: number): boolean {
    const votes = this.#votes.get(host) ?? new Votes();
    if (!this.#votes.has(host)) this.#makeRoom(this.#votes).set(host, votes);
    votes.cast(client, isGood, now);
    const isAgreed = !isGood && votes.areAgainst(now);
    if (isAgreed) votes.clear();
    return isAgreed;
  }

  /** Whether to look because something failed there; whoever hears so is the one. */
  takeLook({ host }: Place, now: number): boolean {
    const lookedAt = this.#lookedAt.get(host) ?? 0;
    if (Math.abs(now - lookedAt) < LOOK_APART_MS) return false;
    this.#makeRoom(this.#lookedAt).set(host, now);
    return true;
  }

  #put(health: PlaceHealth): void {
    this.#makeRoom(this.#places).set(health.place, health);
    this.#note();
  }

  #makeRoom<T>(places: Map<string, T>): Map<string, T> {
    if (places.size >= MOST_PLACES) places.clear();
    return places;
  }

  #note(): void {
    this.#hasDown = [...this.#places.values()].some(({ isDown }) => isDown);
  }
}
