// The core's servers sign what they send (RFC 9421, Ed25519); others try to look like them.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { keyId } from './layers.ts';

export interface Message {
  url: string;
  body: string;
}

/** What travels: a body, and the headers that vouch for it. */
export interface Signed {
  headers: Record<string, string>;
  body: string;
}

export class Signer {
  readonly publicKey: object;
  readonly #privateKey: KeyObject;
  readonly #forgedKey: KeyObject;
  /** By address of the shop: what somebody has listened to. */
  readonly #overheard = new Map<string, Signed>();

  constructor() {
    const own = generateKeyPairSync('ed25519');
    this.publicKey = own.publicKey.export({ format: 'jwk' });
    this.#privateKey = own.privateKey;
    this.#forgedKey = generateKeyPairSync('ed25519').privateKey;
  }

  sign(message: Message): Promise<Signed> {
    return signWith(this.#privateKey, message);
  }

  /** A request of the core has been answered, and somebody has listened. */
  overhear(url: string, signed: Signed): void {
    this.#overheard.set(url, signed);
  }

  forge(message: Message): Promise<Signed> {
    return signWith(this.#forgedKey, message);
  }

  /** A request of the core as it was sent before; unsigned while there was none. */
  replay({ url, body }: Message): Signed {
    return this.#overheard.get(url) ?? { headers: {}, body };
  }
}

async function signWith(privateKey: KeyObject, { url, body }: Message): Promise<Signed> {
  const digest = createHash('sha256').update(body).digest('base64');
  const request = { method: 'POST', url, headers: { 'content-digest': `sha-256=:${digest}:` } };
  const key = { id: keyId, alg: 'ed25519', sign: async (data: Buffer) => sign(null, data, privateKey) };
  const { headers } = await httpbis.signMessage(
    {
      key,
      fields: ['@method', '@target-uri', 'content-digest'],
      params: ['created', 'keyid', 'alg', 'nonce'],
      paramValues: { nonce: randomBytes(16).toString('base64url') },
    },
    request,
  );
  return { headers: headers as Record<string, string>, body };
}
