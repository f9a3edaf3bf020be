/**
 * How a verified customer enrols a passkey (WebAuthn level 3, 7.1): what his browser is asked for, and what of its answer is
 * kept. Who he is, is settled before. Nothing is asked of the maker of his device: no attestation.
 */
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import type { Json } from '../attempt/json-body.ts';
import { handleOf } from './passkey.ts';
import { type Ceremony, readChallenge, writeChallenge } from './passkey-challenge.ts';
import type { Enrolled, NewPasskey, Passkey, PasskeyShelf, SignedChallenge } from './passkey-record.ts';
import { readClientData, type Site } from './passkey-site.ts';
import type { Registration } from './registration.ts';
import type { PasskeySettings } from './settings.ts';

/** EdDSA, ES256 and RS256: what authenticators of today have, and the platform verifies. */
const ALGORITHMS = [-8, -7, -257];
const TIMEOUT_MS = 300_000;
const CHALLENGE_MS = 600_000;
const ID_BYTES = 12;
/** WebAuthn level 3, 6.5.1: no credential's id is longer. */
const CREDENTIAL_LIMIT_BYTES = 1_023;
/** A key of RSA with 4,096 bits takes half of it. */
const KEY_LIMIT_BYTES = 1_024;
const BASE64URL = { alphabet: 'base64url' } as const;
const TO_BASE64URL = { alphabet: 'base64url', omitPadding: true } as const;

export interface Enrolling {
  /** A keyed digest (binding.ts). */
  readonly customer: string;
  readonly site: Site;
  readonly settings: PasskeySettings;
  readonly shelf: PasskeyShelf;
  /** Of the merchant, for challenges of passkeys alone. */
  readonly secret: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** What his browser is to make, as it is sent; null where nobody can say what he has. `label`: what his device calls it. */
export async function poseEnrolment(enrolling: Enrolling, label: string): Promise<Json | 'too_many' | null> {
  const { customer, site, settings, shelf, now } = enrolling;
  const known = await shelf.of(customer);
  if (known === null) return null;
  if (known.length >= settings.mostPerCustomer) return 'too_many';
  const options = await generateRegistrationOptions({
    rpName: settings.relyingPartyName,
    rpID: site.relyingParty,
    userID: Uint8Array.fromBase64(handleOf(customer), BASE64URL),
    userName: label,
    userDisplayName: label,
    challenge: await writeChallenge(ceremonyOf(enrolling), now + CHALLENGE_MS),
    attestationType: 'none',
    timeout: TIMEOUT_MS,
    supportedAlgorithmIDs: [...ALGORITHMS],
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    excludeCredentials: known.map(({ credential: id, transports }) => ({ id, transports: [...transports] as never[] })),
  });
  return JSON.parse(JSON.stringify(options)) as Json;
}

export type EnrolmentFault =
  | 'malformed'
  | 'other_origin'
  | 'framed'
  | 'challenge_not_ours'
  | 'challenge_expired'
  | 'not_verified';

export type Enrolment =
  | { readonly kind: Enrolled; readonly passkey: NewPasskey }
  | { readonly kind: 'refused'; readonly because: EnrolmentFault }
  | { readonly kind: 'unavailable' };

/** `enrolledBy`: `customer`, or whose key asks in his name. */
export async function enrol(enrolling: Enrolling, answer: Registration, enrolledBy: string): Promise<Enrolment> {
  const { site, settings, shelf, now } = enrolling;
  const said = readClientData(answer.response.clientDataJSON, site);
  if (said.kind !== 'good') return { kind: 'refused', because: said.kind };
  const challenge = await readChallenge(said.challenge, ceremonyOf(enrolling), now);
  if (challenge.kind !== 'good') return { kind: 'refused', because: `challenge_${challenge.kind}` };
  const made = await verified(answer, site, said.challenge);
  if (made === null) return { kind: 'refused', because: 'not_verified' };
  const id = newId();
  const passkey = { ...made, id, customer: enrolling.customer, relyingParty: site.relyingParty, enrolledBy };
  const kind = await shelf.enrol(passkey, challenge.challenge as SignedChallenge, settings.mostPerCustomer);
  return kind === null ? { kind: 'unavailable' } : { kind, passkey };
}

/** `pk_` and hex. With twelve digits in a row the log would withhold it as it does a card number. */
export function newId(random = () => crypto.getRandomValues(new Uint8Array(ID_BYTES))): string {
  const hex = random().toHex();
  return /\d{12}/.test(hex) ? newId(random) : `pk_${hex}`;
}

type Made = Pick<Passkey, 'credential' | 'publicKey' | 'counter' | 'transports'>;

/** Null for what was not made here and now, with the user verified. */
async function verified(answer: Registration, site: Site, challenge: string): Promise<Made | null> {
  try {
    if (!isUnattested(answer.response.attestationObject)) return null;
    const { verified: isVerified, registrationInfo: made } = await verifyRegistrationResponse({
      response: { ...answer, clientExtensionResults: {} } as Parameters<
        typeof verifyRegistrationResponse
      >[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.relyingParty,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!isVerified || made === undefined || !made.userVerified) return null;
    const { id: credential, publicKey, counter } = made.credential;
    if (credential !== answer.id || publicKey.byteLength > KEY_LIMIT_BYTES) return null;
    if (Uint8Array.fromBase64(credential, BASE64URL).byteLength > CREDENTIAL_LIMIT_BYTES) return null;
    const { transports = [] } = answer.response;
    return { credential, publicKey: publicKey.toBase64(TO_BASE64URL), counter, transports: [...new Set(transports)] };
  } catch {
    // What it says quotes the answer.
    return null;
  }
}

/**
 * Browsers leave the maker's word out where none is asked for, and at most what a device says of itself. Whoever sends
 * certificates wants them looked at: the library would ask the address that stands in them whether they are revoked.
 */
function isUnattested(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(Uint8Array.fromBase64(attestationObject, BASE64URL));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

function ceremonyOf({ customer, site, secret }: Enrolling): Ceremony {
  return { kind: 'create', about: [customer, site.relyingParty, site.origin], secret };
}
