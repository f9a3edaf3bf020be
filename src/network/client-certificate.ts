/**
 * The certificate that a client has shown to the edge, as `request.cf.tlsClientAuth` tells it. Pure. Cloudflare checks
 * the chain; which of all good certificates is meant is the merchant's pin. What is not said is not proven.
 */
export type CertificateReading =
  | { readonly kind: 'pinned' }
  | { readonly kind: 'absent' }
  /** The edge does not vouch for it: unknown authority, expired, not checked. */
  | { readonly kind: 'unverified' }
  /** Revoked, or the edge does not say that it is not. */
  | { readonly kind: 'revoked' }
  | { readonly kind: 'not_pinned' };

const FINGERPRINT = /^[0-9a-f]{64}$/;

/** `told` is whatever stands there; `pins` are SHA-256 fingerprints in lower-case hex. */
export function readCertificate(told: unknown, pins: ReadonlySet<string>): CertificateReading {
  if (typeof told !== 'object' || told === null) return { kind: 'absent' };
  const said = told as Readonly<Record<string, unknown>>;
  if (said.certPresented !== '1') return { kind: 'absent' };
  if (said.certVerified !== 'SUCCESS') return { kind: 'unverified' };
  if (said.certRevoked !== '0') return { kind: 'revoked' };
  const fingerprint = said.certFingerprintSHA256;
  const isPinned =
    typeof fingerprint === 'string' &&
    FINGERPRINT.test(fingerprint.toLowerCase()) &&
    pins.has(fingerprint.toLowerCase());
  return { kind: isPinned ? 'pinned' : 'not_pinned' };
}
