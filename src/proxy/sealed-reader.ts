/**
 * A request on a route of sealed cards becomes attempts: opened in memory, where its card becomes a reference, while the
 * bytes that came go on as they are. Outside of what is sealed nothing is read but the customer's token.
 */
import { readAttempt } from '../attempt/attempt-reading.ts';
import { decodeBody, readDeclaration, wholeBytes } from '../attempt/body.ts';
import { digest } from '../attempt/card-fingerprint.ts';
import { NO_VARIABLES, variablesIn } from '../attempt/path-pattern.ts';
import { type Read, readable } from '../attempt/unreadable.ts';
import type { Route } from '../config/policy.ts';
import type { SealedPolicy } from '../config/sealed-schema.ts';
import type { Trial } from './trial.ts';
import type { Sent } from './visit.ts';

const JTI_PURPOSE = 'sealed card id';

/** Everything that it tries. `now` in ms since the epoch. */
export async function readSealedAttempts(
  { visit, held }: Sent,
  { reading, path, kind, outcome }: Route,
  { sealed, now }: { readonly sealed: SealedPolicy; readonly now: number },
): Promise<Read<readonly Trial[]>> {
  const declared = readDeclaration(visit.headers, ['sealed'], held);
  if (!declared.ok) return declared;
  const bytes = wholeBytes(held);
  const text = bytes.ok ? decodeBody(bytes.value) : bytes;
  if (!text.ok) return text;
  const { openSealed } = await import('../attempt/sealed-card.ts');
  const opened = await openSealed(text.value, sealed, { host: visit.host, now });
  if (!opened.ok) return opened;
  const { fields, jti, until } = opened.value;
  const variables = path === null ? NO_VARIABLES : variablesIn(visit.rawPath, path);
  const read = readAttempt(fields, reading, variables);
  if (!read.ok) return read;
  const seal = { key: await digest(jti, JTI_PURPOSE, sealed.digestKey), until };
  return readable(read.value.map((one) => ({ kind, reading: one, told: { by: 'answer', rules: outcome }, seal })));
}
