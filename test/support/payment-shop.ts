/**
 * A shop whose payments are made in steps: made with or without a card, confirmed later, gone on with after 3-D Secure.
 */
import { pay, type Try } from './shopper.ts';

const outcome = {
  failed: [{ status: [402] }, { json: { '/status': ['failed'] } }],
  succeeded: [{ status: [200], json: { '/status': ['succeeded'] } }],
  pending: [{ json: { '/status': ['requires_action'] } }],
  unknown: [{ json: { '/status': ['invalid'] } }],
  decline_reason: '/error/decline_code',
  payment_id: '/id',
  card_fingerprint: '/card/fingerprint',
  card_token: '/card/token',
};
const post = (path: string) => ({ methods: ['POST'], path });
const fields = { card_number: '/card/number', token: '/token' };

/** `continues`: whether a confirmation may go on with a payment that waits. */
export function stepRoutes({ continues }: { readonly continues: boolean }): readonly object[] {
  const goesOn = continues ? { continues: '{id}' } : {};
  return [
    {
      name: 'make',
      match: post('/payments'),
      fields,
      card: 'optional',
      attempt_unless: { '/confirm': [null] },
      outcome,
    },
    {
      name: 'confirm',
      match: post('/payments/{id}/confirm'),
      fields,
      card: 'optional',
      attached_to: '{id}',
      outcome,
      ...goesOn,
    },
  ];
}

/** One step of a payment, with this body. */
export function step(path: string, body: object, attempt: Try = {}): Promise<Response> {
  return pay({ path, body: JSON.stringify(body), ...attempt });
}

/** A card is put on a payment that is confirmed later. */
export const attach = (number: string, attempt?: Try) => step('/payments', { card: { number } }, attempt);
/** A payment is confirmed with whatever is attached to it. */
export const confirm = (id: string, attempt?: Try) => step(`/payments/${id}/confirm`, {}, attempt);

const answer =
  (status: string, more: object = {}, http = 200) =>
  (id: string) =>
    Response.json({ id, status, ...more }, { status: http });

/** What the shop answers of a payment. */
export const told = {
  made: answer('requires_confirmation'),
  failed: answer('failed', { error: { decline_code: 'do_not_honor' } }, 402),
  succeeded: answer('succeeded'),
  waits: answer('requires_action'),
  invalid: answer('invalid', {}, 400),
} as const;
