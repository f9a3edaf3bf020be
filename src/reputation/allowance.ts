/**
 * An isolate's part of a daily budget: a handful of look-ups from the gate at a time, so that the gate is asked once for
 * many. What the gate does not answer is not granted.
 */
import { askGateOnce, type GateAddress, type Gates } from '../gate/gate-client.ts';
import { JointWork } from './joint-work.ts';

/** About a second of new addresses under attack. The gate gives fewer where little is left. */
const HANDFUL = 50;
/** How long an isolate believes that nothing is left: somebody may raise the limit. */
const USED_UP_FOR_MS = 60_000;
/** How long it leaves a gate alone that did not answer. */
const WITHOUT_GATE_MS = 2_000;
/** The gate is given up on after five seconds. */
const LONGEST_ASKING_MS = 8_000;

export interface Budget extends GateAddress {
  readonly provider: string;
  /** Look-ups a day (UTC). */
  readonly limit: number;
}

export class Allowance {
  readonly #gates: Gates;
  #left = 0;
  /** Until when what is left is good, or nothing is left. */
  #until = 0;
  #isUsedUp = false;
  readonly #asking = new JointWork<void>(LONGEST_ASKING_MS);

  constructor({ namespace, haveJurisdictions }: Gates) {
    // Not with the time limits of one request: others wait for the same answer.
    this.#gates = { namespace, haveJurisdictions };
  }

  /** Takes one look-up; false where none is to be had. */
  async take(budget: Budget): Promise<boolean> {
    while (!this.#takeAtHand()) {
      const now = Date.now();
      if (this.#isUsedUp && now < this.#until) return false;
      await (this.#asking.of('', now) ?? this.#asking.begin('', now, this.#ask(budget)));
    }
    return true;
  }

  /** Gives back one that was taken and not used. */
  giveBack(): void {
    this.#left++;
  }

  #takeAtHand(): boolean {
    if (this.#left === 0 || Date.now() >= this.#until) return false;
    this.#left--;
    return true;
  }

  async #ask({ provider, limit, ...address }: Budget): Promise<void> {
    const answer = await askGateOnce(this.#gates, address, (gate) =>
      gate.takeBudget({ provider, limit, want: HANDFUL }),
    );
    const now = Date.now();
    const { granted, until } = answer.kind === 'answered' ? answer.value : { granted: 0, until: 0 };
    this.#left = granted;
    this.#isUsedUp = granted === 0;
    // A clock ahead of the gate's must not throw away what it just got, nor ask for ever.
    if (granted > 0) this.#until = Math.max(until, now + 1_000);
    else this.#until = now + (answer.kind === 'answered' ? USED_UP_FOR_MS : WITHOUT_GATE_MS);
  }
}
