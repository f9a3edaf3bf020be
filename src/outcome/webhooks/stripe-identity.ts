/**
 * What Stripe says of a check of identity: the state of its session, and nothing of who was looked at.
 * Source: docs.stripe.com/identity/handle-verification-outcomes, docs.stripe.com/identity/how-sessions-work.
 */
import type { Fields } from '../../attempt/fields.ts';
import type { Delivery } from '../processor-event.ts';
import { codeAt, evaluationAt, idAt, secondsAt } from './event-fields.ts';
import { jsonFieldsOf } from './signed-json.ts';
import { isSignedByStripe } from './stripe.ts';

export interface IdentityEvent {
  /** Of the challenge, as Cordon wrote it into the session. */
  readonly evaluation: string;
  readonly merchant: string;
  readonly session: string;
  readonly state: 'open' | 'processing' | 'failed' | 'canceled' | 'verified';
  /** Stripe's code for why it failed: of a closed list. */
  readonly because: string | null;
  /** Whether a person was looked at, and not Stripe's test mode. */
  readonly isLive: boolean;
  /** ms since the epoch, to the second. */
  readonly occurredAt: number;
}

export type IdentityReading =
  | { readonly kind: 'identity'; readonly event: IdentityEvent }
  /** Authentic, and nothing that changes a check that Cordon began. */
  | { readonly kind: 'other' }
  | { readonly kind: 'forged' | 'unreadable' };

const OBJECT = '/data/object';

/** `now` in ms since the epoch. Throws never. */
export async function readIdentityDelivery(
  delivery: Delivery,
  secrets: readonly string[],
  now: number,
): Promise<IdentityReading> {
  if (!(await isSignedByStripe(delivery, secrets, now))) return { kind: 'forged' };
  const fields = jsonFieldsOf(delivery.body);
  return fields === null ? { kind: 'unreadable' } : readEvent(fields);
}

function readEvent(fields: Fields): IdentityReading {
  const type = fields.get('/type');
  const state = typeof type === 'string' ? STATES.get(type) : undefined;
  if (state === undefined) return { kind: 'other' };
  const evaluation = evaluationAt(fields, `${OBJECT}/metadata/`);
  const merchant = idAt(fields, `${OBJECT}/metadata/cordon_merchant`);
  // Sessions of the shop's own have neither.
  if (evaluation === null || merchant === null) return { kind: 'other' };
  const session = idAt(fields, `${OBJECT}/id`);
  const occurredAt = secondsAt(fields, '/created');
  if (session === null || occurredAt === null || !isWhatItSays(fields, state)) return { kind: 'unreadable' };
  const because = state === 'failed' ? codeAt(fields, `${OBJECT}/last_error/code`) : null;
  const told = state === 'failed' && because === null ? 'open' : state;
  const isLive = fields.get('/livemode') === true && fields.get(`${OBJECT}/livemode`) === true;
  const event = { evaluation, merchant, session, state: told, because, isLive, occurredAt } as const;
  return { kind: 'identity', event };
}

const STATES: ReadonlyMap<string, Exclude<IdentityEvent['state'], 'open'>> = new Map([
  ['identity.verification_session.processing', 'processing'],
  ['identity.verification_session.requires_input', 'failed'],
  ['identity.verification_session.canceled', 'canceled'],
  ['identity.verification_session.verified', 'verified'],
]);

/** What passes somebody is said twice, by the event and by its object, which is of the kind that was asked for. */
function isWhatItSays(fields: Fields, state: IdentityEvent['state']): boolean {
  if (fields.get(`${OBJECT}/object`) !== 'identity.verification_session') return false;
  if (state !== 'verified') return true;
  const isOfKind = fields.get(`${OBJECT}/type`) === 'document';
  const hasSelfie = fields.get(`${OBJECT}/options/document/require_matching_selfie`) === true;
  return fields.get(`${OBJECT}/status`) === 'verified' && isOfKind && hasSelfie;
}
