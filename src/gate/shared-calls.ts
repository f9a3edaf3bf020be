/**
 * One call for what several requests of an isolate ask of a gate at once. Under load a call costs the isolate and the
 * gate more than what it says (docs/performance.md), so that what comes in the same turn of the loop goes together.
 * Each answer is what the call would have been told alone; whoever is alone waits for nobody.
 */

/** A method of the gate that takes and gives text, and what it is told. */
export type TextCall =
  | readonly ['admitText' | 'evaluateText' | 'reportText', string]
  | readonly ['settleText', string, string];

/** What such calls are made of: `T` is a text, or the promise of one from afar. */
export interface Answering<T> {
  admitText(request: string): T;
  settleText(word: string, kept: string): T;
  evaluateText(request: string): T;
  reportText(report: string): T;
}

/** The gate's calls that go together. */
export interface TextCalls extends Answering<Promise<string>> {
  /** An answer for each, in their order; null where one failed, which stops no other. */
  answerAll(calls: readonly TextCall[]): Promise<readonly (string | null)[]>;
}

/** Whoever comes this soon after a call waits until the loop has gone round, and is joined by others. */
const BUSY_MS = 5;
/** A call that has not left after this time has lost its request: nobody joins it any more. */
const LOST_MS = 1_000;
const MOST_TOGETHER = 32;
/** To wait a turn costs a third of a call: so many turns are tried, and if they were not worth it, so many calls not. */
const TURNS_TRIED = 16;
const LEAST_CALLS = 24;
const CALLS_ALONE = 256;

/** The runtime's flags, as it tells them (`Cloudflare.compatibilityFlags`). */
interface Flags {
  readonly handle_cross_request_promise_resolution?: boolean;
}

/**
 * Undefined where what one request resolves would go on in that request, not in the one that waits for it: with a
 * compatibility date before 2024-10-14, or its flag (as Vitest's plugin sets it). There each request calls alone.
 */
export function shareCalls(flags: Flags = Cloudflare.compatibilityFlags): SharedCalls | undefined {
  return flags.handle_cross_request_promise_resolution === true ? new SharedCalls() : undefined;
}

export class SharedCalls {
  /** By where the gate lives: a policy's, which the lane outlives in no case. */
  readonly #lanes = new WeakMap<object, Lane>();

  /**
   * What the gate answers. Fails as the call would alone, and with everybody's where the common one fails. The request
   * that asks must be seen through when its client hangs up (`waitUntil`), for others wait for its call, and must have
   * a timer: the runtime takes one that waits for another's call, and for nothing of its own, for hung.
   */
  ask(address: object, call: TextCall, gate: () => TextCalls): Promise<string> {
    const lane = this.#laneTo(address);
    const now = Date.now();
    const { open } = lane;
    if (open?.takes(now)) return open.join(call);
    if (open === null && lane.isClear(now)) return callAlone(gate(), call);
    const batch = new Batch(now);
    lane.open = batch;
    void leave(lane, batch, gate);
    return batch.join(call);
  }

  #laneTo(address: object): Lane {
    const known = this.#lanes.get(address);
    if (known !== undefined) return known;
    const lane = new Lane();
    this.#lanes.set(address, lane);
    return lane;
  }
}

async function leave(lane: Lane, batch: Batch, gate: () => TextCalls): Promise<void> {
  await scheduler.wait(0);
  if (lane.open === batch) lane.open = null;
  lane.left(batch.size, Date.now());
  await batch.leave(gate);
}

/** The way to one gate, and whether it has been worth while to wait for others on it. */
class Lane {
  open: Batch | null = null;
  #leftAt = 0;
  #turns = 0;
  #calls = 0;
  #alone = 0;

  /** Whether who comes now goes at once. */
  isClear(now: number): boolean {
    const isQuiet = now - this.#leftAt > BUSY_MS;
    if (!isQuiet && this.#alone === 0) return false;
    this.#leftAt = now;
    if (this.#alone > 0) this.#alone--;
    return true;
  }

  /** So many have gone together. */
  left(calls: number, now: number): void {
    this.#leftAt = now;
    this.#turns++;
    this.#calls += calls;
    if (this.#turns < TURNS_TRIED) return;
    if (this.#calls < LEAST_CALLS) this.#alone = CALLS_ALONE;
    this.#turns = 0;
    this.#calls = 0;
  }
}

export function callAlone<T>(gate: Answering<T>, call: TextCall): T {
  switch (call[0]) {
    case 'admitText':
      return gate.admitText(call[1]);
    case 'settleText':
      return gate.settleText(call[1], call[2]);
    case 'evaluateText':
      return gate.evaluateText(call[1]);
    case 'reportText':
      return gate.reportText(call[1]);
  }
}

interface Waiting {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that leave together. Each promise is made by the request that waits for it, where the platform resolves it. */
class Batch {
  readonly #openedAt: number;
  readonly #calls: TextCall[] = [];
  readonly #waiting: Waiting[] = [];

  constructor(openedAt: number) {
    this.#openedAt = openedAt;
  }

  get size(): number {
    return this.#calls.length;
  }

  takes(now: number): boolean {
    return this.#calls.length < MOST_TOGETHER && now - this.#openedAt < LOST_MS;
  }

  join(call: TextCall): Promise<string> {
    this.#calls.push(call);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Never rejects: who waits is told. */
  async leave(gate: () => TextCalls): Promise<void> {
    try {
      const [only, ...others] = this.#calls;
      const isAlone = only !== undefined && others.length === 0;
      const answers = isAlone ? [await callAlone(gate(), only)] : await gate().answerAll(this.#calls);
      for (const [i, { resolve, reject }] of this.#waiting.entries()) {
        const answer = answers[i] ?? null;
        if (answer === null) reject(new Error('the call failed among others'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of this.#waiting) reject(error);
    }
  }
}
