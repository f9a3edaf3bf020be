/**
 * A document and a selfie, looked at by Stripe Identity. The payer begins it, shows both on Stripe's page, and asks for the
 * result, which is what Stripe has told the gate by then, signed: nothing that a browser says passes anybody.
 */
import type { Json } from '../attempt/json-body.ts';
import type { IdentityCheck } from './identity-book.ts';
import { isTestKey } from './identity-keys.ts';
import type { Checked, Method, Posing } from './method.ts';
import type { IdentitySettings } from './settings.ts';
import { makeSession, type Opened, reopenSession } from './stripe-identity.ts';

/** What a payer may say. */
const BEGIN = 'begin';
const RESULT = 'result';
/** How long the page waits before it asks again: a document is looked at within seconds, and shown within minutes. */
const WAIT_SECONDS = 3;

export const identity: Method = { pose, check };

/** No session yet: most who see the page choose another method, and a session is somebody's money. */
async function pose(on: Posing): Promise<Json | null> {
  return accountOf(on).kind === 'usable' ? { provider: 'stripe', begin: `${on.url}/identity` } : null;
}

async function check(answer: unknown, on: Posing): Promise<Checked> {
  if (answer !== BEGIN && answer !== RESULT) return { kind: 'failed', because: 'malformed' };
  const known = await on.services.identityBook.find();
  if (known === 'unavailable') return NO_GATE;
  const result = known === null ? null : resultOf(known);
  if (answer === RESULT) return result ?? { kind: 'failed', because: 'not_begun' };
  if (result !== null && known?.state !== 'open' && known?.state !== 'failed') return result;
  const account = accountOf(on);
  if (account.kind !== 'usable') return { kind: 'unavailable', because: account.kind };
  return known === null ? begin(account, on) : shown(await reopenSession(known.session, account, on), on);
}

async function begin(account: Usable, on: Posing): Promise<Checked> {
  const leave = await on.services.identityBook.afford(account.settings.dailyBudget);
  if (leave === 'unavailable') return NO_GATE;
  if (leave === 'spent') return { kind: 'spent', because: 'over_budget' };
  return shown(await makeSession(account, on), on);
}

/** The gate knows of it before the payer does: no word of Stripe's about it is lost. */
async function shown(opened: Opened, { services }: Posing): Promise<Checked> {
  if (opened.kind === 'unavailable') return opened;
  if (opened.kind === 'under_way') return PENDING;
  const begun = await services.identityBook.begin(opened.id);
  if (begun === 'unavailable') return NO_GATE;
  if (begun === 'other') return { kind: 'unavailable', because: 'other_session' };
  return opened.url === null ? PENDING : { ...PENDING, task: { url: opened.url } };
}

function resultOf({ state, because }: IdentityCheck): Checked {
  switch (state) {
    case 'verified':
      return { kind: 'passed' };
    case 'failed':
      return { kind: 'failed', because: because ?? 'requires_input' };
    case 'canceled':
      return { kind: 'failed', because: 'canceled' };
    case 'open':
    case 'processing':
      return PENDING;
  }
}

const PENDING = { kind: 'pending', retryAfterSeconds: WAIT_SECONDS } as const satisfies Checked;
const NO_GATE: Checked = { kind: 'unavailable', because: 'no_gate' };

interface Usable {
  readonly kind: 'usable';
  readonly settings: IdentitySettings;
  readonly key: string;
}

/** With a test key nobody looks at anything: Stripe's tester chooses what comes of it. */
function accountOf({ settings, services, isProduction }: Posing): Usable | { readonly kind: 'no_secret' | 'test_key' } {
  const { identity: own } = settings;
  const key = own === null ? null : services.sharedSecret(own.secretName);
  if (own === null || key === null || services.sharedSecret(own.webhookSecretName) === null)
    return { kind: 'no_secret' };
  return isProduction && isTestKey(key) ? { kind: 'test_key' } : { kind: 'usable', settings: own, key };
}
