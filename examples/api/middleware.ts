// A Hono application that guards itself, as the documentation shows it. In your own application the import is
// 'cordon/hono'.

import { Hono } from 'hono';
import type { Cordon } from '../../src/client/client.ts';
import { cordonGuard, reportOutcome } from '../../src/middleware/hono.ts';

interface Charge {
  id: string;
  declined: string | null;
}

export function middleware(cordon: Cordon, charge: (order: unknown) => Promise<Charge>) {
  // import { cordonGuard, reportOutcome } from 'cordon/hono';
  const guard = cordonGuard({
    cordon,
    merchant: 'acme',
    address: (c) => c.req.header('cf-connecting-ip') ?? null, // from your own edge; never X-Forwarded-For as it came
    attempt: async (c) => {
      const { card, email } = await c.req.json();
      return { card: { number: card.number }, email };
    },
  });

  return new Hono().post('/pay', guard, async (c) => {
    const { id, declined } = await charge(await c.req.json());
    if (declined === null) {
      reportOutcome(c, { status: 'succeeded', processor_payment_id: id });
      return c.json({ paid: true });
    }
    reportOutcome(c, { status: 'failed', decline_reason: declined, processor_payment_id: id });
    return c.json({ paid: false }, 402);
  });
}
