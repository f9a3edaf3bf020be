/**
 * A challenge that is called for: whose it is, and what its methods have to work with. The ticket says whose; nothing of
 * it is believed before its signature is that merchant's.
 */
import type { Whence } from '../attempt/attempt.ts';
import { parseIp } from '../attempt/ip-address.ts';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import type { StepUpPolicy } from '../config/step-up-schema.ts';
import { passkeyShelf } from '../gate/passkey-shelf.ts';
import type { Journal } from '../journal/journal.ts';
import { log } from '../journal/log.ts';
import type { Posing, Services } from '../step-up/method.ts';
import { CHALLENGE_PATH } from '../step-up/offering.ts';
import { merchantOfTicket, readTicket, type Ticket } from '../step-up/ticket.ts';
import { ownSecret } from '../step-up/token.ts';
import { problem } from '../wire.ts';
import { identityBookOf } from './identity-checks.ts';

export interface Face {
  readonly environment: Environment;
  readonly policies: Policies;
  readonly journal: Journal;
  readonly afterwards: (work: Promise<unknown>) => void;
}

export interface Opened {
  readonly face: Face;
  readonly policy: Policy & { readonly stepUp: StepUpPolicy };
  readonly ticket: Ticket;
  /** Who calls. */
  readonly whence: Whence;
  /** What a method is asked with. */
  readonly on: Posing;
}

const SHED_RETRY_SECONDS = 10;

/** Or the answer to what is no challenge of this host, or is over. */
export async function openChallenge(request: Request, token: string, face: Face): Promise<Opened | Response> {
  const { environment, policies, afterwards } = face;
  const ip = parseIp(request.headers.get('cf-connecting-ip') ?? '');
  if (ip === null) return problem('no_client_address');
  const now = Date.now();
  const url = new URL(request.url);
  const merchant = merchantOfTicket(token);
  if (merchant === null) return problem('not_found');
  if (await isShed(environment, ip.counted)) return problem('rate_limited', { retryAfterSeconds: SHED_RETRY_SECONDS });
  // On a shop's host only that shop is looked up: whom a ticket names is anybody's word until its signature is looked at.
  const host = url.hostname.replace(/\.$/, '');
  const inForce = isAnybodys(host, environment)
    ? await policies.ofMerchant(merchant, now, afterwards)
    : await policies.ofHost(host, now, afterwards);
  const policy = inForce?.policy.merchant === merchant ? challenging(inForce.policy, host) : null;
  if (policy === null) return problem('not_found');
  const read = await readTicket(token, policy.stepUp.ticketKey, now);
  if (!('ticket' in read)) return problem('not_found');
  const { ticket } = read;
  if (read.kind === 'expired') return problem('challenge_expired', { evaluation: ticket.evaluation });
  const identityBook = identityBookOf(ticket, policy, environment);
  const services = { ...servicesOf(environment, policy, host), identityBook };
  const isProduction = environment.kind === 'production';
  const on = {
    merchant: policy.merchant,
    host: url.port === '' ? host : `${host}:${url.port}`,
    url: `${url.origin}${CHALLENGE_PATH}${token}`,
    ip: ip.text,
    ticket,
    settings: policy.stepUp,
    isProduction,
    now,
    services,
  };
  return { face, policy, ticket, whence: { ip, country: null, asn: null }, on };
}

/** Where a shop has hosts, on those alone: elsewhere no passkey can be asked for, and the fallback would be the payer's choice. */
function challenging(policy: Policy, host: string): Opened['policy'] | null {
  const { stepUp, hosts } = policy;
  const isHere = hosts.size === 0 || hosts.has(host);
  return stepUp === null || policy.mode !== 'enforce' || !isHere ? null : { ...policy, stepUp };
}

/** A merchant without a host of its own is served where its backend asks. */
function isAnybodys(host: string, { adminHost }: Environment): boolean {
  return adminHost === null || host === adminHost;
}

/** The same limit as before the gate (proxy/load-limit.ts), and like that none to rely on. */
async function isShed({ addressLimit }: Environment, key: string): Promise<boolean> {
  try {
    return !(await addressLimit.limit({ key: `challenge|${key}` })).success;
  } catch {
    log({ event: 'rate_limit_unavailable' });
    return false;
  }
}

function servicesOf(
  { sharedSecret, gates }: Environment,
  policy: Opened['policy'],
  host: string,
): Omit<Services, 'identityBook'> {
  const { secretsKey } = policy.stepUp;
  return {
    sharedSecret,
    fetch: (request, signal) => fetch(request, { signal }),
    passkeys: policy.hosts.has(host) ? passkeyShelf(gates, policy) : null,
    ownSecret: (purpose) => ownSecret(secretsKey, purpose),
  };
}
