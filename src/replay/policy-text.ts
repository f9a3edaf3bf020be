/**
 * A configuration's text as a policy to replay: checked as it would be when it is written, but for what this deployment
 * has (secrets, its own hosts), for none of it is used.
 */
import { readConfigText } from '../config/config-text.ts';
import type { Environment } from '../config/environment.ts';
import type { Fault } from '../config/faults.ts';
import { validateMerchant } from '../config/merchant-config.ts';
import { compilePolicy, type Policy } from '../config/policy.ts';
import { prepareExpressions } from '../config/rule-schema.ts';

export type PolicyReading =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** `masterKey`: any will do, for what it names leaves nothing. */
export async function readPolicy(text: string, masterKey: CryptoKey): Promise<PolicyReading> {
  const parsed = readConfigText(text);
  if (!parsed.ok) return { ok: false, faults: [{ path: '', message: 'is not strict JSON, or too long' }] };
  await prepareExpressions(parsed.value);
  const valid = validateMerchant(parsed.value, idIn(parsed.value), ANYWHERE as Environment);
  if (!valid.ok) return valid;
  const version = { hash: await hashOf(text), writtenAt: 0 };
  const means = { masterKey, certificate: ANYWHERE.certificate };
  return { ok: true, policy: await compilePolicy(valid.value, version, means) };
}

// A replay sends nothing.
const NOWHERE = { fetch: () => Promise.reject(new Error('nothing is sent')) } as unknown as Fetcher;

/** Every secret and every certificate is there, and addresses on this machine are taken. */
const ANYWHERE: Pick<Environment, 'kind' | 'adminHost' | 'sharedSecret' | 'certificate'> = {
  kind: 'development',
  adminHost: null,
  sharedSecret: () => 'a secret that nothing is done with',
  certificate: () => NOWHERE,
};

function idIn(value: unknown): string {
  const { id } = typeof value === 'object' && value !== null ? (value as { readonly id?: unknown }) : {};
  return typeof id === 'string' ? id : '';
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 32);
}
