/**
 * The approved egress of server routes as it is written: the keys by which a merchant's servers sign, and what a route
 * demands; and both compiled. Each key is imported once, with its policy.
 */
import * as z from 'zod';
import type { EgressRules } from '../network/egress.ts';
import {
  EGRESS_ALGORITHMS,
  type EgressKey,
  importPublicKey,
  type KeyReading,
  readPublicKey,
} from '../network/egress-key.ts';
import type { Fault } from './faults.ts';

const MAX_KEYS = 32;
const NO_TIME = 'must be a time in UTC such as 2026-12-31T23:59:59Z';
const FINGERPRINT = /^[0-9a-fA-F]{64}$/;

const keyId = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/, 'must be 1 to 64 of letters, digits, . _ : and -');

const egressKey = z
  .strictObject({
    id: keyId,
    algorithm: z.enum(EGRESS_ALGORITHMS),
    public_key: z.union([z.string().max(1_024), z.record(z.string(), z.unknown())], {
      error: 'must be a JWK, or PEM that begins with -----BEGIN PUBLIC KEY-----',
    }),
    expires_at: z.iso.datetime({ error: NO_TIME }).transform(Date.parse).optional(),
  })
  .transform(({ id, algorithm, public_key: written, expires_at: expiresAt = null }, context) => {
    const reading = readPublicKey(written, algorithm);
    if (reading.kind === 'key') return { id, algorithm, bytes: reading.bytes, expiresAt };
    const within = 'field' in reading && reading.field !== undefined ? [reading.field] : [];
    context.addIssue({ code: 'custom', path: ['public_key', ...within], message: KEY_FAULTS[reading.kind] });
    return z.NEVER;
  });

export const KEY_FAULTS = {
  private: 'is a private key: it belongs to nobody but the server that signs, and is known to others now',
  other_curve: 'is not a key of this algorithm',
  unknown_member: 'is not a member of a public JWK of this algorithm',
  not_on_curve: 'is no point that can be a key',
  malformed: 'must be a JWK, or PEM that begins with -----BEGIN PUBLIC KEY-----',
} as const satisfies Record<Exclude<KeyReading['kind'], 'key'>, string>;

export const egressKeysSchema = z
  .array(egressKey)
  .max(MAX_KEYS)
  .superRefine((keys, context) => {
    const ids = keys.map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) === index) continue;
      context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is that of an earlier key' });
    }
  })
  .default([]);

export const routeEgressSchema = z
  .strictObject({
    client_certificate: z
      .strictObject({
        sha256: z.array(z.string().regex(FINGERPRINT, 'must be 64 hex digits, without colons')).min(1).max(MAX_KEYS),
      })
      .optional(),
    signature: z
      .strictObject({
        keys: z.array(keyId).min(1).max(MAX_KEYS),
        window_seconds: z.int().min(5).max(300).default(60),
      })
      .optional(),
    require: z.enum(['all', 'any']).optional(),
  })
  .refine((it) => it.client_certificate !== undefined || it.signature !== undefined, {
    message: 'must demand a client_certificate, a signature, or both',
  })
  .refine((it) => it.require === undefined || (it.client_certificate !== undefined && it.signature !== undefined), {
    path: ['require'],
    message: 'says which of client_certificate and signature: only one is there',
  });

type WrittenKeys = z.output<typeof egressKeysSchema>;
type WrittenEgress = z.output<typeof routeEgressSchema>;

interface WithEgress {
  readonly access: 'shopper' | 'server';
  readonly egress?: WrittenEgress | undefined;
}

/** What routes demand, against the keys there are. Paths are within the configuration. */
export function checkEgress(routes: readonly WithEgress[], keys: WrittenKeys): readonly Fault[] {
  const known = new Set(keys.map(({ id }) => id));
  return routes.flatMap(({ access, egress }, index) => {
    const at = `/routes/${index}/egress`;
    if (egress === undefined) return [];
    const isMisplaced = access === 'shopper';
    const unknown = (egress.signature?.keys ?? []).flatMap((id, position) => {
      const path = `${at}/signature/keys/${position}`;
      return known.has(id) ? [] : [{ path, message: 'is not the id of one of network.egress_keys' }];
    });
    return [...(isMisplaced ? [{ path: at, message: 'is for routes whose access is server' }] : []), ...unknown];
  });
}

/** Imports the keys of a merchant, by their id. */
export async function importEgressKeys(keys: WrittenKeys): Promise<ReadonlyMap<string, EgressKey>> {
  const imported = keys.map(async ({ id, algorithm, bytes, expiresAt }): Promise<readonly [string, EgressKey]> => {
    return [id, { id, algorithm, key: await importPublicKey(bytes, algorithm), expiresAt }];
  });
  return new Map(await Promise.all(imported));
}

/** Compiles what a route demands; null where it demands nothing. */
export function compileEgress(
  egress: WrittenEgress | undefined,
  keys: ReadonlyMap<string, EgressKey>,
): EgressRules | null {
  if (egress === undefined) return null;
  const { client_certificate: certificate, signature } = egress;
  const named = signature?.keys.flatMap((id) => keys.get(id) ?? []) ?? [];
  return {
    certificates: certificate === undefined ? null : new Set(certificate.sha256.map((hex) => hex.toLowerCase())),
    signature:
      signature === undefined
        ? null
        : { keys: new Map(named.map((key) => [key.id, key])), windowSeconds: signature.window_seconds },
    isEither: egress.require === 'any',
  };
}
