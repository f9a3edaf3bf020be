/**
 * A request's signature by RFC 9421, under a profile that leaves nothing to choose: one signature, over method, URL and
 * the body's digest, in a window of time, with a nonce. The grammar and the signature base are the library's, which
 * signatures are good is decided here. Pure: `now` is passed in; that the nonce is unused is the gate's to say.
 */
import { isSignatureError, type UntrustedSignatureCandidate, type Verifier, verifySignature } from 'http-message-sig';
import { type Digests, readContentDigest } from './content-digest.ts';
import { EGRESS_ALGORITHMS, type EgressKey, verifyWith } from './egress-key.ts';

export interface SignatureRules {
  readonly keys: ReadonlyMap<string, EgressKey>;
  /** How old a signature may be. */
  readonly windowSeconds: number;
}

/** `url` is the one that was asked for, as it arrived. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

export interface GoodSignature {
  readonly keyId: string;
  readonly nonce: string;
  /** From this moment on nobody takes the signature any more, in ms since the epoch. */
  readonly until: number;
  /** What the body must be; null where the signature says nothing of a body. */
  readonly digests: Digests | null;
}

/** In the order in which they are looked for: what costs least comes first. */
export type SignatureFault =
  | 'no_signature'
  | 'too_long'
  | 'malformed'
  | 'several'
  | 'missing_header'
  | 'not_covered'
  | 'nonce'
  | 'created'
  | 'too_old'
  | 'future'
  | 'expires'
  | 'expired'
  | 'unknown_key'
  | 'key_expired'
  | 'algorithm'
  | 'digest_malformed'
  | 'digest_unknown'
  | 'wrong_signature';

export type SignatureReading =
  | { readonly kind: 'good'; readonly signature: GoodSignature }
  | { readonly kind: 'faulty'; readonly why: SignatureFault };

/** How far a signer's clock may be ahead of the edge's. */
const CLOCK_SKEW_SECONDS = 5;
const INPUT_LIMIT = 2_048;
const SIGNATURE_LIMIT = 512;
const COVERED = ['@method', '@target-uri'] as const;
const DIGEST = 'content-digest';
/** base64, base64url, UUIDs and most else that is made for this; enough of it that no two are alike by chance. */
const NONCE = /^[A-Za-z0-9+/=_.:~-]{16,128}$/;

/** Reads and verifies the signature of a request. The body is not looked at: its digest is, as part of what is signed. */
export async function readSignature(
  request: SignedRequest,
  rules: SignatureRules,
  now: number,
): Promise<SignatureReading> {
  const { method, url, headers } = request;
  const input = headers.get('signature-input');
  const value = headers.get('signature');
  if (input === null || value === null) return faulty('no_signature');
  if (input.length > INPUT_LIMIT || value.length > SIGNATURE_LIMIT) return faulty('too_long');
  let good: GoodSignature | null = null;
  const resolveVerifier = (candidate: UntrustedSignatureCandidate): Verifier => {
    // Another spelling of the same bytes would be another text for the same signature.
    if (value !== `${candidate.label}=:${candidate.signature.toBase64()}:`) throw new Unacceptable('malformed');
    const { key, ...signature } = accept(candidate, { headers, rules, now });
    good = signature;
    return { algorithm: key.algorithm, verify: (data, bytes) => verifyWith(key, plain(bytes), plain(data)) };
  };
  try {
    const message = { kind: 'request', method, targetUri: url, fields: fieldsNamed(input, headers) } as const;
    await verifySignature(message, { resolveVerifier, policy: NO_POLICY });
    return good === null ? faulty('malformed') : { kind: 'good', signature: good };
  } catch (error) {
    return faulty(faultOf(error));
  }
}

/** The library's own policy is asked for nothing but algorithms, its clock for nothing: what is good is said once, below. */
const NO_POLICY = {
  algorithms: EGRESS_ALGORITHMS,
  requiredComponents: [],
  requiredParameters: [],
  now: 0,
  clockSkew: Number.MAX_SAFE_INTEGER,
};

interface Circumstances {
  readonly headers: Headers;
  readonly rules: SignatureRules;
  readonly now: number;
}

/** Everything but the signature itself; throws what is wrong, for the library asks by a callback. */
function accept(
  { components, parameters }: UntrustedSignatureCandidate,
  { headers, rules, now }: Circumstances,
): GoodSignature & { readonly key: EgressKey } {
  const whole = components.filter((component) => Object.keys(component.parameters).length === 0);
  const names = whole.map(({ name }) => name);
  if (!COVERED.every((name) => names.includes(name))) throw new Unacceptable('not_covered');
  const { nonce, keyid, alg } = parameters;
  if (nonce === undefined || !NONCE.test(nonce)) throw new Unacceptable('nonce');
  const until = endOf(parameters, rules.windowSeconds, now);
  const key = keyid === undefined ? undefined : rules.keys.get(keyid);
  if (key === undefined) throw new Unacceptable('unknown_key');
  if (key.expiresAt !== null && key.expiresAt <= now) throw new Unacceptable('key_expired');
  if (alg !== undefined && alg !== key.algorithm) throw new Unacceptable('algorithm');
  const digests = names.includes(DIGEST) ? digestsIn(headers) : null;
  return { key, keyId: key.id, nonce, until, digests };
}

/** Until when it is good, in ms since the epoch. */
function endOf(
  { created, expires }: UntrustedSignatureCandidate['parameters'],
  windowSeconds: number,
  now: number,
): number {
  if (created === undefined) throw new Unacceptable('created');
  if ((created + windowSeconds) * 1000 <= now) throw new Unacceptable('too_old');
  if (created * 1000 > now + CLOCK_SKEW_SECONDS * 1000) throw new Unacceptable('future');
  if (expires === undefined) return (created + windowSeconds) * 1000;
  if (expires <= created) throw new Unacceptable('expires');
  if (expires * 1000 <= now) throw new Unacceptable('expired');
  return Math.min(created + windowSeconds, expires) * 1000;
}

function digestsIn(headers: Headers): Digests {
  const reading = readContentDigest(headers.get(DIGEST) ?? '');
  switch (reading.kind) {
    case 'digests':
      return reading.digests;
    case 'malformed':
      throw new Unacceptable('digest_malformed');
    case 'none_known':
      throw new Unacceptable('digest_unknown');
  }
}

/** The library looks at every field that it is given: those that may be covered are enough. */
function fieldsNamed(input: string, headers: Headers): readonly { name: string; value: string }[] {
  const fields: { name: string; value: string }[] = [];
  for (const [name, value] of headers) {
    if (name === 'signature' || name === 'signature-input' || input.includes(`"${name}"`)) fields.push({ name, value });
  }
  return fields;
}

class Unacceptable extends Error {
  readonly why: SignatureFault;

  constructor(why: SignatureFault) {
    super(why);
    this.why = why;
  }
}

// Whatever else goes wrong in reading what a stranger has written is a fault of what he wrote.
function faultOf(error: unknown): SignatureFault {
  if (!isSignatureError(error)) return 'malformed';
  if (error.cause instanceof Unacceptable) return error.cause.why;
  switch (error.code) {
    case 'MissingField':
      return 'missing_header';
    case 'LabelRequired':
    case 'LabelMismatch':
    case 'DuplicateLabel':
      return 'several';
    case 'AlgorithmMismatch':
    case 'PolicyViolation':
      return 'algorithm';
    case 'VerificationFailed':
      return 'wrong_signature';
    default:
      return 'malformed';
  }
}

function faulty(why: SignatureFault): SignatureReading {
  return { kind: 'faulty', why };
}

function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
