/**
 * What can be wrong with a sealed body, and how that is said: to the sender, and in the record. Nothing here depends on
 * what was inside, but for what its sender claims of the time and of whom it is for.
 */
export const SEALED_FAULTS = {
  malformed:
    'the body must be a JWE in general JSON serialization, without any member that the documentation does not name',
  header: 'the protected header must say ECDH-ES+A256KW and A256GCM, and nothing else',
  recipients: 'it must be sealed for two: a key of Cordon and a key of the shop, both in force',
  unopened: 'the sealed payment does not open with the key that it names',
  claims: 'the sealed text must hold aud, iat, exp, jti, proof and payment, each of its type, and nothing else',
  audience: 'the payment is sealed for somebody else',
  expired: 'the time of the sealed payment is over',
  future: 'the payment is sealed in the future',
  too_long: 'the sealed payment is good for longer than it may be',
  unbound: 'what the shop would open is not what Cordon has opened',
} as const;

export type SealedFault = keyof typeof SEALED_FAULTS;
