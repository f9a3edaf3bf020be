/**
 * The gate's ledger against the record: what an isolate that died had not sent is put in, so that the two agree on every
 * failure that was counted. One bounded stretch a call; times are ms since the epoch.
 */
import { evaluationOf, firstIdOf, timeOf } from '../gate/evaluation-id.ts';
import type { LedgerLine, LedgerPage, LedgerRecord, LedgerStretch } from '../gate/ledger-messages.ts';
import type { Entry, OutcomeEntry } from './entry.ts';
import { insert } from './insertion.ts';
import { outcomeEntry } from './outcome-entry.ts';
import { recoveredDecision } from './recovered-decision.ts';
import { ensureSchema } from './schema.ts';
import { outcomesTakenBack } from './totals.ts';

/** What of the gate is asked. Each may fail; then the stretch is compared another time. */
export interface LedgerSource {
  readonly page: (stretch: LedgerStretch) => Promise<LedgerPage>;
  readonly records: (ids: readonly string[]) => Promise<readonly LedgerRecord[]>;
}

export interface Reconciled {
  /** Lines of the gate's ledger that were looked at. */
  readonly checked: number;
  readonly decisions_added: number;
  readonly outcomes_added: number;
  /** Failures of nobody's payment that have turned out to be somebody's since. */
  readonly outcomes_removed: number;
  /** Where to go on; null at the end. */
  readonly next: string | null;
}

const RECORDS_AT_ONCE = 50;
/** A stranger's failure is taken over within this, or not at all; and no gate forgets sooner (gate/sweep.ts). */
const TAKEN_OVER_WITHIN_MS = 50 * 60_000;

interface Known {
  readonly id: string;
  readonly status: OutcomeEntry['status'] | null;
  readonly is_decided: number;
}

const KNOWN = `SELECT k.value->>'id' AS id, o.status AS status,
    EXISTS (SELECT 1 FROM decisions d WHERE d.merchant = ?1 AND d.id = k.value->>'evaluation') AS is_decided
  FROM json_each(?2) AS k LEFT JOIN outcomes o
    ON o.merchant = ?1 AND o.evaluation = k.value->>'evaluation' AND o.id = k.value->>'id'`;

export interface Reconciling {
  readonly records: D1Database;
  readonly ledger: LedgerSource;
  readonly merchant: string;
  /** How long the record keeps rows: what is older was removed, and is not missing. */
  readonly keptMs: number;
  readonly now: number;
}

export async function reconcile(asked: LedgerStretch, reconciling: Reconciling): Promise<Reconciled> {
  const { records, ledger, merchant, keptMs, now } = reconciling;
  const oldest = firstIdOf(now - keptMs);
  const stretch = asked.after > oldest ? asked : { ...asked, after: oldest };
  await ensureSchema(records);
  const { lines, next } = await ledger.page(stretch);
  const known = await knownOf(lines, reconciling);
  const outcomes = lines.flatMap((line) => missingOutcome(line, known.get(line.id), merchant));
  const lost = lines.filter(({ id }) => id === evaluationOf(id) && known.get(id)?.is_decided !== 1).map(({ id }) => id);
  const decisions: Entry[] = [];
  for (let from = 0; from < lost.length; from += RECORDS_AT_ONCE) {
    const told = await ledger.records(lost.slice(from, from + RECORDS_AT_ONCE));
    decisions.push(...told.map((one) => recoveredDecision(one, merchant)).filter((entry) => entry !== null));
  }
  if (decisions.length + outcomes.length > 0) await insert(records, [...decisions, ...outcomes]);
  const until = next === null ? stretch.until : next;
  const removed = await removeTakenOver({ ...stretch, until }, lines, reconciling);
  return {
    checked: lines.length,
    decisions_added: decisions.length,
    outcomes_added: outcomes.length,
    outcomes_removed: removed,
    next,
  };
}

async function knownOf(
  lines: readonly LedgerLine[],
  { records, merchant }: Reconciling,
): Promise<ReadonlyMap<string, Known>> {
  const keys = lines.map(({ id }) => ({ id, evaluation: evaluationOf(id) }));
  const { results } = await records.prepare(KNOWN).bind(merchant, JSON.stringify(keys)).all<Known>();
  return new Map(results.map((row) => [row.id, row]));
}

/** What the gate has and the record has not. A failure that the record has already is never less. */
function missingOutcome({ id, outcome }: LedgerLine, known: Known | undefined, merchant: string): OutcomeEntry[] {
  if (outcome === null || known?.status === outcome.status || known?.status === 'failed') return [];
  if (known?.status === 'succeeded' && outcome.status !== 'failed') return [];
  return [outcomeEntry({ merchant, id, at: outcome.settledAt, toldBy: 'gate' }, outcome)];
}

/** A failure of nobody's that an attempt has taken over stands under that attempt's id now. */
async function removeTakenOver(
  { after, until }: LedgerStretch,
  lines: readonly LedgerLine[],
  { records, merchant, now }: Reconciling,
): Promise<number> {
  const { results } = await records
    .prepare(
      `SELECT o.evaluation, o.id FROM outcomes o WHERE o.merchant = ?1 AND o.evaluation > ?2 AND o.evaluation < ?3
         AND o.told_by = 'webhook' AND o.settled_at > ?4
         AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.merchant = ?1 AND d.id = o.evaluation) LIMIT 500`,
    )
    .bind(merchant, after, until, now - TAKEN_OVER_WITHIN_MS)
    .all<{ evaluation: string; id: string }>();
  const there = new Set(lines.map(({ id }) => id));
  const gone = results.filter(({ id }) => !there.has(id)).map(({ evaluation, id }) => ({ merchant, evaluation, id }));
  if (gone.length > 0) await records.batch([...outcomesTakenBack(records, gone)]);
  return gone.length;
}

/** The ids between two times. */
export function stretchOf(from: number, to: number, limit: number): LedgerStretch {
  return { after: firstIdOf(from), until: firstIdOf(to), limit };
}

/** When what has been compared up to an id began. */
export function reachedBy(id: string): number {
  return timeOf(id);
}
