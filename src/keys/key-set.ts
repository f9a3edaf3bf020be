/**
 * The public keys of a merchant, as a JWK set (RFC 7517). With the current version come the one before it and the one
 * after: whoever keeps a copy can do with it on both sides of a rotation. What is secret of them is never here.
 */
import type { PublicPoint } from '../attempt/sealed-envelope.ts';
import { versionsAround } from '../config/key-versions.ts';
import type { Policy } from '../config/policy.ts';
import type { SealedPolicy } from '../config/sealed-schema.ts';
import { derivePublicSigningKey, type PublicSigningKey } from '../config/signing-key.ts';

/** Of sealed cards: Cordon's own, whose ids begin with `cordon.`, and the shop's; of each the one in use first. */
interface PublicSealingKey extends PublicPoint {
  readonly kid: string;
  readonly use: 'enc';
  readonly alg: 'ECDH-ES+A256KW';
}

export interface KeySet {
  readonly keys: readonly (PublicSigningKey | PublicSealingKey)[];
  /** How a page is to seal; absent where nothing is sealed. Who does not know it passes over it (RFC 7517, section 5). */
  readonly sealed?: { readonly audience?: string; readonly max_age_seconds: number };
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

async function publish({ merchant, keyVersion, sealed }: Policy, masterKey: CryptoKey): Promise<Published> {
  const owners = versionsAround(keyVersion).map((version) => ({ merchant, version }));
  const signing = await Promise.all(owners.map((owner) => derivePublicSigningKey(masterKey, owner)));
  const set: KeySet = { keys: [...signing, ...sealingKeys(sealed)], ...sealingTerms(sealed) };
  const json = JSON.stringify(set);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(json));
  return { json, etag: `"${new Uint8Array(hash).toHex().slice(0, 32)}"` };
}

function sealingKeys(sealed: SealedPolicy | null): readonly PublicSealingKey[] {
  if (sealed === null) return [];
  const own = sealed.own.map(({ kid, point }) => [kid, point] as const);
  return [...own, ...sealed.originKeys].map(([kid, point]) => ({ ...point, kid, use: 'enc', alg: 'ECDH-ES+A256KW' }));
}

function sealingTerms(sealed: SealedPolicy | null): Pick<KeySet, 'sealed'> {
  if (sealed === null) return {};
  const { audience, maxAgeMs } = sealed;
  return { sealed: { ...(audience === null ? {} : { audience }), max_age_seconds: maxAgeMs / 1000 } };
}
