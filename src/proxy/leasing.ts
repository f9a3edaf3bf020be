/**
 * Whether a lease holds the address of a request: asked with the admission, or by itself where nothing is counted. The
 * gate's word is for this request alone: none is kept here.
 */
import { type LeaseStake, leaseStake, liftByLease, withoutLease } from '../decision/lease-lifting.ts';
import type { Finding } from '../decision/reason.ts';
import type { Clearing } from '../decision/step-up.ts';
import type { KnownConfig } from '../gate/config-messages.ts';
import { askGate } from '../gate/gate-client.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import { type Guarding, gatesOf } from './guarding.ts';

/** The lease that holds the address; null: none does. */
export type LeaseWord = { readonly lease: string | null } | 'stale_config' | 'unavailable';

/** What hangs on a lease of this request's address; nothing where the merchant has no leases, which costs nothing. */
export function stakeOf({ inForce, route }: Guarding, { early, clearing }: Standing): LeaseStake {
  const { leases } = inForce.policy;
  if (leases === null || early.length === 0) return 'nothing';
  return leaseStake(early, { ...clearing, opensRoute: route.accepts.has('leased') });
}

/** What is found against an attempt, and what becomes of a challenge in it. */
export interface Standing {
  readonly early: readonly Finding[];
  readonly clearing: Clearing;
}

/** What the gate is to be asked; undefined where nothing hangs on it. */
export function questionOf(
  { visit, inForce }: Guarding,
  all: readonly { readonly stake: LeaseStake }[],
): LeaseQuestion | undefined {
  const { whence } = visit;
  const isAsked = inForce.policy.leases !== null && whence !== null && all.some(({ stake }) => stake !== 'nothing');
  return isAsked ? { of: whence.ip.text, isNeeded: all.some(({ stake }) => stake === 'passage') } : undefined;
}

/** Asks by itself, for what touches no counter. */
export async function askLease(guarding: Guarding, question: LeaseQuestion): Promise<LeaseWord> {
  const { policy } = guarding.inForce;
  const config = knownConfig(guarding);
  const answer = await askGate(gatesOf(guarding), policy, (gate) => gate.leaseOf(question, config));
  if (answer.kind === 'unavailable') return 'unavailable';
  const { value } = answer;
  if (value.kind === 'stale_config') return 'stale_config';
  return { lease: value.kind === 'leased' ? value.lease : null };
}

/** The findings once the gate has spoken. */
export function findingsUnder(
  lease: string | null | 'unavailable',
  { findings, guarding }: { readonly findings: readonly Finding[]; readonly guarding: Guarding },
): readonly Finding[] {
  if (lease === null) return withoutLease(findings, 'none_holds');
  if (lease === 'unavailable') return withoutLease(findings, 'gate_unavailable');
  return liftedFindings(guarding, findings);
}

export function liftedFindings({ route }: Guarding, findings: readonly Finding[]): readonly Finding[] {
  return liftByLease(findings, { opensRoute: route.accepts.has('leased') });
}

/** The same with what a lease says of the caller, before anything goes on that no admission is asked for. */
export async function proveCaller(guarding: Guarding): Promise<Guarding | 'stale_config'> {
  const { caller, visit } = guarding;
  if (!caller.isUnproven || visit.whence === null) return guarding;
  const word = await askLease(guarding, { of: visit.whence.ip.text, isNeeded: true });
  if (word === 'stale_config') return word;
  const lease = word === 'unavailable' ? word : word.lease;
  const findings = findingsUnder(lease, { findings: caller.findings, guarding });
  // Whoever is a stranger for another reason was turned away before, or has to hear why he could not be read.
  const isStranger = lease === null || lease === 'unavailable';
  return { ...guarding, caller: { ...caller, findings, isStranger, isUnproven: false } };
}

/** Who was turned away for another reason: whether a lease holds his address nobody asked. */
export function unaskedFindings({ caller }: Guarding, findings: readonly Finding[]): readonly Finding[] {
  return caller.isUnproven ? withoutLease(findings, 'not_asked') : findings;
}

export function knownConfig({ edge, inForce }: Guarding): KnownConfig {
  const known = { ...inForce.policy.version, staleForMs: edge.environment.staleForMs };
  const drainsAt = edge.pools.drainsAt(inForce.policy);
  return drainsAt === undefined ? known : { ...known, drainsAt };
}
