/**
 * One call for what several requests of an isolate ask of a gate at once. Under load a call costs the isolate and the
 * gate more than what it says (docs/decisions.md), so that what comes in the same turn of the loop goes together.
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
const LOST_MS = 100;
const MOST_TOGETHER = 32;
/** To wait a turn costs a third of a call: so many turns are tried, and if they were not worth it, so many calls not. */
const TURNS_TRIED = 8;
const LEAST_CALLS = 12;
const CALLS_ALONE = 1024;

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

/** Whose gate, and where: of each policy of a merchant the same. */
export interface SharedAddress {
  readonly merchant: string;
  readonly gate: { readonly location?: string | undefined; readonly jurisdiction?: string | undefined };
}

/** However many merchants an isolate serves. Whoever has a lane keeps it for as long as his policy lives. */
const MOST_LANES = 1_000;

export class SharedCalls {
  /** By policy, of which a merchant has one for each host, and others whenever it changes: found without a word. */
  readonly #lanes = new WeakMap<SharedAddress, Lane>();
  readonly #byGate = new Map<string, Lane>();

  /**
   * What the gate answers, together with others; null for who is to call at once by himself. Fails with everybody's call
   * where the common one fails. The request that asks must be seen through when its client hangs up (`waitUntil`), for
   * others wait for its call, and must have a timer: the runtime takes one that waits for another's call, and for
   * nothing of its own, for hung.
   */
  ask(address: SharedAddress, call: TextCall, gate: () => TextCalls): Promise<string> | null {
    const lane = this.#laneTo(address);
    const now = Date.now();
    const { open } = lane;
    if (open?.takes(now)) return open.join(call);
    if (lane.letsGo(now)) return null;
    const batch = new Batch(now);
    lane.open = batch;
    void leave(lane, batch, gate);
    return batch.join(call);
  }

  #laneTo(address: SharedAddress): Lane {
    const known = this.#lanes.get(address);
    if (known !== undefined) return known;
    const lane = this.#laneOfGate(address);
    this.#lanes.set(address, lane);
    return lane;
  }

  #laneOfGate({ merchant, gate: { location, jurisdiction } }: SharedAddress): Lane {
    const gate = JSON.stringify([merchant, location, jurisdiction]);
    const known = this.#byGate.get(gate);
    if (known !== undefined) return known;
    if (this.#byGate.size >= MOST_LANES) this.#byGate.clear();
    const lane = new Lane();
    this.#byGate.set(gate, lane);
    return lane;
  }
}

async function leave(lane: Lane, batch: Batch, gate: () => TextCalls): Promise<void> {
  await scheduler.wait(0);
  if (lane.open === batch) lane.open = null;
  lane.note(batch.size, Date.now());
  await batch.send(gate);
}

/** The way to one gate, and whether it has been worth while to wait for others on it. */
class Lane {
  open: Batch | null = null;
  #leftAt = 0;
  #turns = 0;
  #calls = 0;
  #alone = 0;

  /** Whether who comes now is to go at once, as he then has. */
  letsGo(now: number): boolean {
    if (this.open?.isLost(now)) this.#giveUp();
    const isQuiet = this.open === null && now - this.#leftAt > BUSY_MS;
    if (!isQuiet && this.#alone === 0) return false;
    this.#leftAt = now;
    if (this.#alone > 0) this.#alone--;
    return true;
  }

  /** So many have gone together. */
  note(calls: number, now: number): void {
    this.#leftAt = now;
    this.#turns++;
    this.#calls += calls;
    if (this.#turns < TURNS_TRIED) return;
    if (this.#calls < LEAST_CALLS) this.#alone = CALLS_ALONE;
    this.#turns = 0;
    this.#calls = 0;
  }

  /** Whoever can have his requests ended in the middle is not to take others with him again and again. */
  #giveUp(): void {
    this.open = null;
    this.#alone = CALLS_ALONE;
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

/** A call, and the promise of the request that waits for it: made by that request, so that it goes on there. */
interface Waiting extends Pick<PromiseWithResolvers<string>, 'resolve' | 'reject'> {
  readonly call: TextCall;
}

/** Calls that leave together. */
class Batch {
  readonly #openedAt: number;
  readonly #waiting: Waiting[] = [];

  constructor(openedAt: number) {
    this.#openedAt = openedAt;
  }

  get size(): number {
    return this.#waiting.length;
  }

  takes(now: number): boolean {
    return this.size < MOST_TOGETHER && !this.isLost(now);
  }

  isLost(now: number): boolean {
    return now - this.#openedAt >= LOST_MS;
  }

  join(call: TextCall): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting.push({ call, resolve, reject });
    return promise;
  }

  /** Never rejects: who waits is told. */
  async send(gate: () => TextCalls): Promise<void> {
    try {
      const [only, ...others] = this.#waiting;
      if (only !== undefined && others.length === 0) return only.resolve(await callAlone(gate(), only.call));
      const answers = await gate().answerAll(this.#waiting.map(({ call }) => call));
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
