/**
 * A merchant's configuration tried on past attempts.
 */
import { type Line, pathOf } from './line.ts';
import type { Configuration } from './merchants.ts';

export interface BacktestRequest {
  /** As it would be put; `id` may be left out. Absent: the one in force. */
  readonly config?: Partial<Configuration> | undefined;
  /** RFC 3339; seven days before `to`, and now, unless said. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Whether each velocity rule is tried with other limits too, or these alone, by name. */
  readonly suggestions?: boolean | readonly string[] | undefined;
}

type Decisions = Readonly<Record<'allow' | 'review' | 'challenge' | 'block', number>>;

/** Not let through: blocked, or asked for a challenge that the payer did not pass. */
export interface StoppedCounts {
  readonly attempts: number;
  readonly stopped: number;
  readonly blocked: number;
  readonly challenged: number;
}

export interface Backtest {
  readonly config_version: string;
  readonly attempts: number;
  readonly from: string | null;
  readonly to: string | null;
  /** False where there were more attempts than one call looks at. */
  readonly is_complete: boolean;
  readonly unreadable: number;
  /** What of the configuration could not be judged: `providers`, `feed:NAME` and others (docs/backtest.md). */
  readonly not_replayed: readonly string[];
  /** What was decided then. */
  readonly recorded: Decisions;
  readonly decisions: Decisions;
  readonly would_be: Decisions;
  readonly blocks_by_rule: Readonly<Record<string, number>>;
  readonly challenges_by_rule: Readonly<Record<string, number>>;
  readonly reviews_by_rule: Readonly<Record<string, number>>;
  readonly challenges: {
    readonly asked: number;
    readonly passed: number;
    readonly passed_by: Readonly<Record<string, number>>;
  };
  readonly failures: StoppedCounts;
  readonly successes: StoppedCounts;
  readonly others: StoppedCounts;
  /** By currency, in its minor unit. */
  readonly amounts: Readonly<
    Record<string, { readonly through: number; readonly failures_stopped: number; readonly successes_stopped: number }>
  >;
  /** Where `suggestions` was asked for: each rule with each limit. */
  readonly limits?: readonly LimitTried[];
  readonly suggestions?: readonly { readonly rule: string; readonly written: number; readonly suggested: number }[];
}

export interface LimitTried {
  readonly rule: string;
  readonly limit: number;
  /** Whether that is what the configuration says. */
  readonly is_written: boolean;
  readonly failures: StoppedCounts;
  readonly successes: StoppedCounts;
}

/** It may look at forty thousand attempts. */
const TIMEOUT_MS = 60_000;

export class Backtests {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** Changes nothing, so it may be repeated. */
  async run(merchant: string, request: BacktestRequest = {}): Promise<Backtest> {
    const path = pathOf('merchants', merchant, 'backtests');
    return this.#line.send({ method: 'POST', path, body: request, timeoutMs: TIMEOUT_MS, isRepeatable: true });
  }
}
