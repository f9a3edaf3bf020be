/**
 * Work that several requests need at the same time, done once. Whoever begins it must see it through (`waitUntil`): with
 * a request that is cut off its work is gone too, and is begun anew once nothing can come of it any more.
 */
interface UnderWay<T> {
  readonly result: Promise<T>;
  readonly givenUpAt: number;
}

export class JointWork<T> {
  readonly #longestMs: number;
  readonly #underWay = new Map<string, UnderWay<T>>();

  /** `longestMs`: no such work takes longer. */
  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  /** How much is under way. */
  count(now: number): number {
    // In order of their beginnings: behind the first that may still end, all may.
    for (const [name, { givenUpAt }] of this.#underWay) {
      if (givenUpAt > now) break;
      this.#underWay.delete(name);
    }
    return this.#underWay.size;
  }

  /** What is under way by this name; null where nothing is. */
  of(name: string, now: number): Promise<T> | null {
    const found = this.#underWay.get(name);
    return found === undefined || found.givenUpAt <= now ? null : found.result;
  }

  begin(name: string, now: number, work: Promise<T>): Promise<T> {
    const underWay = { result: work, givenUpAt: now + this.#longestMs };
    this.#underWay.delete(name);
    this.#underWay.set(name, underWay);
    const end = () => {
      if (this.#underWay.get(name) === underWay) this.#underWay.delete(name);
    };
    work.then(end, end);
    return work;
  }
}
