/**
 * The bare floor of a blocked payer's repeat: `JSON.parse`, HMAC, one look into a Map, 403.
 */
import { fingerprint } from './fingerprint.ts';

const decoder = new TextDecoder();
const blocks = new Map<string, number>();
const REFUSAL = JSON.stringify({ type: 'about:blank', title: 'refused', status: 403, code: 'payment_refused' });

export default {
  async fetch(request) {
    const { card } = JSON.parse(decoder.decode(await request.arrayBuffer())) as { card: { number: string } };
    const known = await fingerprint(card.number);
    // The first sight of a payer shuts him: everybody who comes to this floor is a repeat.
    const until = blocks.get(known) ?? Number.MAX_SAFE_INTEGER;
    blocks.set(known, until);
    const headers = { 'content-type': 'application/problem+json' };
    return until > Date.now() ? new Response(REFUSAL, { status: 403, headers }) : new Response(null);
  },
} satisfies ExportedHandler;
