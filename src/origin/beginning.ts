/**
 * The beginning of a stream, looked at while the rest comes: bounded in bytes and in time, and nothing of it is lost.
 */
import { joined } from '../attempt/held-stream.ts';

/** Whoever writes an error page writes it at once. */
const LOOK_MS = 1_000;

export interface Beginning {
  readonly bytes: Uint8Array;
  /** All of it, from its first byte on. May be taken once. */
  readonly whole: () => ReadableStream<Uint8Array>;
  /** Lets go of it. */
  readonly drop: () => void;
}

/** Reads until `limitBytes` are in hand, the stream ends, or a second is over. */
export async function beginningOf(stream: ReadableStream<Uint8Array>, limitBytes: number): Promise<Beginning> {
  const reader = stream.getReader();
  const timer = Promise.withResolvers<'late'>();
  const timeout = setTimeout(() => timer.resolve('late'), LOOK_MS);
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Asked for once: what comes too late for the look is the first of the rest.
  let next = reader.read();
  while (length < limitBytes) {
    const chunk = await Promise.race([next.catch(() => 'broken' as const), timer.promise]);
    if (chunk === 'late' || chunk === 'broken' || chunk.done) break;
    chunks.push(chunk.value);
    length += chunk.value.byteLength;
    next = reader.read();
  }
  clearTimeout(timeout);
  // Whoever reads on hears of it; until then nobody need.
  next.catch(() => null);
  const whole = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(chunk);
      },
      pull: async (controller) => {
        const { done, value } = await next;
        if (done) return controller.close();
        controller.enqueue(value);
        next = reader.read();
        next.catch(() => null);
      },
      cancel: (reason) => reader.cancel(reason),
    });
  const [only] = chunks;
  const bytes = only !== undefined && chunks.length === 1 ? only : joined(chunks, length);
  return { bytes, whole, drop: () => void reader.cancel().catch(() => null) };
}
