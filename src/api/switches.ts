/**
 * A merchant's switches as the API turns and tells them. The gate hears of a turn first, through which every isolate learns
 * of it at its next attempt; KV hears of it too, for the gate may be what is broken.
 */
import type { Level } from '../attack/attacked.ts';
import type { Environment } from '../config/environment.ts';
import { MerchantStore } from '../config/merchant-store.ts';
import type { Policy } from '../config/policy.ts';
import { type Bypass, isInForce, latestOf } from '../gate/bypass.ts';
import { askGate, type GateCalls } from '../gate/gate-client.ts';
import type { TurnedAttackMode } from '../gate/switches.ts';
import type { ToldOrigin } from './drains.ts';

/** A bypass as the API tells it; of one that is over only the state is left. */
export interface ToldBypass {
  readonly state: 'on' | 'off';
  readonly until: string | null;
  readonly reason: string | null;
  readonly turned_at: string | null;
  /** `admin`, `key:` and a key's id, or `kv`. */
  readonly turned_by: string | null;
}

/** Attack mode as the API tells it. */
export interface ToldAttackMode {
  /** What somebody said by hand; `auto`: nobody did. */
  readonly state: 'on' | 'off' | 'auto';
  readonly until: string | null;
  readonly reason: string | null;
  readonly turned_at: string | null;
  readonly turned_by: string | null;
  readonly level: Level;
  readonly segments: readonly ToldSegment[];
}

export interface ToldSegment {
  readonly segment: string;
  readonly level: Exclude<Level, 'normal'>;
  readonly since: string;
  readonly seen_at: string;
  readonly attempts: number;
  /** By weight. */
  readonly failures: number;
  readonly usual_share: number;
}

export interface ToldSwitches {
  readonly bypass: ToldBypass;
  /** Null where the gate does not answer. */
  readonly attack_mode: ToldAttackMode | null;
  /** Null where the gate does not answer, and for a merchant without servers. */
  readonly origin: ToldOrigin | null;
}

/** Who has heard of a turn: the gate within seconds tells every isolate, KV does within a minute and a half. */
export interface Heard {
  readonly gate: boolean;
  readonly kv: boolean;
}

export interface ToldTurn {
  readonly bypass?: ToldBypass;
  readonly attack_mode?: ToldAttackMode;
  readonly origin?: ToldOrigin;
  /** Of a bypass. */
  readonly heard?: Heard;
}

export class Switches {
  readonly #gates: Environment['gates'];
  readonly #store: MerchantStore;

  constructor({ gates, merchants }: Pick<Environment, 'gates' | 'merchants'>) {
    this.#gates = gates;
    this.#store = new MerchantStore(merchants);
  }

  /** Null where neither gate nor KV took it. */
  async turn(policy: Policy, said: Bypass): Promise<{ readonly bypass: Bypass; readonly heard: Heard } | null> {
    const turned = await askGate(this.#gates, policy, (gate) => gate.turnBypass(said));
    const gate = turned.kind === 'answered';
    const bypass = gate ? turned.value : said;
    const written = this.#store.writeBypass(policy.merchant, bypass);
    // What KV does not take is said in the answer.
    const kv = await written.then(
      () => true,
      () => false,
    );
    return gate || kv ? { bypass, heard: { gate, kv } } : null;
  }

  /** Null where the gate does not answer: nobody else knows. */
  async attackMode(policy: Policy): Promise<ToldAttackMode | null> {
    const answer = await askGate(this.#gates, policy, (gate) => gate.attackState());
    return answer.kind === 'answered' ? toldAttackMode(answer.value) : null;
  }

  /** Null where the gate did not take it. */
  async turnAttackMode(policy: Policy, turned: TurnedAttackMode | null): Promise<ToldAttackMode | null> {
    const answer = await askGate(this.#gates, policy, async (gate) => {
      await gate.turnAttackMode(turned);
      return gate.attackState();
    });
    return answer.kind === 'answered' ? toldAttackMode(answer.value) : null;
  }

  /** The last word, as gate and KV know it; `now` in ms since the epoch. */
  async last(policy: Policy, now: number): Promise<Bypass | null> {
    const [known, written] = await Promise.all([
      askGate(this.#gates, policy, (gate) => gate.bypass()),
      this.#store.bypass(policy.merchant, now),
    ]);
    return latestOf([known.kind === 'answered' ? known.value : null, written]);
  }
}

function toldAttackMode({ level, attacked, turned }: Awaited<ReturnType<GateCalls['attackState']>>): ToldAttackMode {
  const at = (time: number | null | undefined) => (time == null ? null : new Date(time).toISOString());
  return {
    state: turned?.state ?? 'auto',
    until: at(turned?.until),
    reason: turned?.reason ?? null,
    turned_at: at(turned?.at),
    turned_by: turned?.by ?? null,
    level,
    segments: attacked.map(({ segment, level, since, seenAt, found: { attempts, failures, usualShare } }) => ({
      segment,
      level,
      since: new Date(since).toISOString(),
      seen_at: new Date(seenAt).toISOString(),
      attempts,
      failures,
      usual_share: Math.round(usualShare * 1000) / 1000,
    })),
  };
}

export function toldOf(bypass: Bypass | null, now: number): ToldBypass {
  const over = { state: 'off', until: null, reason: null, turned_at: null, turned_by: null } as const;
  if (!isInForce(bypass, now)) return over;
  const { at, until, reason, by } = bypass;
  const [turned_at, ends] = [at, until].map((time) => new Date(time).toISOString());
  return { state: 'on', until: ends ?? '', reason, turned_at: turned_at ?? '', turned_by: by };
}
