/**
 * What a browser wishes for, by weight: languages and kinds of content (RFC 9110, 12.4.2).
 */

const WISHES_LIMIT = 512;

/** RFC 9110, 12.5.4: ranges by falling weight. */
export function wishesIn(header: string): readonly string[] {
  return rangesIn(header)
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ range }) => range);
}

/** How much something is wished for by its name, 0 to 1; not by a wildcard, which everybody sends. */
export function weightOf(name: string, header: string): number {
  return rangesIn(header).find(({ range }) => range === name)?.weight ?? 0;
}

function rangesIn(header: string): readonly { readonly range: string; readonly weight: number }[] {
  const parts = header.slice(0, WISHES_LIMIT).split(',');
  return parts.flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((it) => it.trim().toLowerCase());
    const weight = parameters.find((it) => it.startsWith('q='));
    return range === '' ? [] : [{ range, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 }];
  });
}
