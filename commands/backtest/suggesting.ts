// Other limits tried beside what is written: which, and what they would have done.

import type { Policy } from '../../src/config/policy.ts';
import {
  type Suggestion,
  type Swept,
  suggestionsOf,
  sweptOf,
  type Variant,
  variantsOf,
} from '../../src/replay/limit-sweep.ts';
import { Replay, type Replayed } from '../../src/replay/replay.ts';
import type { ReplayLine } from '../../src/replay/replay-line.ts';
import { Tally } from '../../src/replay/summary.ts';

export class Sweep {
  readonly #runs: readonly { readonly variant: Variant; readonly tally: Tally }[];
  readonly replays: readonly Replay[];

  constructor(policy: Policy) {
    this.#runs = variantsOf(policy).map((variant) => ({ variant, tally: new Tally() }));
    this.replays = this.#runs.map(({ variant }) => new Replay(variant.policy));
  }

  /** In the order of `replays`. */
  add(line: ReplayLine, replayed: readonly Replayed[]): void {
    for (const [index, one] of replayed.entries()) this.#runs[index]?.tally.add(line, one);
  }

  finish(): { readonly limits: readonly Swept[]; readonly suggestions: readonly Suggestion[] } {
    const limits = this.#runs.map(({ variant, tally }) => sweptOf(variant, tally.finish()));
    return { limits, suggestions: suggestionsOf(limits) };
  }
}
