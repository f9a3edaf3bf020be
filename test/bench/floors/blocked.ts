/**
 * The floor of a blocked payer's repeat: the same parse and HMAC as Cordon's, one look into a Map, 403.
 */
import { BODY_LIMIT_BYTES } from '../../../src/attempt/body.ts';
import { holdBody } from '../../../src/attempt/held-stream.ts';
import { digitsIn, fingerprint } from './payment.ts';

const blocks = new Map<string, number>();
const REFUSAL = JSON.stringify({ type: 'about:blank', title: 'refused', status: 403, code: 'payment_refused' });

export default {
  async fetch(request) {
    const card = await fingerprint(digitsIn(await holdBody(request, BODY_LIMIT_BYTES)));
    // The first sight of a payer shuts him: everybody who comes to this floor is a repeat.
    const until = blocks.get(card) ?? Number.MAX_SAFE_INTEGER;
    blocks.set(card, until);
    const headers = { 'content-type': 'application/problem+json' };
    return until > Date.now() ? new Response(REFUSAL, { status: 403, headers }) : new Response(null);
  },
} satisfies ExportedHandler;
