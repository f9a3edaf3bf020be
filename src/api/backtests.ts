/**
 * A policy tried on what the record holds of a merchant's attempts: a portion at a time, the oldest first, bounded in
 * number and in time. Loaded where it is asked for: payments never come here.
 */
import type { Policy } from '../config/policy.ts';
import type { Decision } from '../decision/evaluation.ts';
import { replayLineOf } from '../records/decision-lines.ts';
import type { DecisionRow } from '../records/decision-record.ts';
import { type Page, rowsStatement } from '../records/decision-statement.ts';
import type { AskRecords, RecordsAnswer } from '../records/records.ts';
import type { Given } from '../replay/given.ts';
import type { LeftOut } from '../replay/left-out.ts';
import { Replay, type Replayed } from '../replay/replay.ts';
import { readReplayLine } from '../replay/replay-line.ts';
import { type Summary, Tally } from '../replay/summary.ts';
import { Sweep, type Tried } from '../replay/sweep.ts';

/** D1 allows a request 50 queries on the free plan, and a Worker takes thirty seconds of CPU: 40,000 need a second of it. */
export const MOST_ATTEMPTS = 40_000;
const PORTION_ROWS = 2_500;
/** With some hundred limits beside one another, a portion of these takes some seconds, and only between portions time passes. */
const PORTION_TRIED = 1_000;
const LONGEST_MS = 20_000;

export interface Question {
  readonly policy: Policy;
  readonly given: Given;
  /** Whether other limits are tried, and of which rules; absent: all. */
  readonly suggests: boolean;
  readonly rules?: readonly string[] | undefined;
  /** ms since the epoch; `to` is left out. */
  readonly from: number;
  readonly to: number;
}

export interface Backtest extends Summary, Partial<Tried> {
  readonly config_version: string;
  /** What was decided then. */
  readonly recorded: Record<Decision, number>;
  /** Rows that the replay cannot read, such as those of another release's. */
  readonly unreadable: number;
  /** What of the configuration could not be judged. */
  readonly not_replayed: readonly LeftOut[];
  /** False where there were more attempts than one call looks at: `to` says how far it came. */
  readonly is_complete: boolean;
}

/** `clock`: ms since the epoch. */
export async function backtest(
  ask: AskRecords,
  question: Question,
  clock: () => number,
): Promise<RecordsAnswer<Backtest>> {
  const { policy, from, to, suggests } = question;
  const run = new Run(question);
  const limit = suggests ? PORTION_TRIED : PORTION_ROWS;
  const endsBy = clock() + LONGEST_MS;
  const page = { merchant: policy.merchant, filter: { from, to }, order: 'oldest_first' as const };
  let after: string | null = null;
  for (;;) {
    const portion: Page = { ...page, after, limit };
    const answer: RecordsAnswer<[readonly DecisionRow[]]> = await ask((query) =>
      query<[DecisionRow]>([rowsStatement(portion)]),
    );
    if (answer.kind !== 'answered') return answer;
    const [rows] = answer.value;
    for (const row of rows) await run.add(row);
    const isOver = rows.length < limit;
    if (isOver || run.isFull || clock() >= endsBy) return { kind: 'answered', value: run.finish(isOver) };
    after = rows.at(-1)?.id ?? null;
  }
}

class Run {
  readonly #policy: Policy;
  readonly #replay: Replay;
  readonly #sweep: Sweep | null;
  readonly #tally = new Tally();
  readonly #recorded: Record<Decision, number> = { allow: 0, review: 0, challenge: 0, block: 0 };
  #unreadable = 0;
  #looked = 0;

  constructor({ policy, given, suggests, rules }: Question) {
    this.#policy = policy;
    this.#replay = new Replay(policy, given);
    this.#sweep = suggests ? new Sweep(policy, given, rules) : null;
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
    const { line } = read;
    const next = this.#replay.next(line);
    this.#tally.add(line, next instanceof Promise ? await next : next);
    if (this.#sweep === null) return;
    const tried: Replayed[] = [];
    for (const replay of this.#sweep.replays) {
      const one = replay.next(line);
      tried.push(one instanceof Promise ? await one : one);
    }
    this.#sweep.add(line, tried);
  }

  finish(isComplete: boolean): Backtest {
    const { version } = this.#policy;
    const told = { config_version: version.hash, recorded: this.#recorded, unreadable: this.#unreadable };
    const not_replayed = this.#replay.leftOut;
    return { ...told, not_replayed, ...this.#tally.finish(), ...this.#sweep?.finish(), is_complete: isComplete };
  }
}
