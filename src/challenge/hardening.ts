/**
 * A ticket of the API is made before the gate is asked: whether its merchant is attacked is known when it is answered.
 */
import { EFFORT_UNDER_ATTACK } from '../decision/step-up.ts';
import { askGate } from '../gate/gate-client.ts';
import type { MethodName } from '../step-up/method-name.ts';
import type { Opened } from './opened-challenge.ts';

/** With the work that attack mode asks for. A gate that is silent asks for none: nothing is passed without it. */
export async function hardened(opened: Opened, names: readonly MethodName[]): Promise<Opened['on']> {
  const { policy, face, on } = opened;
  const isHard = on.ticket.effort >= EFFORT_UNDER_ATTACK;
  if (policy.watching === null || isHard || !names.includes('proof_of_work')) return on;
  const state = await askGate(face.environment.gates, policy, (gate) => gate.attackState());
  if (state.kind !== 'answered') return on;
  const { level, turned } = state.value;
  const isAttacked = turned === null ? policy.watching.mode === 'enforce' && level !== 'normal' : turned.state === 'on';
  return isAttacked ? { ...on, ticket: { ...on.ticket, effort: EFFORT_UNDER_ATTACK } } : on;
}
