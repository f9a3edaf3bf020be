/**
 * The deployment's secrets that a configuration names. They are every merchant's to name for the admin alone: whoever
 * holds one merchant's key could otherwise act with another merchant's.
 */
import * as z from 'zod';
import { childPointer } from '../attempt/fields.ts';
import type { Json } from '../attempt/json-body.ts';
import { CERTIFICATE_NAME, isSecretName } from './environment.ts';
import type { Fault } from './faults.ts';

export const NO_SUCH_SECRET = 'this deployment has no such secret';

/** The name of a secret of one kind (environment.ts). */
export function secretName(form: RegExp) {
  const prefix = form.source.slice(1, form.source.indexOf('['));
  return z.string().regex(form, `must be the name of a secret of the deployment, ${prefix}…`);
}

export interface NamedSecret {
  readonly path: string;
  readonly name: string;
}

/** Wherever they stand, so that no field to come is forgotten. */
export function secretsNamed(written: Json, path = ''): readonly NamedSecret[] {
  if (typeof written === 'string') return isOwned(written) ? [{ path, name: written }] : [];
  if (typeof written !== 'object' || written === null) return [];
  return Object.entries(written).flatMap(([field, value]) => secretsNamed(value, childPointer(path, field)));
}

/** A client certificate is a secret by another way: behind it an origin takes whoever comes for its owner. */
function isOwned(text: string): boolean {
  return isSecretName(text) || CERTIFICATE_NAME.test(text);
}

/** One fault for each secret that the configuration before did not name. */
export function checkNewSecrets(written: Json, before: Json): readonly Fault[] {
  const known = new Set(secretsNamed(before).map(({ name }) => name));
  return secretsNamed(written).flatMap(({ path, name }) =>
    known.has(name) ? [] : [{ path, message: 'names a secret that only the admin key may name here first' }],
  );
}
