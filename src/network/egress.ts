/**
 * The approved egress of a server route: what a caller must show beside his address, and what speaks against him where
 * he does not. Pure.
 */
import type { CertificateReading } from './client-certificate.ts';
import type { NetworkFinding, NetworkRules } from './network-rules.ts';
import type { SignatureFault, SignatureRules } from './request-signature.ts';

export interface EgressRules {
  /** SHA-256 fingerprints in lower-case hex; null: no certificate is asked for. */
  readonly certificates: ReadonlySet<string> | null;
  /** Null: no signature is asked for. */
  readonly signature: SignatureRules | null;
  /** Where both are asked for: whether one of them is enough. */
  readonly isEither: boolean;
}

/** Why a caller is not taken for the merchant's own server. */
export type EgressFault =
  | { readonly of: 'certificate'; readonly why: Exclude<CertificateReading['kind'], 'pinned'> }
  | { readonly of: 'signature'; readonly why: SignatureFault }
  /** Of the body that a good signature came with. */
  | { readonly of: 'body'; readonly why: 'not_whole' | 'not_covered' | 'other_bytes' }
  /** Of a good signature's nonce. Whether it is unused is known to the gate alone. */
  | { readonly of: 'nonce'; readonly why: 'replayed' | 'unproven' };

/** One finding; none where the layer is off. */
export function egressFindings(fault: EgressFault, modes: NetworkRules['modes']): readonly NetworkFinding[] {
  const { egress_unverified: mode } = modes;
  return mode === 'off' ? [] : [{ code: 'egress_unverified', consequence: 'block', mode, message: describe(fault) }];
}

function describe(fault: EgressFault): string {
  switch (fault.of) {
    case 'certificate':
      return CERTIFICATE[fault.why];
    case 'signature':
      return SIGNATURE[fault.why];
    case 'body':
      return BODY[fault.why];
    case 'nonce':
      return NONCE[fault.why];
  }
}

const CERTIFICATE = {
  absent: 'no client certificate was shown',
  unverified: 'the client certificate is not verified',
  revoked: 'the client certificate is revoked, or may be',
  not_pinned: 'the client certificate is not a pinned one',
} as const satisfies Record<Exclude<CertificateReading['kind'], 'pinned'>, string>;

const SIGNATURE = {
  no_signature: 'the request is not signed',
  too_long: 'the signature headers are too long',
  malformed: 'the signature headers are malformed',
  several: 'there must be exactly one signature',
  missing_header: 'a header that the signature covers is missing',
  not_covered: 'the signature must cover @method and @target-uri',
  nonce: 'the nonce is missing, or not 16 to 128 plain characters',
  created: 'the signature does not say when it was created',
  too_old: 'the signature is too old',
  future: 'the signature is from the future',
  expires: 'the signature expires before it was created',
  expired: 'the signature has expired',
  unknown_key: 'the key is not one of this route',
  key_expired: 'the key has expired',
  algorithm: 'the algorithm is not that of the key',
  digest_malformed: 'Content-Digest is malformed',
  digest_unknown: 'Content-Digest has neither sha-256 nor sha-512',
  wrong_signature: 'the signature is wrong',
} as const satisfies Record<SignatureFault, string>;

const BODY = {
  not_whole: 'the body did not come whole, or is too large',
  not_covered: 'the signature must cover content-digest where there is a body',
  other_bytes: 'Content-Digest is not that of the body',
} as const;

const NONCE = {
  replayed: 'the nonce was used before, or the time of the signature is over',
  unproven: 'the gate did not say that the nonce is unused',
} as const;
