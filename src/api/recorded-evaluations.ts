/**
 * An evaluation that the gate does not know, or not any more, as the record tells it: in the same shape.
 */
import { merchantOf } from '../gate/evaluation-id.ts';
import { ASKED_3DS } from '../journal/decision-entry.ts';
import { type Explanation, explain } from '../records/explanation.ts';
import type { AskRecords, RecordsAnswer } from '../records/records.ts';
import type { ToldEvaluation } from './stored-evaluations.ts';

/** Null where it is not on record either. */
export async function recordedEvaluation(ask: AskRecords, id: string): Promise<RecordsAnswer<ToldEvaluation | null>> {
  const merchant = merchantOf(id);
  if (merchant === null) return { kind: 'answered', value: null };
  const moment = { now: 0, reservationMs: 0 };
  const explained = await explain(ask, { merchant, evaluation: id }, moment);
  if (explained.kind !== 'answered') return explained;
  return { kind: 'answered', value: explained.value && toldOf(explained.value) };
}

/** What was to be done at that moment is over: no place is held, and nothing is to be tried again. */
function toldOf(explained: Explanation): ToldEvaluation {
  const { id, merchant, decision, risk_score, risk_level, risk, reasons, mode, config_version, created_at } = explained;
  const request_3ds = explained.challenge === ASKED_3DS;
  const challenge = request_3ds ? null : (explained.challenge as ToldEvaluation['challenge']);
  return {
    id,
    merchant,
    decision,
    risk_score,
    risk_level,
    risk,
    reasons,
    request_3ds,
    challenge,
    reservation: null,
    retry_after_seconds: null,
    mode,
    config_version,
    created_at,
    outcome: outcomeOf(explained),
    labels: explained.labels,
  };
}

function outcomeOf({ outcome }: Explanation): ToldEvaluation['outcome'] {
  if (outcome === null) return null;
  const { told_by: _, ...told } = outcome;
  return told;
}
