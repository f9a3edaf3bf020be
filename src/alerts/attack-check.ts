/**
 * Whether the gate still sees an attack, looked at once a round: attempts say that one began, and nobody else says that it
 * is over once nobody comes any more.
 */
import { wordsOfAlarm } from '../attack/alarm-words.ts';
import type { Attacked } from '../attack/attacked.ts';
import type { AttackState } from '../gate/attack-desk.ts';
import type { Finding } from './alert-kinds.ts';
import type { BurstBook } from './burst-book.ts';
import { lookAtAttack } from './looks.ts';
import type { Round } from './round.ts';

const BY_HAND = { kind: 'attack_began', reason: 'attack mode is turned on by hand' } as const;

/** A gate that does not answer leaves all as it is. */
export async function checkAttack({ watch, environment, now }: Round, bursts: BurstBook): Promise<void> {
  if (watch.isAttackWatched !== true) return;
  const state = await lookAtAttack(watch, environment);
  if (state === null) return;
  const found = attackIn(state);
  if (found !== null) bursts.find(found, watch, now);
  else if (state.turned?.state !== 'on') bursts.end('attack', watch, now);
  // Turned on by hand it begins with the first attempt that meets it, and lasts.
  else if (bursts.isOpen('attack')) bursts.find(BY_HAND, watch, now);
}

/** Null: the watch sees none, whatever was said by hand. Named is what is worst. */
export function attackIn({ level, attacked }: Pick<AttackState, 'level' | 'attacked'>): Finding | null {
  if (level === 'normal') return null;
  const [worst] = attacked.toSorted(byHarm);
  return { kind: 'attack_began', reason: worst === undefined ? `attack mode is ${level}` : wordsOfAlarm(worst) };
}

function byHarm(one: Attacked, other: Attacked): number {
  if (one.level !== other.level) return one.level === 'under_attack' ? -1 : 1;
  return other.found.failures - one.found.failures;
}
