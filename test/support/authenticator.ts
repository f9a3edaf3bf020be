/**
 * An authenticator in software, with a browser before it: makes passkeys and signs with them, honestly or otherwise.
 * Written after WebAuthn level 3 and RFC 8949, beside the library that is tested.
 */
export type Algorithm = 'ES256' | 'RS256' | 'EdDSA';

export interface Attesting {
  readonly authenticatorData: Uint8Array<ArrayBuffer>;
  readonly clientData: Uint8Array<ArrayBuffer>;
  readonly id: Uint8Array<ArrayBuffer>;
  readonly publicKey: CryptoKey;
  /** A raw signature of ECDSA in DER. */
  readonly derOf: (raw: Uint8Array) => Uint8Array<ArrayBuffer>;
}

/** How a ceremony differs from what an honest browser and device would do. */
export interface Tampering {
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  readonly type?: string;
  readonly relyingParty?: string;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly counter?: number;
  readonly challenge?: string;
  readonly userHandle?: string | null;
  readonly attestation?: Cbor;
  /** Instead: made of what is attested. */
  readonly attest?: (made: Attesting) => Promise<Cbor>;
  readonly format?: string;
  readonly id?: string;
  /** Signs with another key. */
  readonly signer?: CryptoKey;
}

export interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly id: string; readonly name: string };
  readonly excludeCredentials: readonly { readonly id: string }[];
  readonly attestation: string;
  readonly authenticatorSelection: { readonly userVerification: string };
}

export interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly userVerification: string;
  readonly allowCredentials: readonly { readonly id: string; readonly transports?: readonly string[] }[];
}

export type Cbor = number | string | Uint8Array | ReadonlyMap<number | string, Cbor> | readonly Cbor[];

const ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2_048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
  EdDSA: { name: 'Ed25519' },
} as const;
const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];
const encoder = new TextEncoder();

export class SoftPasskey {
  readonly id: string;
  readonly keys: CryptoKeyPair;
  readonly #algorithm: Algorithm;
  readonly #userHandle: string;
  readonly #options: CreationOptions;
  counter: number;

  private constructor(options: CreationOptions, algorithm: Algorithm, keys: CryptoKeyPair, counter: number) {
    this.id = text64(crypto.getRandomValues(new Uint8Array(32)));
    this.keys = keys;
    this.counter = counter;
    this.#algorithm = algorithm;
    this.#options = options;
    this.#userHandle = options.user.id;
  }

  /** `counter`: 0 for one that keeps none. */
  static async make(options: CreationOptions, { algorithm = 'ES256', counter = 0 }: Making = {}): Promise<SoftPasskey> {
    const keys = await crypto.subtle.generateKey(ALGORITHMS[algorithm], true, ['sign', 'verify']);
    return new SoftPasskey(options, algorithm, keys as CryptoKeyPair, counter);
  }

  /** What a browser posts of one that was just made. */
  async registration(origin: string, tampering: Tampering = {}) {
    const { challenge, rp } = this.#options;
    const said = clientData('webauthn.create', { challenge, origin, ...tampering });
    const key = cbor(await this.#coseKey());
    const id = bytes64(this.id);
    const credential = concat([new Uint8Array(16), new Uint8Array([id.length >> 8, id.length & 255]), id, key]);
    const data = await authenticatorData(rp.id, { counter: this.counter, ...tampering }, credential);
    const made = { authenticatorData: data, clientData: said, id, publicKey: this.keys.publicKey, derOf };
    const { format = 'none', attestation = (await tampering.attest?.(made)) ?? new Map() } = tampering;
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ['fmt', format],
        ['attStmt', attestation],
        ['authData', data],
      ]),
    );
    return {
      id: tampering.id ?? this.id,
      rawId: tampering.id ?? this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: text64(said),
        attestationObject: text64(attestationObject),
        transports: ['internal', 'hybrid'],
      },
    };
  }

  /** What a browser answers to a request. Each signature of one that counts counts. */
  async assertion(options: Pick<RequestOptions, 'challenge' | 'rpId'>, origin: string, tampering: Tampering = {}) {
    if (this.counter > 0) this.counter++;
    const said = clientData('webauthn.get', { challenge: options.challenge, origin, ...tampering });
    const data = await authenticatorData(options.rpId, { counter: this.counter, ...tampering });
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', said));
    const signature = await this.#sign(concat([data, hash]), tampering.signer ?? this.keys.privateKey);
    const { userHandle = this.#userHandle, id = this.id } = tampering;
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: text64(said),
        authenticatorData: text64(data),
        signature: text64(signature),
        userHandle,
      },
    };
  }

  async #sign(data: Uint8Array<ArrayBuffer>, key: CryptoKey): Promise<Uint8Array> {
    const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHMS[this.#algorithm], key, data));
    return this.#algorithm === 'ES256' ? derOf(signature) : signature;
  }

  async #coseKey(): Promise<Cbor> {
    const jwk = (await crypto.subtle.exportKey('jwk', this.keys.publicKey)) as JsonWebKey;
    const part = (name: 'x' | 'y' | 'n' | 'e') => bytes64(jwk[name] ?? '');
    const [kty, alg, crv, x, y] = [1, 3, -1, -2, -3];
    switch (this.#algorithm) {
      case 'ES256':
        return map([kty, 2], [alg, -7], [crv, 1], [x, part('x')], [y, part('y')]);
      case 'EdDSA':
        return map([kty, 1], [alg, -8], [crv, 6], [x, part('x')]);
      case 'RS256':
        return map([kty, 3], [alg, -257], [crv, part('n')], [x, part('e')]);
    }
  }
}

interface Making {
  readonly algorithm?: Algorithm;
  readonly counter?: number;
}

function clientData(type: string, said: Tampering & { origin: string; challenge: string }): Uint8Array<ArrayBuffer> {
  const { origin, challenge, crossOrigin = false, topOrigin } = said;
  return Uint8Array.from(
    encoder.encode(JSON.stringify({ type: said.type ?? type, challenge, origin, crossOrigin, topOrigin })),
  );
}

async function authenticatorData(
  relyingParty: string,
  { isVerified = true, isPresent = true, counter = 0, ...tampering }: Tampering,
  credential: Uint8Array = new Uint8Array(),
): Promise<Uint8Array<ArrayBuffer>> {
  const hash = await crypto.subtle.digest('SHA-256', encoder.encode(tampering.relyingParty ?? relyingParty));
  const attested = credential.length > 0 ? ATTESTED : 0;
  const flags = (isPresent ? PRESENT : 0) | (isVerified ? VERIFIED : 0) | attested;
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, counter);
  return concat([new Uint8Array(hash), new Uint8Array([flags]), count, credential]);
}

function map(...entries: readonly (readonly [number, Cbor])[]): Cbor {
  return new Map(entries);
}

/** What of CBOR (RFC 8949) is needed here. */
export function cbor(value: Cbor): Uint8Array<ArrayBuffer> {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return concat([head(3, encoder.encode(value).length), encoder.encode(value)]);
  if (value instanceof Uint8Array) return concat([head(2, value.length), value]);
  if (value instanceof Map)
    return concat([head(5, value.size), ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one)])]);
  const list = value as readonly Cbor[];
  return concat([head(4, list.length), ...list.map(cbor)]);
}

function head(major: number, length: number): Uint8Array<ArrayBuffer> {
  const type = major << 5;
  if (length < 24) return new Uint8Array([type | length]);
  return length < 256 ? new Uint8Array([type | 24, length]) : new Uint8Array([type | 25, length >> 8, length & 255]);
}

/** ASN.1 (ITU-T X.690) of a raw signature of ECDSA. */
function derOf(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((half) => {
    const first = half.findIndex((byte) => byte !== 0);
    const short = half.subarray(first);
    const whole = (short[0] ?? 0) > 127 ? concat([new Uint8Array(1), short]) : short;
    return concat([new Uint8Array([2, whole.length]), whole]);
  });
  const body = concat(integers);
  return concat([new Uint8Array([0x30, body.length]), body]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function text64(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

export function bytes64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: 'base64url' });
}
