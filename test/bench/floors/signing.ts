/**
 * What a bare proxy that signs does more: a digest of the body, a signature base as long as Cordon's, Ed25519, three
 * headers. By the platform's own functions and a template.
 */

const encoder = new TextEncoder();
let key: Promise<CryptoKey> | null = null;

/** The headers of what is sent on, with three more. */
export async function sign(client: Headers, body: ArrayBuffer): Promise<Headers> {
  key ??= makeKey();
  const headers = new Headers(client);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body)).toBase64();
  const created = Math.floor(Date.now() / 1000);
  const input = `("@method" "@authority" "@path" "@query" "content-digest" "x-forwarded-for" "x-forwarded-host" "x-forwarded-proto" "cordon-evaluation" "cordon-decision" "cordon-risk-score" "content-type");created=${created};expires=${created + 60};nonce="${crypto.randomUUID()}";keyid="0123456789abcdef0123456789abcdef";alg="ed25519";tag="cordon"`;
  const base = `"@method": POST\n"@authority": origin.acme.example\n"@path": /api/pay\n"@query": ?\n"content-digest": sha-256=:${digest}:\n"x-forwarded-for": ${client.get('cf-connecting-ip')}\n"x-forwarded-host": signed.acme.example\n"x-forwarded-proto": https\n"cordon-evaluation": ev_0123456789abcdef0123456789abcdefacme\n"cordon-decision": allow\n"cordon-risk-score": 0\n"content-type": application/json\n"@signature-params": ${input}`;
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', await key, encoder.encode(base))).toBase64();
  headers.set('content-digest', `sha-256=:${digest}:`);
  headers.set('signature-input', `cordon=${input}`);
  headers.set('signature', `cordon=:${signature}:`);
  return headers;
}

async function makeKey(): Promise<CryptoKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return pair.privateKey;
}
