/**
 * What an alerts object looks at for itself: the configuration in KV, the gate, the lists that its merchant asks. Each
 * look has an arm for "cannot be told now", which is no alarm.
 */
import { watchOf } from '../config/alert-policy.ts';
import { readConfigText } from '../config/config-text.ts';
import type { Environment } from '../config/environment.ts';
import { isStale } from '../config/feeds/feed.ts';
import { FeedStore } from '../config/feeds/feed-store.ts';
import { validateMerchant } from '../config/merchant-config.ts';
import { MerchantStore } from '../config/merchant-store.ts';
import { hashOf } from '../config/policies.ts';
import { prepareExpressions } from '../config/rule-schema.ts';
import type { AttackState } from '../gate/attack-desk.ts';
import { askGate } from '../gate/gate-client.ts';
import type { OriginWord } from '../gate/origin-messages.ts';
import type { ConfigFault } from './alert-kinds.ts';
import type { Tally } from './outcome-history.ts';
import type { Watch } from './watch.ts';

export type ConfigLook =
  | { readonly kind: 'unknown' | 'same' | 'deleted' }
  /** `watch`: null where it asks for no alerts. */
  | { readonly kind: 'good'; readonly watch: Watch | null }
  | { readonly kind: 'faulty'; readonly version: string; readonly faults: readonly ConfigFault[] };

/** Faults named in an alert. */
const FAULTS = 5;

/** The configuration that stands in KV, held against the one that is known. */
export async function lookAtConfig({ merchant, version }: Watch, environment: Environment): Promise<ConfigLook> {
  try {
    const stored = await new MerchantStore(environment.merchants).read(merchant);
    if (stored === null) return { kind: 'deleted' };
    const { json, writtenAt } = stored;
    const hash = await hashOf(json);
    if (hash === version.hash) return { kind: 'same' };
    const parsed = readConfigText(json);
    if (!parsed.ok) {
      const faults = [{ path: '', message: 'is not strict JSON, or too long' }];
      return { kind: 'faulty', version: hash, faults };
    }
    await prepareExpressions(parsed.value);
    const valid = validateMerchant(parsed.value, merchant, environment);
    if (!valid.ok) return { kind: 'faulty', version: hash, faults: valid.faults.slice(0, FAULTS) };
    return { kind: 'good', watch: watchOf(valid.value, { hash, writtenAt }) };
  } catch {
    return { kind: 'unknown' };
  }
}

/** Whether the gate is there. */
export async function isGateThere(watch: Watch, { gates }: Environment): Promise<boolean> {
  const answer = await askGate(gates, whereOf(watch), (gate) => gate.keptVersion());
  return answer.kind === 'answered';
}

/** What became of the attempts of a stretch of time; null when the gate does not answer. */
export async function lookAtOutcomes(
  watch: Watch,
  { from, to }: Pick<Tally, 'from' | 'to'>,
  { gates }: Environment,
): Promise<Tally | null> {
  const answer = await askGate(gates, whereOf(watch), (gate) => gate.tallyOutcomes(from, to));
  return answer.kind === 'answered' ? { from, to, ...answer.value } : null;
}

/** How attack mode stands; null when the gate does not answer. */
export async function lookAtAttack(watch: Watch, { gates }: Environment): Promise<AttackState | null> {
  const answer = await askGate(gates, whereOf(watch), (gate) => gate.attackState());
  return answer.kind === 'answered' ? answer.value : null;
}

/** What is known of the shop's servers; null when the gate does not answer. */
export async function lookAtOrigin(watch: Watch, { gates }: Environment): Promise<OriginWord | null> {
  const answer = await askGate(gates, whereOf(watch), (gate) => gate.originWord());
  return answer.kind === 'answered' ? answer.value : null;
}

/** Names of the lists that are stale among those that are asked; null when that cannot be told. */
export async function lookAtFeeds(
  { tables }: Watch,
  { merchants }: Environment,
  now: number,
): Promise<readonly string[] | null> {
  if (tables === null) return [];
  try {
    const listed = (await new FeedStore(merchants).index()) ?? [];
    const asked = listed.filter(({ name, kind }) => tables.feeds.includes(name) || isAmong(kind, tables.kinds));
    return asked.filter((feed) => isStale(feed, now)).map(({ name }) => name);
  } catch {
    return null;
  }
}

function isAmong(kind: string, kinds: readonly string[]): boolean {
  return kinds.includes(kind);
}

function whereOf({ merchant, gate }: Watch) {
  return { merchant, gate };
}
