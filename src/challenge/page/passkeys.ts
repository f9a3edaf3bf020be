/**
 * `/.cordon/passkeys.js`, for a shop's own pages: a signed-in customer enrols a passkey by one call, sees what he has, and
 * removes it. `headers`: those by which the shop proves who he is, as its payments do.
 */
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  startRegistration,
} from '@simplewebauthn/browser';

interface Signed {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Passkey {
  readonly id: string;
  readonly created_at: string;
  /** Before, it proves nothing. */
  readonly usable_from: string;
  readonly last_used_at: string | null;
  readonly suspect: boolean;
}

/** What Cordon refused; `code` as in its API. What the browser refuses is the browser's own error. */
class PasskeyError extends Error {
  readonly code: string;

  constructor({ code = 'unknown', title = 'No passkey was enrolled' }: { code?: string; title?: string }) {
    super(title);
    this.code = code;
  }
}

const PLACE = '/.cordon/passkeys';

async function ask(method: string, path: string, { headers = {} }: Signed, body?: unknown): Promise<unknown> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(PLACE + path, {
    method,
    headers: {
      ...headers,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    credentials: 'same-origin',
    cache: 'no-store',
    ...json,
  });
  if (answer.status === 204) return null;
  const told: unknown = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new PasskeyError(told as object);
  return told;
}

/** Asks the customer's device for a passkey. `label`: what it is to call him there, as his e-mail address. */
async function enrolPasskey({ label, ...signed }: Signed & { readonly label?: string } = {}): Promise<Passkey> {
  const options = await ask('POST', '/options', signed, label === undefined ? {} : { label });
  const made = await startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON });
  return (await ask('POST', '', signed, made)) as Passkey;
}

async function listPasskeys(signed: Signed = {}): Promise<readonly Passkey[]> {
  return ((await ask('GET', '', signed)) as { readonly passkeys: readonly Passkey[] }).passkeys;
}

async function removePasskey(id: string, signed: Signed = {}): Promise<void> {
  await ask('DELETE', `/${encodeURIComponent(id)}`, signed);
}

const own = { enrolPasskey, listPasskeys, removePasskey, supportsPasskeys: browserSupportsWebAuthn };
const page = globalThis as typeof globalThis & { cordon?: object };
page.cordon = Object.assign(page.cordon ?? {}, own);
