/**
 * A policy tried on what the record holds of a merchant's attempts: a portion at a time, the oldest first, bounded in
 * number and in time. Loaded where it is asked for: payments never come here.
 */
import type { Policy } from '../config/policy.ts';
import type { Decision } from '../decision/evaluation.ts';
import type { Tables } from '../network/tables.ts';
import { replayLineOf } from '../records/decision-lines.ts';
import type { DecisionRow } from '../records/decision-record.ts';
import { type Page, rowsStatement } from '../records/decision-statement.ts';
import type { AskRecords, RecordsAnswer } from '../records/records.ts';
import { alone } from '../replay/policy-text.ts';
import { Replay } from '../replay/replay.ts';
import { readReplayLine } from '../replay/replay-line.ts';
import { type Summary, Tally } from '../replay/summary.ts';

/** D1 allows a request 50 queries on the free plan, and a Worker takes thirty seconds of CPU: 40,000 need a second of it. */
export const MOST_ATTEMPTS = 40_000;
const PORTION_ROWS = 2_500;
const LONGEST_MS = 20_000;

export interface Question {
  readonly policy: Policy;
  readonly tables: Tables;
  /** ms since the epoch; `to` is left out. */
  readonly from: number;
  readonly to: number;
}

export interface Backtest extends Summary {
  readonly config_version: string;
  /** What was decided then. */
  readonly recorded: Record<Decision, number>;
  /** Rows that the replay cannot read, such as those of another release's. */
  readonly unreadable: number;
  /** False where there were more attempts than one call looks at: `to` says how far it came. */
  readonly is_complete: boolean;
}

/** `clock`: ms since the epoch. */
export async function backtest(
  ask: AskRecords,
  question: Question,
  clock: () => number,
): Promise<RecordsAnswer<Backtest>> {
  const { policy, tables, from, to } = question;
  const run = new Run(alone(policy), tables);
  const endsBy = clock() + LONGEST_MS;
  const page = { merchant: policy.merchant, filter: { from, to }, order: 'oldest_first' as const };
  let after: string | null = null;
  for (;;) {
    const portion: Page = { ...page, after, limit: PORTION_ROWS };
    const answer: RecordsAnswer<[readonly DecisionRow[]]> = await ask((query) =>
      query<[DecisionRow]>([rowsStatement(portion)]),
    );
    if (answer.kind !== 'answered') return answer;
    const [rows] = answer.value;
    for (const row of rows) await run.add(row);
    const isOver = rows.length < PORTION_ROWS;
    if (isOver || run.isFull || clock() >= endsBy) return { kind: 'answered', value: run.finish(isOver) };
    after = rows.at(-1)?.id ?? null;
  }
}

class Run {
  readonly #policy: Policy;
  readonly #replay: Replay;
  readonly #tally = new Tally();
  readonly #recorded: Record<Decision, number> = { allow: 0, review: 0, challenge: 0, block: 0 };
  #unreadable = 0;
  #looked = 0;

  constructor(policy: Policy, tables: Tables) {
    this.#policy = policy;
    this.#replay = new Replay(policy, tables);
  }

  get isFull(): boolean {
    return this.#looked + PORTION_ROWS > MOST_ATTEMPTS;
  }

  async add(row: DecisionRow): Promise<void> {
    this.#looked += 1;
    this.#recorded[row.decision] += 1;
    const read = readReplayLine(replayLineOf(row));
    if (!read.ok) {
      this.#unreadable += 1;
      return;
    }
    const next = this.#replay.next(read.line);
    this.#tally.add(read.line, next instanceof Promise ? await next : next);
  }

  finish(isComplete: boolean): Backtest {
    const { version } = this.#policy;
    const told = { config_version: version.hash, recorded: this.#recorded, unreadable: this.#unreadable };
    return { ...told, ...this.#tally.finish(), is_complete: isComplete };
  }
}
