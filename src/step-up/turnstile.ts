/**
 * Cloudflare Turnstile: its widget on the page, and its `siteverify`, whose word is taken for this page, this challenge
 * and this moment alone. Source: developers.cloudflare.com/turnstile/get-started/server-side-validation.
 */
import * as z from 'zod';
import type { Json } from '../attempt/json-body.ts';
import type { Checked, Method, Posing } from './method.ts';
import type { TurnstileSettings } from './settings.ts';
import { askThirdParty, type Heard } from './third-party.ts';
import { isTestKey } from './turnstile-keys.ts';

/** The widget's `action`; its `cData` is the evaluation, so that a token is good for one challenge. */
export const TURNSTILE_ACTION = 'cordon-step-up';
const SCRIPT = '/turnstile/v0/api.js?render=explicit';
const SITEVERIFY = '/turnstile/v0/siteverify';
/** Of one request; there are two at most. */
const TIMEOUT_MS = 4_000;
/** Cloudflare's own: a token is good for five minutes, and has 2,048 characters at most. */
const TOKEN_LIFE_MS = 300_000;
const TOKEN = /^[\x21-\x7e]{1,2048}$/;
const CLOCKS_DIFFER_MS = 60_000;

export const turnstile: Method = { pose, check };

async function pose(on: Posing): Promise<Json | null> {
  const keys = keysOf(on);
  if (keys.kind !== 'usable') return null;
  const { siteKey, apiUrl } = keys.settings;
  const script = `${apiUrl.origin}${SCRIPT}`;
  return { site_key: siteKey, action: TURNSTILE_ACTION, cdata: on.ticket.evaluation, script };
}

async function check(answer: unknown, on: Posing): Promise<Checked> {
  if (typeof answer !== 'string' || !TOKEN.test(answer)) return failed('malformed');
  const keys = keysOf(on);
  if (keys.kind !== 'usable') return { kind: 'unavailable', because: keys.kind };
  const asking = { token: answer, keys, idempotencyKey: await keyOfRetries(on.ticket.evaluation, answer) };
  const first = verdictOn(await siteverify(asking, on), keys, on);
  return first.kind === 'again' ? settled(verdictOn(await siteverify(asking, on), keys, on)) : first;
}

interface Usable {
  readonly kind: 'usable';
  readonly settings: TurnstileSettings;
  readonly secret: string;
}

/** Looked at each time it is used: a secret may change under a configuration. */
function keysOf({ settings, services, isProduction }: Posing): Usable | { readonly kind: 'no_secret' | 'test_key' } {
  const { turnstile: own } = settings;
  const secret = own === null ? null : services.sharedSecret(own.secretName);
  if (own === null || secret === null) return { kind: 'no_secret' };
  if (isProduction && (isTestKey(own.siteKey) || isTestKey(secret))) return { kind: 'test_key' };
  return { kind: 'usable', settings: own, secret };
}

interface Asking {
  readonly token: string;
  readonly keys: Usable;
  readonly idempotencyKey: string;
}

function siteverify({ token, keys, idempotencyKey }: Asking, { ip, services }: Posing): Promise<Heard> {
  const { settings, secret } = keys;
  const body = new URLSearchParams({ secret, response: token, remoteip: ip, idempotency_key: idempotencyKey });
  const request = { url: `${settings.apiUrl.origin}${SITEVERIFY}`, init: { method: 'POST', body } };
  return askThirdParty(request, services, TIMEOUT_MS);
}

/** A UUID that is the same for the same token: however often it is asked about, it is validated once. */
async function keyOfRetries(evaluation: string, token: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${evaluation}|${token}`));
  const hex = new Uint8Array(hash).toHex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

type Verdict = Checked | { readonly kind: 'again'; readonly because: string };

function settled(verdict: Verdict): Checked {
  return verdict.kind === 'again' ? { kind: 'unavailable', because: verdict.because } : verdict;
}

function verdictOn(heard: Heard, keys: Usable, on: Posing): Verdict {
  switch (heard.kind) {
    case 'late':
    case 'unreachable':
    case 'out_of_order':
      return { kind: 'again', because: heard.kind };
    case 'redirects':
    case 'too_large':
      return { kind: 'unavailable', because: heard.kind };
    case 'answered': {
      const read = answerSchema.safeParse(heard.body);
      if (!read.success) return { kind: 'unavailable', because: 'nonsense' };
      const { data } = read;
      if (!data.success) return refusal(data['error-codes']);
      return heard.status === 200 ? validated(data, keys, on) : { kind: 'unavailable', because: 'nonsense' };
    }
  }
}

const text = z.string().max(1_024).optional();
const answerSchema = z.discriminatedUnion('success', [
  z.object({
    success: z.literal(true),
    challenge_ts: text,
    hostname: text,
    action: text,
    cdata: text,
    metadata: z.object({ result_with_testing_key: z.boolean().optional() }).nullish(),
  }),
  z.object({ success: z.literal(false), 'error-codes': z.array(z.string()).max(32).default([]) }),
]);
type Success = Extract<z.output<typeof answerSchema>, { success: true }>;

/** Whose fault it is: the deployment's, Cloudflare's, or (any other, also one that is new) the payer's. */
function refusal(codes: readonly string[]): Verdict {
  if (codes.some((code) => OURS.has(code))) return { kind: 'unavailable', because: 'refuses_secret' };
  if (codes.includes('internal-error')) return { kind: 'again', because: 'out_of_order' };
  const named = codes.find((code) => PAYERS.has(code));
  return failed(named === undefined ? 'refused' : named.replaceAll('-', '_'));
}

const OURS = new Set(['missing-input-secret', 'invalid-input-secret']);
const PAYERS = new Set(['missing-input-response', 'invalid-input-response', 'timeout-or-duplicate', 'bad-request']);

function validated({ challenge_ts, hostname, action, cdata, metadata }: Success, keys: Usable, on: Posing): Checked {
  const isTest = isTestKey(keys.secret) || metadata?.result_with_testing_key === true;
  if (isTest && on.isProduction) return { kind: 'unavailable', because: 'test_key' };
  // With a test key Cloudflare says nothing true about page, action or time: whoever develops with one, knows.
  if (isTest) return PASSED;
  if (!hostsOf(keys.settings, on).includes(hostname?.toLowerCase() ?? '')) return failed('other_hostname');
  if (action !== TURNSTILE_ACTION) return failed('other_action');
  if (cdata !== on.ticket.evaluation) return failed('other_cdata');
  const age = on.now - Date.parse(challenge_ts ?? '');
  return age >= -CLOCKS_DIFFER_MS && age <= TOKEN_LIFE_MS + CLOCKS_DIFFER_MS ? PASSED : failed('other_time');
}

const PASSED: Checked = { kind: 'passed' };

function failed(because: string): Checked {
  return { kind: 'failed', because };
}

/** Where the widget may have stood: the page of the challenge, or pages of the shop's own. */
function hostsOf({ hostnames }: TurnstileSettings, { host }: Posing): readonly string[] {
  const page = host.replace(/:\d+$/, '').replace(/\.$/, '');
  return [page, ...hostnames];
}
