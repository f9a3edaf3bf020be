/**
 * Medusa v2 behind Cordon: completing a cart, which authorizes its payment, and choosing how to pay. Sources:
 * medusajs/medusa, packages/medusa/src/api/store/carts/[id]/complete/route.ts and
 * packages/medusa/src/api/store/payment-collections/[id]/payment-sessions/route.ts.
 */
import type { WrittenRoute } from '../route-schema.ts';

// Medusa parses both by default (framework/src/http/router.ts), whatever the route.
const both = { body: ['json', 'form'], card: 'optional' } as const;

export const medusaRoutes: readonly WrittenRoute[] = [
  {
    name: 'medusa-complete',
    match: { methods: ['POST'], path: '/store/carts/{id}/complete' },
    ...both,
    // The card is with the payment's provider: a cart that is tried again and again is what can be counted.
    attached_to: '{id}',
    outcome: {
      failed: [{ json: { '/error/type': ['payment_authorization_error'] } }],
      succeeded: [{ status: [200], json: { '/type': ['order'] } }],
      pending: [{ json: { '/type': ['cart'], '/error/type': ['payment_requires_more_error'] } }],
      // Thrown before the payment is authorized: nothing in stock, no address, no such cart.
      unknown: [
        { status: [400, 404, 409], json: { '/type': ['invalid_data', 'not_found', 'not_allowed', 'conflict'] } },
      ],
      decline_reason: '/error/type',
    },
  },
  {
    name: 'medusa-payment-session',
    match: { methods: ['POST'], path: '/store/payment-collections/{id}/payment-sessions' },
    kind: 'setup',
    ...both,
    fields: { token: ['/data/payment_method', '/data/payment_method_id', '/data/token', '/data/source'] },
    attempt_unless: {},
    attached_to: '{id}',
    outcome: { succeeded: [{ status: [200] }], payment_id: '/payment_collection/id' },
  },
];
