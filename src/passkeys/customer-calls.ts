/**
 * What a signed-in customer's browser calls on the shop's host, below `/.cordon/passkeys`. He is known by the token that the
 * shop's routes ask for; nothing is answered to pages of other origins.
 */
import type { Payer } from '../attempt/attempt.ts';
import { parseIp } from '../attempt/ip-address.ts';
import type { Environment } from '../config/environment.ts';
import type { TokenRule } from '../config/passkey-policy.ts';
import type { Policies } from '../config/policies.ts';
import { ChangeLog } from '../journal/change-log.ts';
import { log } from '../journal/log.ts';
import { registrationSchema } from '../step-up/registration.ts';
import { HSTS, problem } from '../wire.ts';
import { type Holder, holderOf, type Keeper, keeperOf } from './holder.ts';
import { enrolPasskey, listPasskeys, posePasskey, removePasskey } from './passkey-desk.ts';
import { labelSchema, readPosted } from './posted-json.ts';

export interface CustomerFace {
  readonly environment: Environment;
  readonly policies: Policies;
  /** Who a customer's token says that he is (proxy/customer-tokens.ts). */
  readonly payerOf: (headers: Headers, rule: TokenRule, now: number) => Promise<Payer>;
  readonly afterwards: (work: Promise<unknown>) => void;
}

/** `options`, or one passkey. */
const PLACE = /^\/\.cordon\/passkeys(?:\/(options|pk_[0-9a-f]{24}))?$/;
const BY = 'customer';
const SHED_RETRY_SECONDS = 10;
const SAFE = 'GET';

export async function answerPasskeyCall(request: Request, face: CustomerFace): Promise<Response> {
  const [place, name] = PLACE.exec(new URL(request.url).pathname) ?? [];
  if (place === undefined) return problem('not_found');
  const allow = name === undefined ? ['GET', 'POST'] : name === 'options' ? ['POST'] : ['DELETE'];
  if (!allow.includes(request.method)) return problem('method_not_allowed', { allow });
  const holder = await whoCalls(request, face);
  return own(holder instanceof Response ? holder : await answer(request, holder, { face, name }));
}

function answer(
  request: Request,
  holder: Holder,
  { face, name }: { readonly face: CustomerFace; readonly name: string | undefined },
): Promise<Response> {
  const { host } = new URL(request.url);
  if (name === 'options') return pose(request, holder, host);
  if (name !== undefined) return remove(holder, name, face);
  return request.method === SAFE ? listPasskeys(holder) : enrol(request, holder, host);
}

async function pose(request: Request, holder: Holder, host: string): Promise<Response> {
  const posted = await readPosted(request, labelSchema);
  return posted instanceof Response ? posted : posePasskey(holder, host, posted.value.label);
}

async function enrol(request: Request, holder: Holder, host: string): Promise<Response> {
  const posted = await readPosted(request, registrationSchema);
  return posted instanceof Response ? posted : enrolPasskey(holder, host, posted.value);
}

async function remove(holder: Holder, id: string, { environment, afterwards }: CustomerFace): Promise<Response> {
  const removed = await removePasskey(holder, id);
  if (removed === 'unknown') return problem('not_found');
  const about = removed === 'unsure' ? { after: 'unknown' } : { before: removed };
  const change = { who: BY, what: 'passkey.remove', merchant: holder.keeper.merchant, ...about };
  afterwards(new ChangeLog(environment).record(change, holder.now));
  return removed === 'unsure' ? problem('gate_unavailable') : new Response(null, { status: 204 });
}

/** Or the answer to who is nobody here. */
async function whoCalls(request: Request, face: CustomerFace): Promise<Holder | Response> {
  const { environment, policies, afterwards } = face;
  const ip = parseIp(request.headers.get('cf-connecting-ip') ?? '');
  if (ip === null) return problem('no_client_address');
  if (await isShed(environment, ip.counted)) return problem('rate_limited', { retryAfterSeconds: SHED_RETRY_SECONDS });
  const url = new URL(request.url);
  const now = Date.now();
  const inForce = await policies.ofHost(url.hostname, now, afterwards);
  const keeper = inForce === null ? null : keeperOf(inForce.policy);
  if (keeper === null) return problem('not_found');
  if (!isSameOrigin(request, url.origin)) return problem('forbidden', { detail: 'ask from a page of this host' });
  const id = await customerIn(request.headers, keeper, { face, now });
  return id === null ? problem('not_signed_in') : holderOf(keeper, environment, { id, by: BY, now });
}

/** By the first of the shop's tokens that proves him. */
async function customerIn(
  headers: Headers,
  { passkeys }: Keeper,
  { face, now }: { readonly face: CustomerFace; readonly now: number },
): Promise<string | null> {
  for (const rule of passkeys.tokens) {
    const payer = await face.payerOf(headers, rule, now);
    if (payer.kind === 'customer') return payer.id;
  }
  return null;
}

/** Browsers name the origin of whatever changes something, and where a request comes from where they are of today. */
function isSameOrigin({ headers, method }: Request, origin: string): boolean {
  const [from, site] = [headers.get('origin'), headers.get('sec-fetch-site')];
  if (site !== null && site !== 'same-origin') return false;
  return from === origin || (from === null && method === SAFE);
}

/** The same limit as before the gate (proxy/load-limit.ts), and like that none to rely on. */
async function isShed({ addressLimit }: Environment, key: string): Promise<boolean> {
  try {
    return !(await addressLimit.limit({ key: `passkey|${key}` })).success;
  } catch {
    log({ event: 'rate_limit_unavailable' });
    return false;
  }
}

/** Nothing of it is anybody else's, or is kept. */
function own(answer: Response): Response {
  for (const [name, value] of Object.entries({ ...HSTS, 'cache-control': 'no-store' })) answer.headers.set(name, value);
  return answer;
}
