/**
 * A request on a route that demands an approved egress. What the headers prove is looked at before a byte of the body
 * is read, the body's digest before anything is read out of it, and the nonce with the admission.
 */
import { wholeBytes } from '../attempt/body.ts';
import { digest } from '../attempt/card-fingerprint.ts';
import type { HeldStream } from '../attempt/held-stream.ts';
import { readCertificate } from '../network/client-certificate.ts';
import { isDigestOf } from '../network/content-digest.ts';
import { type EgressFault, type EgressRules, egressFindings } from '../network/egress.ts';
import { type GoodSignature, readSignature, type SignatureRules } from '../network/request-signature.ts';
import { type Guarded, guardRequest, refuseStranger } from './guard.ts';
import { type Guarding, speakingAgainst } from './guarding.ts';
import type { Visit } from './visit.ts';

/** What is known once the headers are read. */
export type Shown =
  | { readonly kind: 'enough' }
  | { readonly kind: 'signed'; readonly signature: GoodSignature }
  | { readonly kind: 'unverified'; readonly fault: EgressFault };

const ENOUGH: Shown = { kind: 'enough' };
const NONCE_PURPOSE = 'egress nonce';

/** What the headers show. Where the layer is off nobody looks. */
export async function readEgress({ visit, inForce, now }: Guarding, rules: EgressRules): Promise<Shown> {
  if (inForce.policy.network.modes.egress_unverified === 'off') return ENOUGH;
  const { certificates, signature, isEither } = rules;
  const certificate = certificates === null ? ENOUGH : showCertificate(visit, certificates);
  const isDecided = signature === null || (certificate.kind === 'enough') === isEither;
  if (isDecided && certificates !== null) return certificate;
  return signature === null ? ENOUGH : showSignature(visit, signature, now);
}

/** Turns away, on record, whose headers do not show what they should; null for everybody else. */
export function refuseUnverified(guarding: Guarding, shown: Shown): Response | null {
  return shown.kind === 'unverified' ? refuseStranger(withFault(guarding, shown.fault)) : null;
}

interface Arrived {
  readonly shown: Shown;
  readonly held: HeldStream;
}

/** The body is in hand by now. */
export async function guardShown(guarding: Guarding, { shown, held }: Arrived): Promise<Guarded> {
  switch (shown.kind) {
    case 'enough':
      return guardRequest(guarding, held);
    case 'unverified':
      return guardRequest(withFault(guarding, shown.fault), held);
    case 'signed': {
      const fault = await checkBody(held, shown.signature);
      const proven = fault === null ? await withNonce(guarding, shown.signature) : withFault(guarding, fault);
      if (fault?.why === 'not_whole') return guardRequest({ ...proven, caller: stillHeard(guarding, proven) }, held);
      return refuseStranger(proven) ?? guardRequest(proven, held);
    }
  }
}

/** What is not whole cannot be read, and is refused for that: in words, for a good signer may hear them. */
function stillHeard({ caller: { isStranger } }: Guarding, { caller }: Guarding): Guarding['caller'] {
  return { ...caller, isStranger };
}

function showCertificate({ request }: Visit, pins: ReadonlySet<string>): Shown {
  const { kind: why } = readCertificate(request.cf?.tlsClientAuth, pins);
  return why === 'pinned' ? ENOUGH : { kind: 'unverified', fault: { of: 'certificate', why } };
}

async function showSignature({ request }: Visit, rules: SignatureRules, now: number): Promise<Shown> {
  const reading = await readSignature(request, rules, now);
  if (reading.kind === 'good') return { kind: 'signed', signature: reading.signature };
  return { kind: 'unverified', fault: { of: 'signature', why: reading.why } };
}

async function checkBody(held: HeldStream, { digests }: GoodSignature): Promise<EgressFault | null> {
  const bytes = wholeBytes(held);
  if (!bytes.ok) return { of: 'body', why: 'not_whole' };
  if (digests === null) return bytes.value.byteLength === 0 ? null : { of: 'body', why: 'not_covered' };
  return (await isDigestOf(digests, bytes.value)) ? null : { of: 'body', why: 'other_bytes' };
}

function withFault(guarding: Guarding, fault: EgressFault): Guarding {
  return speakingAgainst(guarding, egressFindings(fault, guarding.inForce.policy.network.modes));
}

async function withNonce(guarding: Guarding, { keyId, nonce, until }: GoodSignature): Promise<Guarding> {
  const { digestKey, network } = guarding.inForce.policy;
  const key = await digest(JSON.stringify([keyId, nonce]), NONCE_PURPOSE, digestKey);
  return { ...guarding, nonce: { key, until, isEnforced: network.modes.egress_unverified === 'enforce' } };
}
