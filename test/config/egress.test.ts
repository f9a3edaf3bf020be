/**
 * The approved egress as it is written: each fault under its own path, no value ever, and what becomes of a good one.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { makeKey, type SigningKey, written } from '../support/signer.ts';
import { deployment, faultsOf } from './deployment.ts';

let here: Environment;
let key: SigningKey;
let p256: SigningKey;
let secret: Record<string, unknown>;
beforeAll(async () => {
  here = await deployment();
  key = await makeKey('core-1');
  p256 = await makeKey('core-2', 'ecdsa-p256-sha256');
  secret = JSON.parse(JSON.stringify(await crypto.subtle.exportKey('jwk', key.pair.privateKey)));
});

const PIN = 'aB12'.repeat(16);
const signature = { keys: ['core-1'] };

interface Change {
  readonly egress?: unknown;
  readonly keys?: readonly unknown[];
  readonly access?: string;
}

function config({ egress = { signature }, keys = [written(key), written(p256)], access = 'server' }: Change = {}) {
  const route = { name: 'charge', match: { methods: ['POST'], path: '/charge' }, access, egress };
  const origin = { pool: [{ url: 'https://origin.acme.example' }] };
  return { id: 'acme', hosts: ['shop.acme.example'], origin, routes: [route], network: { egress_keys: keys } };
}

const faults = (change: Change) => faultsOf(config(change), here).map(({ path, message }) => `${path} ${message}`);

const AT = '/routes/0/egress';
const KEYS = '/network/egress_keys';
const NO_KEY = 'must be a JWK, or PEM that begins with -----BEGIN PUBLIC KEY-----';
const PRIVATE = 'is a private key: it belongs to nobody but the server that signs, and is known to others now';

describe('what a route demands', () => {
  it.each<[string, unknown]>([
    ['a signature', { signature }],
    ['by one of several keys, in a window', { signature: { keys: ['core-2', 'core-1'], window_seconds: 5 } }],
    ['a certificate', { client_certificate: { sha256: [PIN] } }],
    ['both', { client_certificate: { sha256: [PIN] }, signature }],
    ['either', { client_certificate: { sha256: [PIN] }, signature, require: 'any' }],
  ])('may be %s', (_, egress) => {
    expect(faults({ egress })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', {}, `${AT} must demand a client_certificate, a signature, or both`],
    ['a word', 'mtls', `${AT} Invalid input: expected object, received string`],
    ['no key', { signature: { keys: [] } }, `${AT}/signature/keys `],
    [
      'a key nobody knows',
      { signature: { keys: ['core-1', 'x'] } },
      `${AT}/signature/keys/1 is not the id of one of network.egress_keys`,
    ],
    ['a window of nothing', { signature: { ...signature, window_seconds: 0 } }, `${AT}/signature/window_seconds `],
    ['a window of an hour', { signature: { ...signature, window_seconds: 3_600 } }, `${AT}/signature/window_seconds `],
    ['no pin', { client_certificate: { sha256: [] } }, `${AT}/client_certificate/sha256 `],
    [
      'a SHA-1',
      { client_certificate: { sha256: [PIN.slice(0, 40)] } },
      `${AT}/client_certificate/sha256/0 must be 64 hex digits, without colons`,
    ],
    [
      'colons',
      { client_certificate: { sha256: [PIN.match(/../g)?.join(':')] } },
      `${AT}/client_certificate/sha256/0 must be 64 hex digits, without colons`,
    ],
    [
      'a choice of one',
      { signature, require: 'any' },
      `${AT}/require says which of client_certificate and signature: only one is there`,
    ],
    ['another choice', { signature, client_certificate: { sha256: [PIN] }, require: 'none' }, `${AT}/require `],
  ])('may not be %s', (_, egress, expected) => {
    expect(faults({ egress })).toEqual([expect.stringContaining(expected)]);
  });

  it('belongs to routes for servers', () => {
    expect(faults({ access: 'shopper' })).toEqual([`${AT} is for routes whose access is server`]);
  });
});

describe('a key', () => {
  it.each<[string, () => unknown, string]>([
    [
      'twice under one id',
      () => [written(key), written(p256, { id: 'core-1' })],
      `${KEYS}/1/id is that of an earlier key`,
    ],
    [
      'of another algorithm',
      () => [written(key, { algorithm: 'ecdsa-p256-sha256' })],
      `${KEYS}/0/public_key/kty is not a key of this algorithm`,
    ],
    ['of RSA', () => [written(key, { algorithm: 'rsa-pss-sha512' })], `${KEYS}/0/algorithm `],
    ['of a shared secret', () => [written(key, { algorithm: 'hmac-sha256' })], `${KEYS}/0/algorithm `],
    ['that is private', () => [written(key, { public_key: secret })], `${KEYS}/0/public_key/d ${PRIVATE}`],
    [
      'that is private, as PEM',
      () => [written(key, { public_key: '-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----' })],
      `${KEYS}/0/public_key ${PRIVATE}`,
    ],
    [
      'with what is no part of it',
      () => [written(key, { public_key: { ...key.jwk, x5c: [] } })],
      `${KEYS}/0/public_key/x5c is not a member of a public JWK of this algorithm`,
    ],
    [
      'that is no point',
      () => [written(key, { public_key: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } })],
      `${KEYS}/0/public_key is no point that can be a key`,
    ],
    ['cut short', () => [written(key, { public_key: { ...key.jwk, x: 'AAAA' } })], `${KEYS}/0/public_key/x ${NO_KEY}`],
    ['that is a text', () => [written(key, { public_key: 'ssh-ed25519 AAAA' })], `${KEYS}/0/public_key ${NO_KEY}`],
    ['that is a number', () => [written(key, { public_key: 1 })], `${KEYS}/0/public_key ${NO_KEY}`],
    ['without an id', () => [written(key, { id: '' })], `${KEYS}/0/id `],
    ['with quotes in its id', () => [written(key, { id: 'a"b' })], `${KEYS}/0/id `],
    ['until some day', () => [written(key, { expires_at: '2026-12-31T23:59Z' })], `${KEYS}/0/expires_at `],
  ])('%s is a fault', (_, keys, expected) => {
    const found = faults({ keys: keys() as unknown[], egress: { client_certificate: { sha256: [PIN] } } });
    expect(found).toEqual([expect.stringContaining(expected)]);
  });

  it('of which there are too many is a fault', () => {
    const keys = Array.from({ length: 33 }, (_, index) => written(key, { id: `core-${index}` }));
    const egress = { client_certificate: { sha256: [PIN] } };
    expect(faults({ keys, egress })).toEqual([expect.stringMatching(/^\/network\/egress_keys /)]);
    expect(faults({ keys: keys.slice(1), egress })).toEqual([]);
  });

  it('that is wrong is named beside all other faults, and its value nowhere', () => {
    const keys = [written(key, { public_key: secret }), written(p256, { algorithm: 'x' })];
    const found = faults({ keys, egress: { signature: { keys: ['core-1'], window_seconds: 1 } } });
    expect(found.map((fault) => fault.split(' ')[0]).sort()).toEqual(
      [`${KEYS}/0/public_key/d`, `${KEYS}/1/algorithm`, `${AT}/signature/window_seconds`].sort(),
    );
    expect(JSON.stringify(found)).not.toContain(String(secret.d));
  });
});

async function policyOf(change: Change = {}): Promise<Policy> {
  const result = validateMerchant(config(change), 'acme', here);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return compilePolicy(result.value, { hash: 'h', writtenAt: 0 }, here);
}

describe('compiled', () => {
  it('a route knows its own keys alone, ready to verify', async () => {
    const { routes } = await policyOf();
    const { egress } = routes[0] ?? {};
    expect(egress).toMatchObject({ certificates: null, isEither: false, signature: { windowSeconds: 60 } });
    expect([...(egress?.signature?.keys.keys() ?? [])]).toEqual(['core-1']);
    expect(egress?.signature?.keys.get('core-1')?.key).toMatchObject({ type: 'public', usages: ['verify'] });
  });

  it('fingerprints are in lower case, and "any" is said', async () => {
    const { routes } = await policyOf({ egress: { client_certificate: { sha256: [PIN] }, signature, require: 'any' } });
    expect(routes[0]?.egress).toMatchObject({ certificates: new Set([PIN.toLowerCase()]), isEither: true });
  });

  it('the reason is enforced unless a mode says otherwise', async () => {
    expect((await policyOf()).network.modes.egress_unverified).toBe('enforce');
  });
});
