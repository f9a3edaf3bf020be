/**
 * Tells a merchant's alerts object that an attempt was found where attack mode sees an attack. No payment waits for it, and
 * the bell says it seldom.
 */
import type { Evaluation } from '../decision/evaluation.ts';
import type { Environment } from './environment.ts';
import type { Policy } from './policy.ts';

type Told = Pick<Policy, 'merchant' | 'isWatched' | 'watching'>;

export function noticeAttack(
  { alerts }: Pick<Environment, 'alerts'>,
  { merchant, isWatched, watching }: Told,
  { reasons }: Pick<Evaluation, 'reasons'>,
): void {
  if (watching === null || !isWatched) return;
  const found = reasons.find(({ code }) => code === 'attack_mode');
  if (found === undefined) return;
  // What stands behind a semicolon is about this attempt: a pass, a lease.
  const [reason = found.message] = found.message.split('; ');
  alerts?.notice(merchant, { kind: 'attack_began', reason });
}
