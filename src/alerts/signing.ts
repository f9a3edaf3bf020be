/**
 * Signatures as Standard Webhooks 1.0.0 has them: `v1,` and HMAC-SHA256 over `id.timestamp.body`, one for each secret.
 * Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
 */
const PREFIX = 'whsec_';
/** Of a secret, by the specification. */
const BYTES = { least: 24, most: 64 } as const;
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;
const encoder = new TextEncoder();
type Bytes = ReturnType<TextEncoder['encode']>;

export interface Unsigned {
  readonly id: string;
  readonly body: string;
}

/** The bytes of a secret; null for what is none. */
export function readSecret(text: string): Uint8Array<ArrayBuffer> | null {
  if (!text.startsWith(PREFIX)) return null;
  try {
    const bytes = Uint8Array.fromBase64(text.slice(PREFIX.length));
    return bytes.byteLength >= BYTES.least && bytes.byteLength <= BYTES.most ? bytes : null;
  } catch {
    return null;
  }
}

/** The three headers. The time is the try's, `now` in ms since the epoch; the id stays the same from try to try. */
export async function signedHeaders(
  { id, body }: Unsigned,
  secrets: readonly Uint8Array<ArrayBuffer>[],
  now: number,
): Promise<Record<string, string>> {
  const timestamp = Math.floor(now / 1000);
  const content = encoder.encode(`${id}.${timestamp}.${body}`);
  const signatures = await Promise.all(secrets.map((secret) => sign(content, secret)));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}

async function sign(content: Bytes, secret: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await crypto.subtle.importKey('raw', secret, HMAC, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, content)).toBase64();
}
