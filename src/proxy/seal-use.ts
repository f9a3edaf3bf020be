/**
 * The id of a sealed body: good for one payment that is let in, and for no second one. Who is challenged, or told to wait,
 * comes again with the same. Without the gate's word it is not known to be unused, and an unproven one is no better than a
 * used one, whatever `on_gate_unavailable` says.
 */
import type { Finding } from '../decision/reason.ts';
import { askGate } from '../gate/gate-client.ts';
import type { Admission } from '../gate/gate-messages.ts';
import type { GateWord, Judged } from './admitting.ts';
import { type Guarding, gatesOf, isRefused, type Judgement } from './guarding.ts';
import { isUnjudged } from './nonce.ts';

const NOTHING: readonly Finding[] = [];
const USED = 'the sealed payment was used before';
const UNPROVEN = 'the gate did not say that the sealed payment is unused';

/** What speaks against the first of `asking`, for that one brings the id. */
export function sealFound([first]: readonly Judged[], asked: GateWord): readonly Finding[] {
  if (first?.tried.seal === undefined || asked === 'stale_config') return NOTHING;
  const admission = asked === 'unavailable' ? undefined : asked.admissions[0];
  if (admission !== undefined && isUnjudged(admission)) return NOTHING;
  const use = usedIn(admission);
  if (use === 'unused') return NOTHING;
  const message = use === 'used' ? USED : UNPROVEN;
  return [{ code: 'unreadable', consequence: 'block', mode: 'enforce', message }];
}

/** A gate of the release before knows of none, and says nothing of one. */
function usedIn(admission: Admission | undefined) {
  return admission !== undefined && 'verdicts' in admission ? admission.seal : undefined;
}

interface Asking {
  readonly asking: readonly Judged[];
  readonly asked: Exclude<GateWord, 'stale_config'>;
}

/** Who is turned away after all, by a rule that waited for the counts or for want of an answer, keeps his seal. */
export function keepSeal(
  guarding: Guarding,
  { asking: [first], asked }: Asking,
  judgements: readonly Judgement[],
): readonly Judgement[] {
  const { inForce, afterwards } = guarding;
  const { policy } = inForce;
  const seal = first?.tried.seal;
  if (first === undefined || seal === undefined || policy.mode !== 'enforce') return judgements;
  const mayBeUsed = asked === 'unavailable' || asked.admissions[0]?.kind === 'admitted';
  if (!mayBeUsed || !judgements.some(({ evaluation }) => isRefused(evaluation))) return judgements;
  afterwards(askGate(gatesOf(guarding), policy, (gate) => gate.freeNonce(seal.key, first.id)));
  return judgements;
}
