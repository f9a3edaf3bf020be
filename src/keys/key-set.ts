/**
 * The public keys of a merchant, as a JWK set (RFC 7517). With the current version come the one before it and the one
 * after: whoever keeps a copy can do with it on both sides of a rotation. What is secret of them is never here.
 */
import type { Policy } from '../config/policy.ts';
import { derivePublicSigningKey, type PublicSigningKey } from '../config/signing-key.ts';

export interface KeySet {
  readonly keys: readonly PublicSigningKey[];
}

/** The text of a set, and a name for it that changes with it. */
export interface Published {
  readonly json: string;
  readonly etag: string;
}

const published = new WeakMap<Policy, Promise<Published>>();

/** Made once for a policy: anybody may ask, and deriving keys is dear. */
export function publishedKeys(policy: Policy, masterKey: CryptoKey): Promise<Published> {
  const known = published.get(policy);
  if (known !== undefined) return known;
  const made = publish(policy, masterKey);
  published.set(policy, made);
  return made;
}

async function publish({ merchant, keyVersion }: Policy, masterKey: CryptoKey): Promise<Published> {
  const owners = versionsAround(keyVersion).map((version) => ({ merchant, version }));
  const signing = await Promise.all(owners.map((owner) => derivePublicSigningKey(masterKey, owner)));
  const set: KeySet = { keys: [...signing] };
  const json = JSON.stringify(set);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(json));
  return { json, etag: `"${new Uint8Array(hash).toHex().slice(0, 32)}"` };
}

/** The current one first. Version 1 has none before it. */
export function versionsAround(current: number): readonly number[] {
  return [current, current + 1, current - 1].filter((version) => version >= 1);
}
