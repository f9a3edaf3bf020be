/**
 * A request that a route with `egress` takes: signed by RFC 9421 with an Ed25519 key. Nothing but Web Crypto is needed.
 */
export interface SigningKey {
  /** The key's id in `network.egress_keys`. */
  readonly id: string;
  readonly privateKey: CryptoKey;
}

/** The headers to send along. `url` as it goes over the wire, query and all; `body` byte for byte. */
export async function signatureHeaders(
  request: { readonly method: string; readonly url: string; readonly body: string },
  key: SigningKey,
): Promise<Record<string, string>> {
  const { method, url, body } = request;
  const digest = `sha-256=:${base64(await crypto.subtle.digest('SHA-256', bytes(body)))}:`;
  const created = Math.floor(Date.now() / 1000);
  const covered = '("@method" "@target-uri" "content-digest")';
  const params = `${covered};created=${created};keyid="${key.id}";nonce="${crypto.randomUUID()}"`;
  const base = [
    `"@method": ${method}`,
    `"@target-uri": ${url}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${params}`,
  ].join('\n');
  const signature = base64(await crypto.subtle.sign('Ed25519', key.privateKey, bytes(base)));
  return { 'content-digest': digest, 'signature-input': `core=${params}`, signature: `core=:${signature}:` };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function base64(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}
