/**
 * A stream is held up to a limit and forwarded byte for byte, whatever its chunks.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeldStream, holdStream } from '../../src/attempt/held-stream.ts';

const LIMIT = 10;

function streamOf(chunks: readonly Uint8Array[], end: 'close' | 'break' = 'close') {
  const left = [...chunks];
  const state = { cancelled: null as unknown, pulled: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const chunk = left.shift();
        state.pulled++;
        if (chunk !== undefined) controller.enqueue(chunk);
        else if (end === 'close') controller.close();
        else controller.error(new Error('hung up'));
      },
      cancel: (reason) => {
        state.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

const bytes = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => (from + i) % 256);

async function forwarded(held: HeldStream): Promise<Uint8Array> {
  return new Response(held.forward()).bytes();
}

describe('holds', () => {
  it.each([
    ['nothing at all', null, 0, 'whole'],
    ['an empty stream', [], 0, 'whole'],
    ['one chunk', [3], 3, 'whole'],
    ['several chunks', [3, 3, 3], 9, 'whole'],
    ['as much as the limit', [10], 10, 'whole'],
    ['as much as the limit, in pieces', [5, 5], 10, 'whole'],
    ['one byte more', [10, 1], 11, 'more_to_come'],
    ['one chunk far beyond', [50], 50, 'more_to_come'],
    ['the first of many', [6, 6, 6, 6], 12, 'more_to_come'],
    ['empty chunks', [0, 1, 0, 1], 2, 'whole'],
  ] as const)('%s', async (_, lengths, held, end) => {
    const stream = lengths === null ? null : streamOf(lengths.map((length) => bytes(length))).stream;
    const result = await holdStream(stream, LIMIT);
    expect(result.bytes.byteLength).toBe(held);
    expect(result.end).toBe(end);
  });

  it('what came before a break, and says so', async () => {
    const held = await holdStream(streamOf([bytes(4)], 'break').stream, LIMIT);
    expect(held.end).toBe('broken');
    expect(held.bytes).toEqual(bytes(4));
  });

  it('no more than it needs of an endless stream', async () => {
    const { stream, state } = streamOf(Array.from({ length: 1000 }, () => bytes(6)));
    await holdStream(stream, LIMIT);
    expect(state.pulled).toBeLessThanOrEqual(3);
  });
});

describe('forwards', () => {
  it('every byte in order, whatever the chunks and the limit', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat(60), async (parts, limit) => {
        const whole = parts.flatMap((part) => [...part]);
        const held = await holdStream(streamOf(parts).stream, limit);
        expect([...held.bytes]).toEqual(whole.slice(0, held.bytes.byteLength));
        expect(held.end === 'whole').toBe(held.bytes.byteLength === whole.length && whole.length <= limit);
        expect([...(await forwarded(held))]).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('a break that comes later as a break, not as an end', async () => {
    const held = await holdStream(streamOf([bytes(6), bytes(6), bytes(6)], 'break').stream, LIMIT);
    expect(held.end).toBe('more_to_come');
    await expect(forwarded(held)).rejects.toThrow('hung up');
  });

  it('a hang-up of the reader to the source', async () => {
    const { stream, state } = streamOf([bytes(6), bytes(6), bytes(6)]);
    const held = await holdStream(stream, LIMIT);
    const rest = held.forward();
    expect(rest).toBeInstanceOf(ReadableStream);
    if (rest instanceof ReadableStream) await rest.cancel('no longer wanted');
    expect(state.cancelled).toBe('no longer wanted');
  });
});
