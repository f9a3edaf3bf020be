// The demo shop's Worker: the checkout page, the payment endpoint, and the processor's counts.
// A shop as a merchant would have it: it knows nothing of Cordon, but for one script tag of its checkout page, and its
// door, which looks at signatures.

import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Verdict } from '../../origin/typescript/cordon-verifier.ts';
import { renderCheckout } from './checkout-page.ts';
import { type Keys, lookAt, mayEnter, takeKeys } from './door.ts';
import { readForm, readPayment } from './payment.ts';
import { type Verdict as Charged, charge, readCounts, resetCounts } from './processor.ts';
import { renderResult, statusOf } from './result-page.ts';

const shop = new Hono<{ Variables: { seen: Verdict } }>();

shop.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ['data:'],
      // What Cordon shows beside the shop's own page, where a payment needs one more step.
      frameSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'same-origin',
    // Browsers would remember it for every other program on localhost.
    strictTransportSecurity: false,
  }),
);

shop.use(async (context, next) => {
  const { pathname } = new URL(context.req.url);
  if (pathname.startsWith('/processor/')) return next();
  const seen = await lookAt(context.req.raw);
  if (!mayEnter(seen)) return context.json({ error: { message: 'Only through Cordon.' } }, 403);
  context.set('seen', seen);
  return next();
});
// What the door saw. Compare it with and without Cordon.
shop.get('/door', (context) => context.json(context.get('seen')));

shop.get('/', (context) => context.html(renderCheckout()));
shop.get('/plain', (context) => context.html(renderCheckout({ isPlain: true })));

shop.post('/api/pay', async (context) => {
  const reading = readPayment(await context.req.json().catch(() => undefined));
  if (reading.kind === 'unreadable') {
    return context.json({ error: { message: 'Please check the form.', fields: reading.fields } }, 400);
  }
  return answer(context, await charge(reading.payment.card, new Date()));
});

shop.post('/pay', async (context) => {
  const reading = readForm(await context.req.parseBody());
  const outcome = reading.kind === 'unreadable' ? reading.kind : (await charge(reading.payment.card, new Date())).kind;
  return context.html(renderResult(outcome), statusOf(outcome));
});

// For the attack command, which reads them on the shop's own loopback port. In front of a real shop there is no such
// thing, so what came through a proxy does not find it.
shop.use('/processor/*', async (context, next) => {
  if (context.req.header('x-forwarded-for') !== undefined) return context.notFound();
  return next();
});
shop.get('/processor/stats', (context) => context.json(readCounts()));
shop.put('/processor/keys', async (context) => {
  takeKeys(await context.req.json<Keys>());
  return context.body(null, 204);
});
shop.post('/processor/reset', (context) => {
  resetCounts();
  return context.json(readCounts());
});

function answer(context: Context, verdict: Charged): Response {
  const id = `pay_${crypto.randomUUID().replaceAll('-', '')}`;
  switch (verdict.kind) {
    case 'approved':
      return context.json({ id, status: 'succeeded' });
    case 'declined':
      return context.json({ id, status: 'failed', error: { decline_code: verdict.code, message: 'Declined.' } }, 402);
    case 'authentication_required':
      return context.json({ id, status: 'requires_action' });
    case 'out_of_service':
      return context.json({ error: { message: 'The processor is out of service.' } }, 503);
    default:
      return verdict satisfies never;
  }
}

export default shop;
