/**
 * A merchant's servers as the API tells and drains them. The gate hears of a drain, and through it every isolate: at its
 * next payment, and within seconds elsewhere.
 */
import type { Environment } from '../config/environment.ts';
import type { OriginPolicy, Place } from '../config/origin-policy.ts';
import type { Policy } from '../config/policy.ts';
import { type Drain, isDrained, isDrainInForce } from '../gate/drain.ts';
import { askGate } from '../gate/gate-client.ts';
import type { OriginWord } from '../gate/origin-messages.ts';

/** What somebody names: one of the two. */
export interface DrainTarget {
  readonly country?: string | undefined;
  readonly place?: string | undefined;
}

export interface ToldDrain {
  readonly country: string | null;
  readonly place: string | null;
  readonly until: string | null;
  readonly reason: string;
  readonly turned_at: string;
  readonly turned_by: string;
}

export interface ToldPlace {
  readonly place: string;
  readonly country: string | null;
  readonly priority: number;
  readonly weight: number;
  readonly state: 'up' | 'down' | 'drained';
  /** Of one that is down. */
  readonly since: string | null;
  readonly why: string | null;
}

export interface ToldOrigin {
  readonly places: readonly ToldPlace[];
  readonly drains: readonly ToldDrain[];
}

export class Drains {
  readonly #gates: Environment['gates'];

  constructor({ gates }: Pick<Environment, 'gates'>) {
    this.#gates = gates;
  }

  /** Null where the gate does not answer: nobody else knows. */
  async word(policy: Policy): Promise<OriginWord | null> {
    const answer = await askGate(this.#gates, policy, (gate) => gate.originWord());
    return answer.kind === 'answered' ? answer.value : null;
  }

  /** `too_many`: there are as many as the gate keeps. */
  async turn(policy: Policy, drain: Drain): Promise<OriginWord | 'too_many' | null> {
    const answer = await askGate(this.#gates, policy, async (gate) => {
      const turned = await gate.turnDrain(drain);
      return turned === null ? ('too_many' as const) : gate.originWord();
    });
    return answer.kind === 'answered' ? answer.value : null;
  }
}

export function drainOf(target: DrainTarget, said: Omit<Drain, 'kind' | 'name'>): Drain {
  const { country, place } = target;
  return country === undefined
    ? { kind: 'place', name: place ?? '', ...said }
    : { kind: 'country', name: country, ...said };
}

/** What is wrong with a drain, or null. To lift one that is none is nothing wrong. */
export function faultInDrain(drain: Drain, { pool }: OriginPolicy, { drains }: OriginWord, now: number): string | null {
  const isMeant = (place: Place) => isDrained(place, [{ ...drain, until: null }], now);
  if (!pool.some(isMeant)) return 'must name a country or a place of origin.pool';
  const isLeft = pool.some((place) => !isMeant(place) && !isDrained(place, drains, now));
  return isLeft ? null : 'must leave a place that is not drained';
}

export function toldOrigin({ pool }: OriginPolicy, { places, drains }: OriginWord, now: number): ToldOrigin {
  const told = pool.map((place): ToldPlace => {
    const { host, country, priority, weight } = place;
    const down = places.find((health) => health.place === host && health.isDown);
    const state = isDrained(place, drains, now) ? 'drained' : down === undefined ? 'up' : 'down';
    const since = down === undefined ? null : new Date(down.since).toISOString();
    return { place: host, country, priority, weight, state, since, why: down?.why ?? null };
  });
  return { places: told, drains: drains.filter((drain) => isDrainInForce(drain, now)).map(toldDrain) };
}

function toldDrain({ kind, name, at, until, reason, by }: Drain): ToldDrain {
  return {
    country: kind === 'country' ? name : null,
    place: kind === 'place' ? name : null,
    until: until === null ? null : new Date(until).toISOString(),
    reason,
    turned_at: new Date(at).toISOString(),
    turned_by: by,
  };
}
