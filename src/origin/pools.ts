/**
 * The servers of all merchants that have several, as this isolate knows them, and how isolates tell each other through the
 * gate: always beside a request, never before its answer. What one client saw makes Cordon look; what Cordon saw counts.
 */
import type { Environment } from '../config/environment.ts';
import type { OriginPolicy, Place } from '../config/origin-policy.ts';
import type { Policy } from '../config/policy.ts';
import { askGate } from '../gate/gate-client.ts';
import type { OriginHeard, OriginNews, OriginWord } from '../gate/origin-messages.ts';
import type { PlaceEvent, PlaceFault, PlaceHealth } from '../gate/place-health.ts';
import { log } from '../journal/log.ts';
import { checkPlace } from './check.ts';
import type { Retry } from './retry-budget.ts';
import { Standing } from './standing.ts';

const MERCHANTS_LIMIT = 1_000;

type Shop = Pick<Policy, 'merchant' | 'gate' | 'hosts' | 'isWatched'>;

/** What a request needs of it. */
export interface Pooling {
  readonly policy: Shop;
  readonly origin: OriginPolicy;
  /** Work beside the request. */
  readonly afterwards: (work: Promise<unknown>) => void;
}

export class Pools {
  readonly #environment: Pick<Environment, 'gates' | 'alerts'>;
  readonly #standings = new Map<string, Standing>();

  constructor(environment: Pick<Environment, 'gates' | 'alerts'>) {
    this.#environment = environment;
  }

  hear(merchant: string, word: OriginWord): void {
    this.#of(merchant).hear(word);
  }

  /** Of when the last drain is that is known; 0: none. Undefined for a pool of one, from which nothing can be kept. */
  drainsAt({ merchant, origin }: Pick<Policy, 'merchant' | 'origin'>): number | undefined {
    return origin === null || origin.pool.length === 1 ? undefined : this.#of(merchant).drainsAt;
  }

  /** The places in the order in which a request that has come is to ask them; `now` in ms since the epoch. */
  order(pooling: Pooling, now: number): readonly Place[] {
    const { policy, origin, afterwards } = pooling;
    const standing = this.#of(policy.merchant);
    standing.retries.note(now);
    for (const place of origin.pool) {
      if (standing.takeCheck(place, now)) afterwards(this.#checkAgain(pooling, place));
    }
    return standing.order(origin.pool, now, Math.random());
  }

  /** Whether a request that failed at one place may be asked at another; whoever hears so does it. */
  takeRetry({ policy: { merchant } }: Pooling, retry: Retry): boolean {
    const now = Date.now();
    const { retries } = this.#of(merchant);
    const isTaken = retries.take(retry, now);
    const denied = isTaken ? null : retries.takeDenied(now);
    if (denied !== null) log({ event: 'origin_retries_spent', merchant, denied });
    return isTaken;
  }

  /** A client was answered by a place. */
  well({ policy }: Pooling, place: Place, client: string): void {
    this.#of(policy.merchant).vote(place, client, true, Date.now());
  }

  /** A client saw a place fail. */
  failed(pooling: Pooling, place: Place, client: string, why: PlaceFault): void {
    const { policy, afterwards } = pooling;
    const now = Date.now();
    const standing = this.#of(policy.merchant);
    const isAgreed = standing.vote(place, client, false, now);
    if (standing.isDown(place)) return;
    if (isAgreed) afterwards(this.#tell(pooling, { kind: 'failed', place: place.host, why }));
    else this.doubt(pooling, place);
  }

  /** Something takes long there: Cordon looks for itself. */
  doubt(pooling: Pooling, place: Place): void {
    const standing = this.#of(pooling.policy.merchant);
    if (standing.isDown(place) || !standing.takeLook(place, Date.now())) return;
    pooling.afterwards(this.#look(pooling, place));
  }

  /** By the clock: the check that the configuration asks for, whoever asks for pages meanwhile. */
  async check(pooling: Pooling, place: Place): Promise<void> {
    const why = await this.#checked(pooling, place);
    const event: PlaceEvent = why === null ? { kind: 'passed', place: place.host } : await this.#sure(pooling, place);
    // One that is well, as far as is known, need not be told of.
    if (event.kind !== 'passed' || this.#of(pooling.policy.merchant).isDown(place)) await this.#tell(pooling, event);
  }

  /** Two checks that fail in a row: one may be anything. */
  async #look(pooling: Pooling, place: Place): Promise<void> {
    if ((await this.#checked(pooling, place)) === null) return;
    const event = await this.#sure(pooling, place);
    if (event.kind !== 'passed') await this.#tell(pooling, event);
  }

  async #sure(pooling: Pooling, place: Place): Promise<PlaceEvent> {
    const why = await this.#checked(pooling, place);
    return why === null ? { kind: 'passed', place: place.host } : { kind: 'missed', place: place.host, why };
  }

  /**
   * Of all isolates one looks whether a place is back; without the gate each for itself. A gate that was away when it fell
   * does not know of that: then an isolate that alone believes so looks, too.
   */
  async #checkAgain(pooling: Pooling, place: Place): Promise<void> {
    const heard = await this.#ask(pooling, { events: [], claim: place.host });
    const known = heard?.word.places.find((health) => health.place === place.host);
    const isOthers = known?.isDown === true && heard?.isGranted !== true;
    const isBack = known !== undefined && !this.#of(pooling.policy.merchant).isDown(place);
    if (isOthers || isBack) return;
    const why = await this.#checked(pooling, place);
    const { host } = place;
    await this.#tell(pooling, why === null ? { kind: 'passed', place: host } : { kind: 'missed', place: host, why });
  }

  #checked({ policy, origin }: Pooling, place: Place): Promise<PlaceFault | null> {
    const [shop = ''] = policy.hosts;
    return checkPlace({ place, origin, shop });
  }

  /** Here at once, and through the gate everywhere; where the gate is away, here alone. */
  async #tell(pooling: Pooling, event: PlaceEvent): Promise<void> {
    const own = this.#of(pooling.policy.merchant).step(event, Date.now());
    const heard = await this.#ask(pooling, { events: [event] });
    const changed = heard?.changed ?? (own === null ? [] : [own]);
    for (const health of changed) this.#announce(pooling, health);
  }

  async #ask({ policy }: Pooling, news: OriginNews): Promise<OriginHeard | null> {
    const answer = await askGate(this.#environment.gates, policy, (gate) => gate.hearOrigin(news));
    if (answer.kind === 'unavailable') return null;
    this.hear(policy.merchant, answer.value.word);
    return answer.value;
  }

  /** That all are back again the alerts object sees for itself. */
  #announce({ policy, origin }: Pooling, { place, isDown, why, falls }: PlaceHealth): void {
    const { merchant, isWatched } = policy;
    if (isDown) log({ event: 'origin_place_down', merchant, place, why, falls });
    else log({ event: 'origin_place_up', merchant, place });
    const standing = this.#of(merchant);
    const places = origin.pool.filter((one) => standing.isDown(one)).map(({ host }) => host);
    if (isDown && isWatched) this.#environment.alerts?.notice(merchant, { kind: 'origin_down', places });
  }

  #of(merchant: string): Standing {
    const known = this.#standings.get(merchant);
    if (known !== undefined) return known;
    if (this.#standings.size >= MERCHANTS_LIMIT) this.#standings.clear();
    const made = new Standing();
    this.#standings.set(merchant, made);
    return made;
  }
}
