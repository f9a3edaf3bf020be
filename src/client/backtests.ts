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
