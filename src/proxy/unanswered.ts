/**
 * What it means that the gate did not answer: the policy's word, wherever something was to be asked.
 */
import type { Policy } from '../config/policy.ts';
import type { Finding } from '../decision/reason.ts';
import type { Judged } from './admitting.ts';

/** Rules in shadow alone refuse nobody. Who is on the deny list nobody knows then. */
export function gateUnavailable({ onGateUnavailable }: Policy, { touches, visit, listing }: Judged): Finding {
  const message = `the gate did not answer; on_gate_unavailable: ${onGateUnavailable}`;
  const isAsked = visit?.isRefused === true || listing !== undefined;
  const isEnforced = isAsked || touches.some((touch) => touch.mode === 'enforce');
  const mode = isEnforced ? 'enforce' : 'shadow';
  return { code: 'gate_unavailable', consequence: onGateUnavailable, mode, message };
}
