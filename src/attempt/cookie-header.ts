/**
 * The `Cookie` header of a request: the cookies of one name in it, and what is left without them.
 */

/** The values of the cookies called `name`, in the order in which they came. */
export function cookiesNamed(header: string | null, name: string): readonly string[] {
  if (header === null || !header.includes(name)) return [];
  return header.split(';').flatMap((pair) => (nameOf(pair) === name ? [trim(pair.slice(pair.indexOf('=') + 1))] : []));
}

/** The header without the cookies called `name`, the others byte for byte; null when none is left. */
export function withoutCookies(header: string, name: string): string | null {
  if (!header.includes(name)) return header;
  const pairs = header.split(';');
  const others = pairs.filter((pair) => nameOf(pair) !== name);
  if (others.length === pairs.length) return header;
  const rest = trim(others.join(';'));
  return rest === '' ? null : rest;
}

// Without `=` it is a value without a name (RFC 6265bis, 5.6): a name alone is none of ours.
function nameOf(pair: string): string | null {
  const end = pair.indexOf('=');
  return end < 0 ? null : trim(pair.slice(0, end));
}

// Only what the RFC calls white space: String.trim() takes more. No expression: it would take quadratic time over blanks.
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}
