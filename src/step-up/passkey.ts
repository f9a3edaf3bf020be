/**
 * A passkey: the customer's device checks a face, a finger or a PIN, and signs (WebAuthn level 3, 7.2). Only one that was
 * enrolled some days before proves anything: whoever has stolen a login could enrol his own.
 */
import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server';
import * as z from 'zod';
import type { Json } from '../attempt/json-body.ts';
import { type Checked, type Method, NOT_FOR_PAYER, type Posing } from './method.ts';
import { type Ceremony, readChallenge, writeChallenge } from './passkey-challenge.ts';
import {
  type Passkey,
  type PasskeyShelf,
  type PasskeyUsed,
  type SignedChallenge,
  usableFrom,
} from './passkey-record.ts';
import { readClientData, type Site, siteOf } from './passkey-site.ts';
import type { PasskeySettings } from './settings.ts';

export const passkey: Method = { pose, check };

/** WebAuthn level 3, 15.1: five to ten minutes where the user is verified. */
const TIMEOUT_MS = 300_000;
const SECRET = 'passkey challenges';
const BASE64URL = { alphabet: 'base64url' } as const;
const encoded = z.string().min(1).max(4_096);

const answerSchema = z.object({
  id: z.string().min(1).max(1_400),
  rawId: z.string(),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: encoded,
    authenticatorData: encoded,
    signature: encoded,
    userHandle: z.string().max(128).nullish(),
  }),
});
type Answer = z.output<typeof answerSchema>;

/** What is needed to run it: null where it is for nobody here. */
interface Running {
  readonly customer: string;
  readonly settings: PasskeySettings;
  readonly shelf: PasskeyShelf;
  readonly site: Site;
  readonly ceremony: Ceremony;
}

/** Whether the customer has one is looked up here, and not when it is offered: that would cost each payment a call. */
async function pose(on: Posing): Promise<Json | null | typeof NOT_FOR_PAYER> {
  const running = await runningOf(on);
  if (running === null) return NOT_FOR_PAYER;
  const { customer, settings, shelf, site, ceremony } = running;
  const owned = await shelf.of(customer);
  if (owned === null) return null;
  const usable = owned.filter((one) => flawOf(one, { settings, site, now: on.now }) === null);
  if (usable.length === 0) return NOT_FOR_PAYER;
  const options = await generateAuthenticationOptions({
    rpID: site.relyingParty,
    challenge: await writeChallenge(ceremony, on.ticket.expiresAt),
    userVerification: 'required',
    timeout: TIMEOUT_MS,
    // Browsers take words for transports that they do not know; the library's type has those of today.
    allowCredentials: usable.map(({ credential: id, transports }) => ({ id, transports: [...transports] as never[] })),
  });
  return JSON.parse(JSON.stringify(options)) as Json;
}

async function check(answer: unknown, on: Posing): Promise<Checked> {
  const running = await runningOf(on);
  if (running === null) return failed('not_offered');
  const { customer, settings, shelf, site, ceremony } = running;
  const read = answerSchema.safeParse(answer);
  if (!read.success) return failed('malformed');
  const owned = await shelf.of(customer);
  if (owned === null) return GATE_AWAY;
  const used = owned.find(({ credential }) => credential === read.data.id);
  if (used === undefined) return failed('unknown_passkey');
  const flaw = flawOf(used, { settings, site, now: on.now });
  if (flaw !== null) return failed(flaw);
  const said = readClientData(read.data.response.clientDataJSON, site);
  if (said.kind !== 'good') return failed(said.kind);
  const challenge = await readChallenge(said.challenge, ceremony, on.now);
  if (challenge.kind !== 'good') return failed(`challenge_${challenge.kind}`);
  const counter = await verifiedCounter(read.data, { used, site, challenge: said.challenge });
  if (counter === null) return failed('not_verified');
  return usedUp(shelf, { used, counter, challenge: challenge.challenge });
}

async function runningOf({ host, ticket, settings: { passkey: settings }, services }: Posing): Promise<Running | null> {
  const { customer, evaluation } = ticket;
  const { passkeys: shelf } = services;
  if (customer === null || settings === null || shelf === null) return null;
  const site = siteOf(host, settings);
  if (site === null) return null;
  const about = [evaluation, customer, site.relyingParty];
  const ceremony = { kind: 'get', about, secret: await services.ownSecret(SECRET) } as const;
  return { customer, settings, shelf, site, ceremony };
}

/** Why it proves nothing here and now; null where it does. */
function flawOf(
  one: Passkey,
  { settings, site, now }: Pick<Running, 'settings' | 'site'> & { readonly now: number },
): 'suspect' | 'too_young' | 'other_relying_party' | null {
  if (one.suspectSince !== null) return 'suspect';
  if (one.relyingParty !== site.relyingParty) return 'other_relying_party';
  return usableFrom(one, settings.minAgeMs) > now ? 'too_young' : null;
}

interface Signed {
  readonly used: Passkey;
  readonly site: Site;
  /** As it was signed. */
  readonly challenge: string;
}

/**
 * The counter of what the passkey signed, with the user verified; null for anything else. The library looks at the counter
 * before the signature: told 0 it leaves that to the gate, or anybody could make a passkey suspect.
 */
async function verifiedCounter(answer: Answer, { used, site, challenge }: Signed): Promise<number | null> {
  const { userHandle } = answer.response;
  if (typeof userHandle === 'string' && userHandle !== '' && userHandle !== handleOf(used.customer)) return null;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        ...answer,
        response: { ...answer.response, userHandle: userHandle ?? undefined },
        clientExtensionResults: {},
      } as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.relyingParty,
      requireUserVerification: true,
      credential: { id: used.credential, publicKey: Uint8Array.fromBase64(used.publicKey, BASE64URL), counter: 0 },
    });
    return verified && authenticationInfo.userVerified ? authenticationInfo.newCounter : null;
  } catch {
    // What it says quotes the answer.
    return null;
  }
}

/** The gate's word: each challenge once, and a counter that grows. */
async function usedUp(
  shelf: PasskeyShelf,
  { used, counter, challenge }: { used: Passkey; counter: number; challenge: SignedChallenge },
): Promise<Checked> {
  const { credential, customer } = used;
  const by = crypto.randomUUID();
  const use: PasskeyUsed | null = await shelf.use({ credential, customer, counter, challenge, by });
  switch (use) {
    case null:
      return GATE_AWAY;
    case 'used':
      return { kind: 'passed' };
    case 'unknown':
      return failed('unknown_passkey');
    case 'replayed':
    case 'suspect':
    case 'cloned':
      return failed(use);
  }
}

/** WebAuthn's user handle, base64url: says nothing of the customer by itself. */
export function handleOf(customer: string): string {
  return new TextEncoder().encode(customer).toBase64({ ...BASE64URL, omitPadding: true });
}

const GATE_AWAY: Checked = { kind: 'unavailable', because: 'gate_unavailable' };

function failed(because: string): Checked {
  return { kind: 'failed', because };
}
