/**
 * Sealed cards as they are written: the shop's own public keys, for whom and for how long a body is sealed; and compiled.
 */
import * as z from 'zod';
import type { SealedRules } from '../attempt/sealed-card.ts';
import type { PublicPoint } from '../attempt/sealed-envelope.ts';
import { readPublicKey } from '../network/egress-key.ts';
import { KEY_FAULTS } from './egress-schema.ts';
import type { Fault } from './faults.ts';
import { versionsAround } from './key-versions.ts';
import { deriveSealingKey, OWN_KID, type SealingKey } from './sealing-key.ts';

/** The one in use, and those that pages of a while ago still know. */
const MAX_KEYS = 4;
const MAX_AGE_SECONDS = 300;
const KID = /^[\w.:-]{1,128}$/;
const CURVE = 'ecdsa-p256-sha256';
const USED_FOR = { use: 'enc', alg: 'ECDH-ES+A256KW' } as const;

const originKey = z.record(z.string(), z.unknown()).transform((jwk, context) => {
  const refuse = (member: string | undefined, message: string) => {
    context.addIssue({ code: 'custom', path: member === undefined ? [] : [member], message });
    return z.NEVER;
  };
  const { kid } = jwk;
  if (typeof kid !== 'string' || !KID.test(kid))
    return refuse('kid', 'must be 1 to 128 of letters, digits, . _ : and -');
  if (kid.startsWith(OWN_KID)) return refuse('kid', `must not begin with ${OWN_KID}, as Cordon's own do`);
  for (const member of ['use', 'alg'] as const) {
    if ((jwk[member] ?? USED_FOR[member]) !== USED_FOR[member]) return refuse(member, `must be ${USED_FOR[member]}`);
  }
  // A point of P-256 is the same whatever it is used for.
  const reading = readPublicKey(jwk, CURVE);
  if (reading.kind !== 'key') return refuse('field' in reading ? reading.field : undefined, KEY_FAULTS[reading.kind]);
  const { x, y } = jwk as { readonly x: string; readonly y: string };
  return { kid, point: { kty: 'EC', crv: 'P-256', x, y } satisfies PublicPoint };
});

export const sealedSchema = z.strictObject({
  origin_keys: z
    .array(originKey)
    .min(1)
    .max(MAX_KEYS)
    .superRefine((keys, context) => {
      const kids = keys.map(({ kid }) => kid);
      for (const [index, kid] of kids.entries()) {
        if (kids.indexOf(kid) === index) continue;
        context.addIssue({ code: 'custom', path: [index, 'kid'], message: 'is that of an earlier key' });
      }
    }),
  audience: z.string().min(1).max(256).optional(),
  max_age_seconds: z.int().min(30).max(MAX_AGE_SECONDS).default(MAX_AGE_SECONDS),
});

export type SealedConfig = z.output<typeof sealedSchema>;

interface WithBody {
  readonly body: unknown;
}

/** A route that takes sealed bodies needs somebody to seal for. Paths are within the configuration. */
export function checkSealed(sealed: SealedConfig | undefined, routes: readonly WithBody[]): readonly Fault[] {
  if (sealed !== undefined) return [];
  return routes.flatMap(({ body }, index) => {
    return body === 'sealed' ? [{ path: `/routes/${index}/body`, message: 'needs sealed.origin_keys' }] : [];
  });
}

/** What a policy knows of sealed cards. */
export interface SealedPolicy extends SealedRules {
  /** Cordon's own keys, the current one first. */
  readonly own: readonly SealingKey[];
  /** For digests of ids. */
  readonly digestKey: CryptoKey;
}

interface Deployment {
  readonly id: string;
  readonly key_version: number;
  readonly sealed?: SealedConfig | undefined;
}

/** Null where the merchant has none: then no key is derived. */
export async function compileSealed(
  { id: merchant, key_version: version, sealed }: Deployment,
  masterKey: CryptoKey,
  digestKey: CryptoKey,
): Promise<SealedPolicy | null> {
  if (sealed === undefined) return null;
  const derive = (one: number) => deriveSealingKey(masterKey, { merchant, version: one });
  const own = await Promise.all(versionsAround(version).map(derive));
  return {
    own,
    digestKey,
    ownKeys: new Map(own.map(({ kid, key }) => [kid, key])),
    originKeys: new Map(sealed.origin_keys.map(({ kid, point }) => [kid, point])),
    audience: sealed.audience ?? null,
    maxAgeMs: sealed.max_age_seconds * 1000,
  };
}
