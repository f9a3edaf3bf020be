/**
 * The checks that configurations ask for, by the clock: each minute, of the merchants whose turn it is. What they find
 * goes the way of everything that is seen of a server, through the gate.
 */
import { MerchantStore } from '../config/merchant-store.ts';
import type { Policies } from '../config/policies.ts';
import { log, nameOf } from '../journal/log.ts';
import type { Pools } from './pools.ts';

export interface RoundOfChecks {
  readonly merchants: KVNamespace;
  readonly policies: Policies;
  readonly pools: Pools;
  readonly afterwards: (work: Promise<unknown>) => void;
  /** ms since the epoch. */
  readonly now: number;
}

const MINUTE_MS = 60_000;
/** A run of a Worker has so many subrequests, and so much time; what is left out comes first the next time. */
const MERCHANTS_A_ROUND = 200;
const AT_ONCE = 10;

export async function checkOrigins(round: RoundOfChecks): Promise<void> {
  const minute = Math.floor(round.now / MINUTE_MS);
  const all = await new MerchantStore(round.merchants).listChecked();
  const from = all.length > MERCHANTS_A_ROUND ? (minute * MERCHANTS_A_ROUND) % all.length : 0;
  const due = [...all.slice(from), ...all.slice(0, from)].slice(0, MERCHANTS_A_ROUND);
  // Of many a merchant comes up every few minutes, which may never be those that its interval names.
  const turn = { minute, every: Math.max(1, Math.ceil(all.length / MERCHANTS_A_ROUND)) };
  for (let at = 0; at < due.length; at += AT_ONCE) {
    await Promise.all(due.slice(at, at + AT_ONCE).map((id) => checkMerchant(id, turn, round)));
  }
}

/** In minutes. */
interface Turn {
  readonly minute: number;
  /** How often a merchant comes up, at the least. */
  readonly every: number;
}

/** Whether an interval has ended since the merchant came up last. */
export function isDue(intervalMinutes: number, { minute, every }: Turn): boolean {
  return Math.floor(minute / intervalMinutes) !== Math.floor((minute - every) / intervalMinutes);
}

/** One merchant's mishaps are not another's. */
async function checkMerchant(id: string, turn: Turn, round: RoundOfChecks): Promise<void> {
  const { policies, pools, afterwards, now } = round;
  try {
    const inForce = await policies.ofMerchant(id, now, afterwards);
    const origin = inForce?.policy.origin ?? null;
    if (inForce === null || origin === null || origin.health === null) return;
    if (!isDue(origin.health.intervalMs / MINUTE_MS, turn)) return;
    const pooling = { policy: inForce.policy, origin, afterwards };
    await Promise.all(origin.pool.map((place) => pools.check(pooling, place)));
  } catch (error) {
    log({ event: 'origin_not_checked', merchant: id, error: nameOf(error) });
  }
}
