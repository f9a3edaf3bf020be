/**
 * A good signature and one change, one reason. What signs is another implementation than what verifies.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { EgressKey } from '../../src/network/egress-key.ts';
import { readSignature, type SignatureRules } from '../../src/network/request-signature.ts';
import {
  digestOf,
  FIELDS,
  makeKey,
  newNonce,
  type Signing,
  type SigningKey,
  signedHeaders,
  signerOf,
} from '../support/signer.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const SECONDS = NOW / 1000;
const WINDOW_SECONDS = 60;
const URL_TEXT = 'https://shop.acme.example/internal/charge?order=7&x=%7E';
const BODY = '{"token":"tok_1"}';

let key: SigningKey;
let other: SigningKey;
let p256: SigningKey;
let p384: SigningKey;
let rules: SignatureRules;
beforeAll(async () => {
  key = await makeKey('core-1');
  other = await makeKey('core-1');
  p256 = await makeKey('core-256', 'ecdsa-p256-sha256');
  p384 = await makeKey('core-384', 'ecdsa-p384-sha384');
  const old = { ...known(await makeKey('old')), expiresAt: NOW };
  const keys = [known(key), known(p256), known(p384), old];
  rules = { windowSeconds: WINDOW_SECONDS, keys: new Map(keys.map((one) => [one.id, one])) };
});

function known({ id, algorithm, pair }: SigningKey): EgressKey {
  return { id, algorithm, key: pair.publicKey, expiresAt: null };
}

interface Sent {
  readonly method?: string;
  readonly url?: string;
  /** What becomes of the headers on their way. */
  readonly headers?: (headers: Record<string, string>) => Record<string, string>;
}

async function read(signing: Partial<Signing> = {}, { method, url, headers }: Sent = {}, now = NOW) {
  const signed = await signedHeaders({ url: URL_TEXT, body: BODY, key, created: SECONDS, ...signing });
  const request = {
    method: method ?? signing.method ?? 'POST',
    url: url ?? signing.url ?? URL_TEXT,
    headers: new Headers(headers === undefined ? signed : headers(signed)),
  };
  return readSignature(request, rules, now);
}

const why = (signing: Partial<Signing>, sent: Sent = {}, now = NOW) =>
  read(signing, sent, now).then((it) => (it.kind === 'good' ? 'good' : it.why));

describe('takes a good signature', () => {
  it('and says by which key, with which nonce, until when and over what', async () => {
    const nonce = newNonce();
    expect(await read({ nonce })).toEqual({
      kind: 'good',
      signature: {
        keyId: 'core-1',
        nonce,
        until: NOW + WINDOW_SECONDS * 1000,
        digests: new Map([['sha-256', (await digestOf(BODY)).slice('sha-256=:'.length, -1)]]),
      },
    });
  });

  it.each<[string, () => Partial<Signing>, Sent?]>([
    ['by ECDSA on P-256', () => ({ key: p256 })],
    ['by ECDSA on P-384', () => ({ key: p384 })],
    ['that names its algorithm', () => ({ key: p256, alg: 'ecdsa-p256-sha256' })],
    ['over more', () => ({ fields: [...FIELDS, '@authority', '@path', 'x-more'], headers: { 'x-more': 'a, b' } })],
    ['over fewer, where there is no body', () => ({ fields: ['@method', '@target-uri'] })],
    ['in another order', () => ({ fields: FIELDS.toReversed() })],
    ['under another label', () => ({ label: 'any.thing-1' })],
    ['of another method', () => ({ method: 'PUT' })],
    ['until it expires', () => ({ expires: SECONDS + 1 })],
    ['of the last moment', () => ({ created: SECONDS - WINDOW_SECONDS + 1 })],
    ['of a clock that is a little ahead', () => ({ created: SECONDS + 5 })],
    ['with the shortest nonce', () => ({ nonce: 'x'.repeat(16) })],
    ['with the longest nonce', () => ({ nonce: 'x'.repeat(128) })],
    ['whatever else is in the headers', () => ({}), { headers: (it) => ({ ...it, 'x-name': 'a\tb, "' }) }],
  ])('%s', async (_, signing, sent) => {
    expect(await why(signing(), sent)).toBe('good');
  });

  it('until it expires, or its window closes', async () => {
    const untilOf = async (signing: Partial<Signing>) => {
      const reading = await read(signing);
      return reading.kind === 'good' ? reading.signature.until : reading.why;
    };
    expect(await untilOf({ expires: SECONDS + 7 })).toBe(NOW + 7_000);
    expect(await untilOf({ expires: SECONDS + 3_600 })).toBe(NOW + WINDOW_SECONDS * 1000);
    expect(await untilOf({ created: SECONDS - 10 })).toBe(NOW + (WINDOW_SECONDS - 10) * 1000);
  });
});

const without = (field: string) => FIELDS.filter((one) => one !== field);
const replaced = (name: string, from: string | RegExp, to: string) => (headers: Record<string, string>) => {
  const before = headers[name] ?? '';
  const after = before.replace(from, to);
  if (after === before) throw new Error(`nothing of ${name} was replaced: ${before}`);
  return { ...headers, [name]: after };
};

describe('refuses', () => {
  it.each<[string, string, () => Partial<Signing>, Sent?]>([
    ['no signature', 'no_signature', () => ({}), { headers: () => ({}) }],
    ['no Signature', 'no_signature', () => ({}), { headers: ({ signature: _, ...rest }) => rest }],
    ['no Signature-Input', 'no_signature', () => ({}), { headers: ({ 'signature-input': _, ...rest }) => rest }],
    ['method left out', 'not_covered', () => ({ fields: without('@method') })],
    ['URL left out', 'not_covered', () => ({ fields: without('@target-uri') })],
    ['parts of the URL in its place', 'not_covered', () => ({ fields: ['@method', '@authority', '@path', '@query'] })],
    ['another method', 'wrong_signature', () => ({}), { method: 'PUT' }],
    ['another host', 'wrong_signature', () => ({}), { url: URL_TEXT.replace('acme', 'evil') }],
    ['another scheme', 'wrong_signature', () => ({}), { url: URL_TEXT.replace('https', 'http') }],
    ['another port', 'wrong_signature', () => ({}), { url: URL_TEXT.replace('.example', '.example:8443') }],
    ['another path', 'wrong_signature', () => ({}), { url: URL_TEXT.replace('charge', 'Charge') }],
    ['another query', 'wrong_signature', () => ({}), { url: URL_TEXT.replace('order=7', 'order=8') }],
    ['another spelling of the query', 'wrong_signature', () => ({}), { url: URL_TEXT.replace('%7E', '~') }],
    ['one parameter more', 'wrong_signature', () => ({}), { url: `${URL_TEXT}&y` }],
    ['no query', 'wrong_signature', () => ({}), { url: URL_TEXT.replace(/\?.*/, '') }],
    ['an empty query', 'wrong_signature', () => ({ url: 'https://a.example/x' }), { url: 'https://a.example/x?' }],
    ['another digest', 'wrong_signature', () => ({}), { headers: replaced('content-digest', /=:./, '=:x') }],
    [
      'a digest more',
      'wrong_signature',
      () => ({}),
      { headers: (it) => ({ ...it, 'content-digest': `${it['content-digest']}, sha-512=:AA==:` }) },
    ],
    [
      'no digest, though it is covered',
      'missing_header',
      () => ({}),
      { headers: ({ 'content-digest': _, ...it }) => it },
    ],
    [
      'another value of what is covered besides',
      'wrong_signature',
      () => ({ fields: [...FIELDS, 'x-more'], headers: { 'x-more': 'a' } }),
      { headers: replaced('x-more', 'a', 'b') },
    ],
    ['a key nobody knows', 'unknown_key', () => ({ keyid: 'core-2' })],
    ['no key', 'unknown_key', () => ({ keyid: null })],
    ['a name that objects have', 'unknown_key', () => ({ keyid: 'constructor' })],
    ['an expired key', 'key_expired', () => ({ keyid: 'old' })],
    ['another key under that name', 'wrong_signature', () => ({ key: other })],
    ['the key of another algorithm', 'wrong_signature', () => ({ key: p256, keyid: 'core-1' })],
    ['the name of another algorithm', 'algorithm', () => ({ alg: 'ecdsa-p256-sha256' })],
    ['the name of a shared secret', 'algorithm', () => ({ alg: 'hmac-sha256' })],
    ['the name of RSA', 'algorithm', () => ({ alg: 'rsa-pss-sha512' })],
    ['the name of nothing', 'algorithm', () => ({ alg: 'none' })],
    ['a nonce left out', 'nonce', () => ({ nonce: null })],
    ['a short nonce', 'nonce', () => ({ nonce: 'x'.repeat(15) })],
    ['a long nonce', 'nonce', () => ({ nonce: 'x'.repeat(129) })],
    ['a nonce with a space', 'nonce', () => ({ nonce: 'x y'.repeat(8) })],
    ['a nonce with quotes', 'nonce', () => ({ nonce: 'xx"y'.repeat(8) })],
    ['a time left out', 'created', () => ({ created: null })],
    ['the past', 'too_old', () => ({ created: SECONDS - WINDOW_SECONDS })],
    ['the distant past', 'too_old', () => ({ created: 1 })],
    ['the future', 'future', () => ({ created: SECONDS + 6 })],
    ['the distant future', 'future', () => ({ created: 999_999_999_999 })],
    ['one that has expired', 'expired', () => ({ created: SECONDS - 10, expires: SECONDS })],
    ['one that expires before it was created', 'expires', () => ({ created: SECONDS + 3, expires: SECONDS + 2 })],
    [
      'a label that the other header has not',
      'several',
      () => ({}),
      { headers: replaced('signature', 'sig1', 'sig2') },
    ],
    [
      'a label twice',
      'several',
      () => ({}),
      { headers: (it) => ({ ...it, signature: `${it.signature}, ${it.signature}` }) },
    ],
    [
      'two signatures',
      'several',
      () => ({}),
      {
        headers: (it) => ({
          ...it,
          signature: `${it.signature}, b${it.signature}`,
          'signature-input': `${it['signature-input']}, b${it['signature-input']}`,
        }),
      },
    ],
    [
      'an input twice',
      'several',
      () => ({}),
      { headers: (it) => ({ ...it, 'signature-input': `${it['signature-input']}, ${it['signature-input']}` }) },
    ],
    [
      'a component twice',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', '"@method"', '"@method" "@method"') },
    ],
    [
      'a parameter twice',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', ';created', ';created=1;created') },
    ],
    [
      'a time in quotes',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', /created=(\d+)/, 'created="$1"') },
    ],
    [
      'a time with decimals',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', /created=(\d+)/, 'created=$1.5') },
    ],
    ['a time as a date', 'malformed', () => ({}), { headers: replaced('signature-input', 'created=', 'created=@') }],
    [
      'a nonce that is no text',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', /nonce="[^"]*"/, 'nonce=1234567890123456') },
    ],
    ['a key that is no text', 'malformed', () => ({}), { headers: replaced('signature-input', '"core-1"', 'core-1') }],
    [
      'a component in upper case',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', '@method', '@METHOD') },
    ],
    [
      'a component that nobody knows',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', '@method', '@verb') },
    ],
    [
      'a component of a request that it answers',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', '"@method"', '"@method";req') },
    ],
    [
      'a field read in another way',
      'malformed',
      () => ({}),
      { headers: replaced('signature-input', '"content-digest"', '"content-digest";bs') },
    ],
    [
      'a member of the digest in place of it all',
      'good',
      () => ({ fields: ['@method', '@target-uri', 'content-digest;key="sha-256"'] }),
    ],
    ['no brackets', 'malformed', () => ({}), { headers: replaced('signature-input', /\(.*\)/, '"@method"') }],
    ['brackets left open', 'malformed', () => ({}), { headers: replaced('signature-input', ')', '') }],
    [
      'something behind the end',
      'malformed',
      () => ({}),
      { headers: (it) => ({ ...it, 'signature-input': `${it['signature-input']} x` }) },
    ],
    ['no bytes', 'malformed', () => ({}), { headers: (it) => ({ ...it, signature: 'sig1' }) }],
    ['an empty signature', 'wrong_signature', () => ({}), { headers: (it) => ({ ...it, signature: 'sig1=::' }) }],
    [
      'a parameter of the signature',
      'malformed',
      () => ({}),
      { headers: (it) => ({ ...it, signature: `${it.signature};x` }) },
    ],
    ['a signature without padding', 'malformed', () => ({}), { headers: replaced('signature', '==:', ':') }],
    [
      'a signature in base64url',
      'malformed',
      () => ({ sign: async () => new Uint8Array(64).fill(255) }),
      { headers: replaced('signature', /\//g, '_') },
    ],
    ['a signature with a space', 'malformed', () => ({}), { headers: replaced('signature', 'sig1=', 'sig1= ') }],
    [
      'bits beyond the last byte',
      'malformed',
      () => ({ sign: async () => new Uint8Array(64) }),
      { headers: replaced('signature', 'A==:', 'B==:') },
    ],
    [
      'a signature cut short',
      'wrong_signature',
      () => ({ sign: async (base) => (await signerOf(key)(base)).slice(0, 63) }),
    ],
    [
      'a signature with a byte more',
      'wrong_signature',
      () => ({ sign: async (base) => new Uint8Array([...(await signerOf(key)(base)), 0]) }),
    ],
    ['zeros', 'wrong_signature', () => ({ key: p256, sign: async () => new Uint8Array(64) })],
    [
      'a giant input',
      'too_long',
      () => ({}),
      { headers: (it) => ({ ...it, 'signature-input': `${it['signature-input']};x="${'x'.repeat(2_048)}"` }) },
    ],
    [
      'a giant signature',
      'too_long',
      () => ({}),
      { headers: (it) => ({ ...it, signature: `sig1=:${'A'.repeat(512)}:` }) },
    ],
    ['a digest without sha', 'digest_unknown', () => ({ headers: { 'content-digest': 'md5=:AAAA:' } })],
    ['a malformed digest', 'digest_malformed', () => ({ headers: { 'content-digest': 'sha-256=AAAA' } })],
  ])('%s: %s', async (_, expected, signing, sent) => {
    expect(await why(signing(), sent)).toBe(expected);
  });

  it.each(['sig1=', ',', '=', '(', '"', ':', 'sig1=()', 'sig1=("@method")', '\t', ' '])(
    'nonsense: %j',
    async (text) => {
      const headers = () => ({ signature: text, 'signature-input': text });
      expect(await why({}, { headers })).not.toBe('good');
    },
  );

  it('a shared secret made of the public key', async () => {
    const raw = (await crypto.subtle.exportKey('raw', key.pair.publicKey)) as ArrayBuffer;
    const hmac = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const sign = async (base: Uint8Array) => {
      const mac = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, new Uint8Array(base)));
      return new Uint8Array([...mac, ...mac]);
    };
    expect(await why({ sign })).toBe('wrong_signature');
    expect(await why({ sign, alg: 'hmac-sha256' })).toBe('algorithm');
  });

  it('a signature of ECDSA in ASN.1', async () => {
    const sign = async (base: Uint8Array) => asn1(await signerOf(p256)(base));
    expect(await why({ key: p256, sign })).toBe('wrong_signature');
  });

  it('a good signature at the moment its window closes, and takes it just before', async () => {
    expect(await why({}, {}, NOW + WINDOW_SECONDS * 1000 - 1)).toBe('good');
    expect(await why({}, {}, NOW + WINDOW_SECONDS * 1000)).toBe('too_old');
    expect(await why({ expires: SECONDS + 5 }, {}, NOW + 4_999)).toBe('good');
    expect(await why({ expires: SECONDS + 5 }, {}, NOW + 5_000)).toBe('expired');
    expect(await why({}, {}, NOW - 5_000)).toBe('good');
    expect(await why({}, {}, NOW - 5_001)).toBe('future');
  });
});

it('says that a body was not covered by having no digest', async () => {
  const reading = await read({ fields: ['@method', '@target-uri', 'content-digest;key="sha-256"'] });
  expect(reading).toMatchObject({ kind: 'good', signature: { digests: null } });
});

it('costs little for what is not signed at all, and for what is too long', async () => {
  const headers = new Headers({
    signature: `a=:${'A'.repeat(1e6)}:`,
    'signature-input': `a=("@method")${';a'.repeat(5e5)}`,
  });
  const begun = performance.now();
  for (let i = 0; i < 1_000; i++) await readSignature({ method: 'POST', url: URL_TEXT, headers }, rules, NOW);
  expect(performance.now() - begun).toBeLessThan(500);
});

/** r and s as two INTEGERs of a SEQUENCE. */
function asn1(signature: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const padded = (bytes[0] ?? 0) > 127 ? [0, ...bytes] : [...bytes];
    return [2, padded.length, ...padded];
  };
  const both = [...integer(signature.subarray(0, 32)), ...integer(signature.subarray(32))];
  return new Uint8Array([48, both.length, ...both]);
}
