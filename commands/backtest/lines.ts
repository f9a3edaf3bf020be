// Text as its lines, as many at once as came: a promise for each of a million would be most of the time.

/** Of a line; an attempt has a tenth of it. */
const longestLine = 1024 * 1024;

/** The last may lack its end. An empty line at the very end is none. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new Error(`a line is longer than ${longestLine} characters`);
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
