/**
 * Gate calls whose work is done and whose reply is not out yet: the moment in which losing the object hurts most.
 */
import { vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';

type Method = 'admitText' | 'settleText' | 'admitAll' | 'close';

export interface HeldReplies {
  /** How many calls have done their work. */
  readonly done: () => number;
  /** Lets these replies go, and calls from now on pass freely. */
  readonly release: () => void;
}

/** Holds the replies of one method of every gate. */
export function holdReplies(method: Method): HeldReplies {
  const held = Promise.withResolvers<void>();
  let done = 0;
  const restore = afterWork(method, () => {
    done++;
    return held.promise;
  });
  const release = () => {
    restore();
    held.resolve();
  };
  return { done: () => done, release };
}

/** Delays the replies of both methods, each by a random time. */
export function delayReplies(mostMs: number): void {
  for (const method of ['admitText', 'settleText'] as const) {
    afterWork(method, () => scheduler.wait(Math.random() * mostMs));
  }
}

/** Puts something between a method's work and its reply; the returned function takes it away again. */
function afterWork(method: Method, wait: () => Promise<unknown>): () => void {
  const original = Gate.prototype[method] as (this: Gate, ...asked: readonly unknown[]) => unknown;
  const spy = vi.spyOn(Gate.prototype, method).mockImplementation(async function (this: Gate, ...asked: unknown[]) {
    const reply = await original.apply(this, asked);
    await wait();
    return reply;
  } as never);
  return () => spy.mockRestore();
}
