/**
 * The examples of RFC 9421, appendix B, that fit the algorithms here: the verifier takes them as they are printed, and
 * none as printed with a byte changed. As requests they lack what Cordon asks for besides.
 */
import { type Verifier, verifySignature } from 'http-message-sig';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type EgressAlgorithm,
  type EgressKey,
  importPublicKey,
  readPublicKey,
  verifyWith,
} from '../../src/network/egress-key.ts';
import { readSignature } from '../../src/network/request-signature.ts';

const CREATED = 1_618_884_473;

/** B.1.3 and B.1.4. */
const KEYS = {
  'test-key-ecc-p256': {
    algorithm: 'ecdsa-p256-sha256',
    pem: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
`,
  },
  'test-key-ed25519': {
    algorithm: 'ed25519',
    pem: `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
`,
  },
} as const;

const keys = new Map<string, EgressKey>();
beforeAll(async () => {
  for (const [id, { algorithm, pem }] of Object.entries(KEYS)) keys.set(id, await imported(id, algorithm, pem));
});

async function imported(id: string, algorithm: EgressAlgorithm, pem: string): Promise<EgressKey> {
  const reading = readPublicKey(pem, algorithm);
  if (reading.kind !== 'key') throw new Error(reading.kind);
  return { id, algorithm, key: await importPublicKey(reading.bytes, algorithm), expiresAt: null };
}

/** B.2: the request, and the response, that are signed. */
const REQUEST_FIELDS = {
  host: 'example.com',
  date: 'Tue, 20 Apr 2021 02:07:55 GMT',
  'content-type': 'application/json',
  'content-digest':
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
  'content-length': '18',
};
const RESPONSE_FIELDS = {
  date: 'Tue, 20 Apr 2021 02:07:56 GMT',
  'content-type': 'application/json',
  'content-digest':
    'sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
  'content-length': '23',
};

const B_2_4 = {
  'signature-input': `sig-b24=("@status" "content-type" "content-digest" "content-length");created=${CREATED};keyid="test-key-ecc-p256"`,
  signature: 'sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:',
};
const B_2_6 = {
  'signature-input': `sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=${CREATED};keyid="test-key-ed25519"`,
  signature: 'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
};

const fieldsOf = (headers: Record<string, string>) => Object.entries(headers).map(([name, value]) => ({ name, value }));
const response = (signed: Record<string, string>) =>
  ({ kind: 'response', status: 200, fields: fieldsOf({ ...RESPONSE_FIELDS, ...signed }) }) as const;
const request = (signed: Record<string, string>) =>
  ({
    kind: 'request',
    method: 'POST',
    targetUri: 'https://example.com/foo?param=Value&Pet=dog',
    fields: fieldsOf({ ...REQUEST_FIELDS, ...signed }),
  }) as const;

/** The verifier of requests, without the rules of the house. */
async function isGood(message: ReturnType<typeof request> | ReturnType<typeof response>): Promise<boolean> {
  const resolveVerifier = ({ parameters }: { parameters: { keyid?: string } }): Verifier => {
    const key = keys.get(parameters.keyid ?? '');
    if (key === undefined) throw new Error('unknown key');
    const plain = (bytes: Uint8Array) => new Uint8Array(bytes);
    return { algorithm: key.algorithm, verify: (data, bytes) => verifyWith(key, plain(bytes), plain(data)) };
  };
  const policy = { algorithms: ['ed25519', 'ecdsa-p256-sha256'], requiredComponents: [], requiredParameters: [] };
  return verifySignature(message, { resolveVerifier, policy }).then(
    () => true,
    () => false,
  );
}

describe.each([
  ['B.2.4, ECDSA on P-256', response, B_2_4, 'content-type'],
  ['B.2.6, Ed25519', request, B_2_6, 'date'],
] as const)('%s', (_, messageOf, signed, covered) => {
  it('is good as it is printed', async () => {
    expect(await isGood(messageOf(signed))).toBe(true);
  });

  it.each([
    ['a byte of the signature changed', { ...signed, signature: signed.signature.replace(/=:./, '=:A') }],
    [
      'a second later',
      { ...signed, 'signature-input': signed['signature-input'].replace(`${CREATED}`, `${CREATED + 1}`) },
    ],
    ['another value of what is covered', { ...signed, [covered]: 'Tue, 20 Apr 2021 02:07:57 GMT' }],
    [
      'one component fewer',
      { ...signed, 'signature-input': signed['signature-input'].replace('"content-length"', '') },
    ],
  ])('is not good with %s', async (_change, changed) => {
    expect(await isGood(messageOf(changed))).toBe(false);
  });
});

it('is no good request to Cordon: it covers neither the URL nor a nonce', async () => {
  const headers = new Headers({ ...REQUEST_FIELDS, ...B_2_6 });
  const url = 'https://example.com/foo?param=Value&Pet=dog';
  const reading = await readSignature({ method: 'POST', url, headers }, { keys, windowSeconds: 60 }, CREATED * 1000);
  expect(reading).toEqual({ kind: 'faulty', why: 'not_covered' });
});
