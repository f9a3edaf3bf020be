/**
 * A request on a protected route becomes an attempt, or is unreadable.
 */
import type { Attempt, Whence } from '../attempt/attempt.ts';
import { checkDeclaration, parseBody, wholeBytes } from '../attempt/body.ts';
import { checkUrl, readCardNumber } from '../attempt/card-field.ts';
import { fingerprintCard } from '../attempt/card-fingerprint.ts';
import type { Read } from '../attempt/unreadable.ts';
import type { Policy, Route } from '../config/policy.ts';
import type { Visit } from './visit.ts';

/** The card's digits as the route reads them, for this request's memory only; null where the route reads none. */
export async function readDigits(visit: Visit, route: Route): Promise<Read<string | null>> {
  const query = checkUrl(visit.url, route.fields.card_number);
  if (!query.ok) return query;
  const declaration = checkDeclaration(visit.request.headers, route.body);
  if (!declaration.ok) return declaration;
  const bytes = wholeBytes(await visit.hold());
  if (!bytes.ok) return bytes;
  const fields = parseBody(bytes.value, route.body);
  return fields.ok ? readCardNumber(fields.value, route.fields.card_number, route.not_card_fields) : fields;
}

/** The attempt, with the card known by its fingerprint only. */
export async function makeAttempt(
  { digits, whence, payer, session }: Pick<Attempt, 'payer' | 'session'> & { digits: string | null; whence: Whence },
  route: Route,
  policy: Policy,
): Promise<Attempt> {
  const card = digits === null ? null : await fingerprintCard(digits, policy.fingerprintKeys);
  return { kind: route.kind, whence, payer, card, session };
}
