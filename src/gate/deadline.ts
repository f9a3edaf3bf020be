/**
 * Work under a time limit that ends with the work.
 */

/** Runs `work` with a promise that resolves after `limitMs`, and never once the work is over. */
export async function withDeadline<T>(limitMs: number, work: (deadline: Promise<void>) => Promise<T>): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Not scheduler.wait with an AbortSignal: that costs thirty microseconds, three times a payment.
  const timer = setTimeout(resolve, limitMs);
  try {
    return await work(promise);
  } finally {
    clearTimeout(timer);
  }
}
