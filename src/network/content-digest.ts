/**
 * `Content-Digest` (RFC 9530): what a sender says the bytes of the body are. Read more strictly than its grammar: no
 * parameters, nothing twice, one spelling of each digest. Pure.
 */
const ALGORITHMS = { 'sha-256': 'SHA-256', 'sha-512': 'SHA-512' } as const;
type Algorithm = keyof typeof ALGORITHMS;

/** By algorithm, in base64. At least one. */
export type Digests = ReadonlyMap<Algorithm, string>;

export type DigestReading =
  | { readonly kind: 'digests'; readonly digests: Digests }
  | { readonly kind: 'malformed' }
  /** Only algorithms that prove nothing, such as `md5`, or that nobody here knows. */
  | { readonly kind: 'none_known' };

const LENGTH_LIMIT = 1_024;
const MEMBER = /^[ \t]*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):[ \t]*$/;

/** Reads the field's value, however many lines it came in. */
export function readContentDigest(text: string): DigestReading {
  if (text.length > LENGTH_LIMIT) return { kind: 'malformed' };
  const members = new Map<string, string>();
  for (const member of text.split(',')) {
    const [, name, value] = MEMBER.exec(member) ?? [];
    if (name === undefined || value === undefined || members.has(name)) return { kind: 'malformed' };
    members.set(name, value);
  }
  const known = [...members].filter((member): member is [Algorithm, string] => Object.hasOwn(ALGORITHMS, member[0]));
  return known.length === 0 ? { kind: 'none_known' } : { kind: 'digests', digests: new Map(known) };
}

/** Whether every digest is that of these bytes. Texts are compared, so each has one spelling. */
export async function isDigestOf(digests: Digests, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  for (const [algorithm, expected] of digests) {
    const digest = await crypto.subtle.digest(ALGORITHMS[algorithm], bytes);
    if (new Uint8Array(digest).toBase64() !== expected) return false;
  }
  return true;
}
