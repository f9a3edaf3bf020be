/**
 * What each rule would do with other limits, all else as it is: one policy for each limit, replayed beside one another.
 * A rule in shadow is tried as if it were enforced.
 */
import type { Policy } from '../config/policy.ts';
import type { Stopped, Summary } from './summary.ts';

/** A policy that differs from the one in question by one limit. */
export interface Variant {
  readonly rule: string;
  readonly limit: number;
  /** Whether that is what is written. */
  readonly isWritten: boolean;
  readonly policy: Policy;
}

const FACTORS = [1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3];
/** Of successes: what may be stopped more than by the rule as it is written (the published share of good payments). */
const TOLERATED_SHARE = 0.001;

export function variantsOf(policy: Policy): readonly Variant[] {
  return policy.velocity.flatMap(({ name, limit: written }, place) => {
    const limits = new Set(FACTORS.map((factor) => Math.max(1, Math.round(written * factor))));
    return [...limits].map((limit) => {
      const velocity = policy.velocity.map((rule, at) =>
        at === place ? { ...rule, limit, mode: 'enforce' as const } : rule,
      );
      return { rule: name, limit, isWritten: limit === written, policy: { ...policy, velocity } };
    });
  });
}

/** As it is told. */
export interface Swept extends Pick<Variant, 'rule' | 'limit'> {
  readonly is_written: boolean;
  readonly failures: Stopped;
  readonly successes: Stopped;
}

export interface Suggestion {
  readonly rule: string;
  readonly written: number;
  /** The same as written where nothing better was found. */
  readonly suggested: number;
}

export function sweptOf({ rule, limit, isWritten }: Variant, { failures, successes }: Summary): Swept {
  return { rule, limit, is_written: isWritten, failures, successes };
}

/**
 * For each rule the limit that is worth the most: failures stopped, less five for each success stopped, where at most
 * one success in a thousand more is stopped than as it is written. Of equals the nearest to what is written.
 */
export function suggestionsOf(swept: readonly Swept[]): readonly Suggestion[] {
  return swept
    .filter(({ is_written }) => is_written)
    .map((written) => {
      const fitting = swept.filter((one) => one.rule === written.rule && isTolerable(one, written));
      const [best = written] = fitting.toSorted(
        (a, b) => worth(b) - worth(a) || distance(a, written) - distance(b, written),
      );
      return { rule: written.rule, written: written.limit, suggested: best.limit };
    });
}

function isTolerable({ successes }: Swept, written: Swept): boolean {
  return successes.stopped - written.successes.stopped <= TOLERATED_SHARE * successes.attempts;
}

/** A good payment that is stopped costs as much as some failures that are not. */
const FAILURES_PER_SUCCESS = 5;

function worth({ failures, successes }: Swept): number {
  return failures.stopped - FAILURES_PER_SUCCESS * successes.stopped;
}

function distance({ limit }: Swept, written: Swept): number {
  return Math.abs(limit - written.limit);
}
