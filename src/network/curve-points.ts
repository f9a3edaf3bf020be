/**
 * Whether a public key is a point that can be one: on its curve, and not of low order. Pure arithmetic, done when a
 * configuration is read and never for a request.
 */

// NIST SP 800-186, 3.2.1: y² = x³ − 3x + b over the integers modulo p.
const WEIERSTRASS = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
} as const;

/** `coordinates`: x and y in hex, one behind the other. */
export function isOnCurve(coordinates: string, curve: keyof typeof WEIERSTRASS): boolean {
  const { p, b } = WEIERSTRASS[curve];
  const half = coordinates.length / 2;
  const x = BigInt(`0x${coordinates.slice(0, half)}`);
  const y = BigInt(`0x${coordinates.slice(half)}`);
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

const P = 2n ** 255n - 19n;
/** The y of the points of edwards25519 whose order divides eight; of those of order eight, one is the other's negative. */
const ORDER_EIGHT = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const LOW_ORDER: readonly bigint[] = [0n, 1n, P - 1n, ORDER_EIGHT, P - ORDER_EIGHT];

/** Whether a point of edwards25519, as RFC 8032 encodes it, is of low order: all zeros is, and so anybody's key. */
export function isLowOrder(encoded: Uint8Array): boolean {
  // Little-endian; the highest bit is the sign of x. What is above p is read modulo p by some.
  const littleEndian = Array.from(encoded, (byte) => byte.toString(16).padStart(2, '0'));
  const y = BigInt(`0x${littleEndian.reverse().join('')}`) & (2n ** 255n - 1n);
  return LOW_ORDER.includes(y % P);
}
