/**
 * The beginning of a stream, held up to a limit, with the rest still to come: read once, forwarded byte for byte.
 */
export interface HeldStream {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly end: 'whole' | 'more_to_come' | 'broken';
  /** Known to be declared without any coding, so that nobody need ask the headers again. */
  readonly isPlain?: boolean;
  /** All of it, held and still to come. May be taken once. */
  readonly forward: () => Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

const NOTHING: HeldStream = { bytes: new Uint8Array(), end: 'whole', forward: () => new Uint8Array() };

/**
 * Holds the body of a message. One whose length is declared and small is read in one step, which takes a third of the
 * time; a compressed one is not what it declares.
 */
export async function holdBody(
  message: Pick<Body, 'body' | 'arrayBuffer'> & { readonly headers: Headers },
  limitBytes: number,
  deadline?: Promise<unknown>,
): Promise<HeldStream> {
  const { body, headers } = message;
  const declared = headers.get('content-length') ?? '';
  const isSmall = /^\d+$/.test(declared) && Number(declared) <= limitBytes;
  if (body === null || !isSmall || headers.has('content-encoding')) return holdStream(body, limitBytes, deadline);
  const whole = message.arrayBuffer().catch(() => null);
  const read = deadline === undefined ? await whole : await Promise.race([whole, deadline.then(() => null)]);
  const bytes = new Uint8Array(read ?? new ArrayBuffer());
  return { bytes, end: read === null ? 'broken' : 'whole', isPlain: true, forward: () => bytes };
}

/** Reads until the stream ends, more than `limitBytes` are in hand, or `deadline` settles: that breaks it off. */
export async function holdStream(
  stream: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  deadline?: Promise<unknown>,
): Promise<HeldStream> {
  if (stream === null) return NOTHING;
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let end: HeldStream['end'] = 'more_to_come';
  while (end === 'more_to_come' && length <= limitBytes) {
    const next = await readNext(reader, deadline);
    if (next === null) end = 'broken';
    else if (next.done) end = 'whole';
    else {
      chunks.push(next.value);
      length += next.value.byteLength;
    }
  }
  const bytes = joined(chunks, length);
  return { bytes, end, forward: () => (end === 'more_to_come' ? continued(bytes, reader) : bytes) };
}

type Chunk = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/** Null where the stream broke or took too long. */
async function readNext(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  deadline: Promise<unknown> | undefined,
): Promise<Chunk | null> {
  const next = reader.read().catch(() => null);
  if (deadline === undefined) return next;
  return Promise.race([
    next,
    deadline.then(
      () => null,
      () => null,
    ),
  ]);
}

/** `length`: of all of them together. */
export function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function continued(held: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(held),
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
