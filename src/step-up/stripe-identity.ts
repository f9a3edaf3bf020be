/**
 * Stripe's sessions of verification, as far as Cordon asks for them: one is made, or its page is asked for again. Whether
 * somebody was verified is not read here but in Stripe's signed word (outcome/webhooks/stripe-identity.ts).
 * Source: docs.stripe.com/api/identity/verification_sessions.
 */
import * as z from 'zod';
import type { Posing } from './method.ts';
import type { IdentitySettings } from './settings.ts';
import { askThirdParty, type Heard } from './third-party.ts';

const SESSIONS = '/v1/identity/verification_sessions';
/** Of one request; there are two at most. */
const TIMEOUT_MS = 6_000;
const SESSION = /^vs_[A-Za-z0-9]{1,120}$/;

export type Opened =
  /** `url`: where the payer shows his document; it is used once. Null where nothing more is to be shown. */
  | { readonly kind: 'session'; readonly id: string; readonly url: string | null }
  /** The same was asked for a moment ago: it will be there. */
  | { readonly kind: 'under_way' }
  | { readonly kind: 'unavailable'; readonly because: string };

interface Account {
  readonly settings: IdentitySettings;
  readonly key: string;
}

/** Asked for twice, Stripe makes one: by the evaluation. */
export function makeSession(account: Account, on: Posing): Promise<Opened> {
  const { ticket, merchant, url } = on;
  const body = new URLSearchParams({
    type: 'document',
    'options[document][require_matching_selfie]': 'true',
    'options[document][require_live_capture]': 'true',
    'metadata[cordon_evaluation]': ticket.evaluation,
    'metadata[cordon_merchant]': merchant,
    return_url: `${url}/done`,
  });
  const headers = { 'idempotency-key': `cordon-identity-${ticket.evaluation}` };
  return ask(SESSIONS, { method: 'POST', body, headers }, { account, on });
}

/** The page of a session that was begun, anew: its address is used once. */
export function reopenSession(session: string, account: Account, on: Posing): Promise<Opened> {
  return ask(`${SESSIONS}/${session}`, { method: 'GET' }, { account, on });
}

interface Circumstances {
  readonly account: Account;
  readonly on: Posing;
}

async function ask(path: string, init: RequestInit, { account, on }: Circumstances): Promise<Opened> {
  const { settings, key } = account;
  const headers = { ...init.headers, authorization: `Bearer ${key}` };
  const request = { url: `${settings.apiUrl.origin}${path}`, init: { ...init, headers } };
  const first = await askThirdParty(request, on.services, TIMEOUT_MS);
  return readSession(mayComeAgain(first) ? await askThirdParty(request, on.services, TIMEOUT_MS) : first, on);
}

function mayComeAgain(heard: Heard): boolean {
  if (heard.kind === 'answered') return isUnderWay(heard);
  return heard.kind === 'late' || heard.kind === 'unreachable' || heard.kind === 'out_of_order';
}

/**
 * Two of the same key at once, or with another address to return to (docs.stripe.com/api/idempotent_requests). A payer can
 * bring that about, so Stripe is not away then, and no fallback follows.
 */
function isUnderWay({ status, body }: Extract<Heard, { kind: 'answered' }>): boolean {
  return status === 409 || (status === 400 && conflictSchema.safeParse(body).success);
}

const conflictSchema = z.object({ error: z.object({ type: z.literal('idempotency_error') }) });

function readSession(heard: Heard, on: Posing): Opened {
  if (heard.kind !== 'answered') return unavailable(heard.kind);
  const { status, body } = heard;
  if (status === 401 || status === 403) return unavailable('refuses_secret');
  if (isUnderWay(heard)) return { kind: 'under_way' };
  if (status !== 200) return unavailable('refuses_request');
  const read = sessionSchema.safeParse(body);
  if (!read.success) return unavailable('nonsense');
  const { id, url, livemode, metadata, options } = read.data;
  if (metadata.cordon_evaluation !== on.ticket.evaluation || metadata.cordon_merchant !== on.merchant) {
    return unavailable('other_session');
  }
  if (!options.document.require_matching_selfie) return unavailable('other_session');
  if (on.isProduction && !livemode) return unavailable('test_key');
  if (url !== null && !isPage(url, on)) return unavailable('nonsense');
  return { kind: 'session', id, url };
}

const sessionSchema = z.object({
  id: z.string().regex(SESSION),
  object: z.literal('identity.verification_session'),
  type: z.literal('document'),
  livemode: z.boolean(),
  url: z.string().max(2_048).nullable(),
  metadata: z.object({ cordon_evaluation: z.string(), cordon_merchant: z.string() }),
  options: z.object({ document: z.object({ require_matching_selfie: z.boolean() }) }),
});

/** The payer is sent there: by https, or in development to a stand-in. */
function isPage(text: string, { isProduction }: Posing): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '') return false;
  return (
    url.protocol === 'https:' || (!isProduction && url.protocol === 'http:' && /^127\.|^localhost$/.test(url.hostname))
  );
}

function unavailable(because: string): Opened {
  return { kind: 'unavailable', because };
}
