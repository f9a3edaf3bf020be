/**
 * Other limits tried beside what is written: which, and what they would have done.
 */
import type { Policy } from '../config/policy.ts';
import type { Given } from './given.ts';
import { type Suggestion, type Swept, suggestionsOf, sweptOf, type Variant, variantsOf } from './limit-sweep.ts';
import { Replay, type Replayed } from './replay.ts';
import type { ReplayLine } from './replay-line.ts';
import { Tally } from './summary.ts';

export interface Tried {
  readonly limits: readonly Swept[];
  readonly suggestions: readonly Suggestion[];
}

export class Sweep {
  readonly #runs: readonly { readonly variant: Variant; readonly tally: Tally }[];
  readonly replays: readonly Replay[];

  /** `rules`: those whose limits are tried; absent: all. */
  constructor(policy: Policy, given: Given, rules?: readonly string[]) {
    const variants = variantsOf(policy).filter(({ rule }) => rules?.includes(rule) ?? true);
    this.#runs = variants.map((variant) => ({ variant, tally: new Tally() }));
    this.replays = this.#runs.map(({ variant }) => new Replay(variant.policy, given));
  }

  /** In the order of `replays`. */
  add(line: ReplayLine, replayed: readonly Replayed[]): void {
    for (const [index, one] of replayed.entries()) this.#runs[index]?.tally.add(line, one);
  }

  finish(): Tried {
    const limits = this.#runs.map(({ variant, tally }) => sweptOf(variant, tally.finish()));
    return { limits, suggestions: suggestionsOf(limits) };
  }
}
