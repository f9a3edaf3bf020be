/**
 * Work under a time limit that ends with the work.
 */

/** Runs `work` with a promise that settles after `limitMs`, or when the work is over. */
export async function withDeadline<T>(limitMs: number, work: (deadline: Promise<void>) => Promise<T>): Promise<T> {
  const timer = new AbortController();
  const deadline = scheduler.wait(limitMs, { signal: timer.signal });
  deadline.catch(() => {}); // aborted when the work is over first
  try {
    return await work(deadline);
  } finally {
    timer.abort();
  }
}
