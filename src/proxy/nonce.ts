/**
 * The nonce of a good signature: what the gate says of it, with an admission or by itself. Without the gate's word it
 * is not known to be unused, and an unproven one is no better than a used one, whatever `on_gate_unavailable` says.
 */
import type { Finding } from '../decision/reason.ts';
import { askGate, type GateCalls } from '../gate/gate-client.ts';
import type { Admission } from '../gate/gate-messages.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import type { Nonce, NonceUse } from '../gate/nonce-messages.ts';
import { egressFindings } from '../network/egress.ts';
import { type Guarding, gatesOf } from './guarding.ts';
import { knownConfig } from './leasing.ts';

interface Asked {
  readonly asked: { readonly admissions: readonly Admission[]; readonly lease: string | null } | 'unavailable';
  readonly question: LeaseQuestion | undefined;
}

/** Who is denied, or lacks the lease that he needs, has not used his nonce: somebody else may have copied his request. */
export async function replayFound(
  guarding: Guarding,
  nonce: Nonce,
  { asked, question }: Asked,
): Promise<readonly Finding[] | 'stale_config'> {
  if (asked === 'unavailable') return checkNonce(guarding, nonce, null);
  const isUnleased = question?.isNeeded === true && asked.lease === null;
  return isUnleased || asked.admissions.some(isUnjudged) ? [] : checkNonce(guarding, nonce, asked.admissions);
}

/** Denied, or without the lease that it needs: whatever it came with was not looked at. */
export function isUnjudged(admission: Admission): boolean {
  return 'listed' in admission && (admission.kind === 'unleased' || (admission.listed?.deny.length ?? 0) > 0);
}

/** `admissions`: null where the gate did not answer, empty where it was not asked yet. */
export async function checkNonce(
  guarding: Guarding,
  nonce: Nonce,
  admissions: readonly Admission[] | null,
): Promise<readonly Finding[] | 'stale_config'> {
  const use = admissions?.length === 0 ? await useNonce(guarding, nonce) : useIn(admissions?.[0]);
  if (use === 'stale_config') return use;
  if (use === 'unused') return [];
  const why = use === 'used' ? 'replayed' : 'unproven';
  return egressFindings({ of: 'nonce', why }, guarding.inForce.policy.network.modes);
}

/** For a request that touches no counter: the same call twice is one use. */
async function useNonce(guarding: Guarding, nonce: Nonce): Promise<NonceUse | 'stale_config' | null> {
  const config = knownConfig(guarding);
  const ask = (gate: GateCalls) => gate.useNonce(nonce, guarding.id, config);
  const answer = await askGate(gatesOf(guarding), guarding.inForce.policy, ask);
  return answer.kind === 'answered' ? answer.value : null;
}

/** A gate of the release before knows no nonces, and says nothing of one. */
function useIn(admission: Admission | undefined): NonceUse | null {
  return admission !== undefined && 'verdicts' in admission ? (admission.nonce ?? null) : null;
}
