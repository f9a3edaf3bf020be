/**
 * Public keys as merchants write them: a good one, and one change. What is taken can be imported, and nothing secret is.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isLowOrder, isOnCurve } from '../../src/network/curve-points.ts';
import {
  EGRESS_ALGORITHMS,
  type EgressAlgorithm,
  importPublicKey,
  readPublicKey,
} from '../../src/network/egress-key.ts';
import { makeKey, type SigningKey } from '../support/signer.ts';

const made = {} as Record<EgressAlgorithm, SigningKey & { pem: string; secretPem: string; secret: object }>;
beforeAll(async () => {
  for (const algorithm of EGRESS_ALGORITHMS) {
    const key = await makeKey('k', algorithm);
    const pem = pemOf('PUBLIC', (await crypto.subtle.exportKey('spki', key.pair.publicKey)) as ArrayBuffer);
    const secretPem = pemOf('PRIVATE', (await crypto.subtle.exportKey('pkcs8', key.pair.privateKey)) as ArrayBuffer);
    const secret = JSON.parse(JSON.stringify(await crypto.subtle.exportKey('jwk', key.pair.privateKey)));
    made[algorithm] = { ...key, pem, secretPem, secret };
  }
});

function pemOf(kind: string, der: ArrayBuffer): string {
  const lines = new Uint8Array(der).toBase64().match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${kind} KEY-----\n${lines.join('\n')}\n-----END ${kind} KEY-----\n`;
}

function summary(written: string | Record<string, unknown>, algorithm: EgressAlgorithm): string {
  const { kind, field } = { field: undefined, ...readPublicKey(written, algorithm) };
  return field === undefined ? kind : `${kind} ${field}`;
}

describe.each(EGRESS_ALGORITHMS)('%s', (algorithm) => {
  it('is taken as a JWK and as PEM, which are the same key', async () => {
    const { jwk, pem } = made[algorithm];
    const [one, two] = [readPublicKey(jwk, algorithm), readPublicKey(pem, algorithm)];
    expect(one.kind).toBe('key');
    expect(one).toEqual(two);
    if (one.kind === 'key') expect((await importPublicKey(one.bytes, algorithm)).type).toBe('public');
  });

  it('is taken with what exports add, and with other line ends', () => {
    const { jwk, pem } = made[algorithm];
    expect(summary({ ...jwk, kid: 'k', use: 'sig', alg: 'x', key_ops: ['verify'], ext: true }, algorithm)).toBe('key');
    expect(summary(`\n${pem.replaceAll('\n', '\r\n')}\n`, algorithm)).toBe('key');
    expect(summary(pem.trim(), algorithm)).toBe('key');
  });

  it('is a key of no other algorithm', () => {
    for (const other of EGRESS_ALGORITHMS.filter((it) => it !== algorithm)) {
      expect(summary(made[algorithm].jwk, other)).toMatch(/^other_curve (?:kty|crv)$/);
      expect(summary(made[algorithm].pem, other)).toBe('other_curve');
    }
  });

  it('is refused where it is the private key', () => {
    const { secret, secretPem, pem, jwk } = made[algorithm];
    expect(summary({ ...secret }, algorithm)).toBe('private d');
    expect(summary(secretPem, algorithm)).toBe('private');
    expect(summary(secretPem.replaceAll('PRIVATE', 'EC PRIVATE'), algorithm)).toBe('private');
    expect(summary(secretPem.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'), algorithm)).toBe('private');
    expect(summary(pem + secretPem, algorithm)).toBe('private');
    expect(summary({ ...jwk, d: '' }, algorithm)).toBe('private d');
    expect(summary({ kty: 'oct', k: 'AAAA' }, algorithm)).toBe('private k');
  });

  it.each<[string, (jwk: Record<string, unknown>) => Record<string, unknown>, string]>([
    ['nothing', () => ({}), 'other_curve kty'],
    ['no curve', ({ crv: _, ...jwk }) => jwk, 'other_curve crv'],
    ['RSA', (jwk) => ({ ...jwk, kty: 'RSA' }), 'other_curve kty'],
    ['another use of the field', (jwk) => ({ ...jwk, crv: 'X25519' }), 'other_curve crv'],
    ['no x', ({ x: _, ...jwk }) => jwk, 'malformed x'],
    ['x that is no text', (jwk) => ({ ...jwk, x: [jwk.x] }), 'malformed x'],
    ['x too short', (jwk) => ({ ...jwk, x: String(jwk.x).slice(0, -4) }), 'malformed x'],
    ['x too long', (jwk) => ({ ...jwk, x: `${jwk.x}AAAA` }), 'malformed x'],
    ['x with padding', (jwk) => ({ ...jwk, x: `${jwk.x}=` }), 'malformed x'],
    ['something that nobody knows', (jwk) => ({ ...jwk, x5u: 'https://x.example' }), 'unknown_member x5u'],
  ])('is refused with %s', (_, change, expected) => {
    expect(summary(change({ ...made[algorithm].jwk }), algorithm)).toBe(expected);
  });

  it.each([
    ['nothing', () => ''],
    ['no end', (pem: string) => pem.replace(/-----END.*/, '')],
    ['a certificate', (pem: string) => pem.replaceAll('PUBLIC KEY', 'CERTIFICATE')],
    ['no base64', (pem: string) => pem.replace('\n', '\n*')],
    ['a byte fewer', (pem: string) => pem.replace(/[A-Za-z0-9+/]{4}=*\n-----END/, '\n-----END')],
    ['two keys', (pem: string) => pem + pem],
  ])('is refused as PEM with %s', (_, change) => {
    expect(summary(change(made[algorithm].pem), algorithm)).toBe('malformed');
  });
});

it('y belongs to curves that have one', () => {
  const { jwk } = made.ed25519;
  expect(summary({ ...jwk, y: jwk.x }, 'ed25519')).toBe('unknown_member y');
  const { y: _, ...without } = made['ecdsa-p256-sha256'].jwk;
  expect(summary(without, 'ecdsa-p256-sha256')).toBe('malformed y');
});

it('a point beside the curve is none', () => {
  const { jwk } = made['ecdsa-p256-sha256'];
  expect(summary({ ...jwk, x: jwk.y, y: jwk.x }, 'ecdsa-p256-sha256')).toBe('not_on_curve');
  const zeros = 'A'.repeat(43);
  expect(summary({ kty: 'EC', crv: 'P-256', x: zeros, y: zeros }, 'ecdsa-p256-sha256')).toBe('not_on_curve');
  expect(isOnCurve('f'.repeat(128), 'P-256')).toBe(false);
});

it.each(['ecdsa-p256-sha256', 'ecdsa-p384-sha384'] as const)(
  'a point of %s is taken exactly where it can be imported',
  async (algorithm) => {
    const size = algorithm === 'ecdsa-p256-sha256' ? 32 : 48;
    const { crv } = made[algorithm].jwk;
    const good = readPublicKey(made[algorithm].jwk, algorithm);
    const baseline = good.kind === 'key' ? good.bytes : new Uint8Array();
    await fc.assert(
      fc.asyncProperty(fc.option(fc.nat({ max: size * 16 - 1 })), async (bit) => {
        const bytes = new Uint8Array(baseline);
        if (bit !== null) bytes[1 + (bit >> 3)] = (bytes[1 + (bit >> 3)] ?? 0) ^ (1 << (bit & 7));
        const text = (from: number) =>
          bytes.slice(from, from + size).toBase64({ alphabet: 'base64url', omitPadding: true });
        const isTaken = summary({ kty: 'EC', crv, x: text(1), y: text(1 + size) }, algorithm) === 'key';
        const isImported = await importPublicKey(bytes, algorithm).then(
          () => true,
          () => false,
        );
        expect([isTaken, isImported]).toEqual([bit === null, bit === null]);
      }),
      { numRuns: 50 },
    );
  },
);

/** Published by several implementations of RFC 7748 and RFC 8032 as the points to refuse; the highest bit is a sign. */
const LOW_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

describe('a key of Ed25519 that anybody could sign for', () => {
  it.each(LOW_ORDER)('%s', (hex) => {
    const bytes = Uint8Array.fromHex(hex);
    expect(isLowOrder(bytes)).toBe(true);
    const x = bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
    expect(summary({ kty: 'OKP', crv: 'Ed25519', x }, 'ed25519')).toBe('not_on_curve');
  });

  it('is told from all others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (bytes) => {
        return isLowOrder(bytes) === LOW_ORDER.includes(bytes.toHex());
      }),
    );
  });
});
