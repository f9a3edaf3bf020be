/**
 * Checks of identity held against Stripe's own library: what is asked for is what it would ask, and what it signs is what
 * is believed.
 */
import { scheduler } from 'node:timers/promises';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type IdentityReading, readIdentityDelivery } from '../../../src/outcome/webhooks/stripe-identity.ts';
import { makeSession } from '../../../src/step-up/stripe-identity.ts';
import { posing } from '../../step-up/siteverify.ts';
import { StripeIdentityApi, sessionOf } from '../../step-up/stripe-identity-api.ts';
import { bytesOf, type Sent } from './signature-behaviour.ts';
import { CREATED_SECONDS, EVALUATION, stripeEvent } from './stripe-events.ts';
import { NOW, STRIPE_SECRET, signStripe } from './stripe-signing.ts';

// As workerd has it.
beforeAll(() => {
  vi.stubGlobal('scheduler', scheduler);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const metadata = { cordon_evaluation: EVALUATION, cordon_merchant: 'acme' };
const VERIFIED = 'identity.verification_session.verified';

function eventOf(type: string, object: object = {}, event: object = {}): string {
  const [, , state = ''] = type.split('.');
  const session = sessionOf('vs_1', { metadata, status: state, url: null, livemode: true, ...object });
  return JSON.stringify({ ...stripeEvent(type, session), livemode: true, ...event });
}

function read({ headers, body }: Sent, secrets: readonly string[] = [STRIPE_SECRET]): Promise<IdentityReading> {
  return readIdentityDelivery({ headers: new Headers(headers), body: bytesOf(body) }, secrets, NOW);
}

const told = (state: string, because: string | null = null, isLive = true) => ({
  kind: 'identity',
  event: {
    evaluation: EVALUATION,
    merchant: 'acme',
    session: 'vs_1',
    state,
    because,
    isLive,
    occurredAt: CREATED_SECONDS * 1000,
  },
});

describe('what Stripe signs', () => {
  it.each([
    [VERIFIED, {}, told('verified')],
    ['identity.verification_session.processing', {}, told('processing')],
    ['identity.verification_session.canceled', {}, told('canceled')],
    ['identity.verification_session.requires_input', {}, told('open')],
    [
      'identity.verification_session.requires_input',
      { last_error: { code: 'selfie_face_mismatch', reason: 'The selfie does not match.' } },
      told('failed', 'selfie_face_mismatch'),
    ],
    [VERIFIED, { livemode: false }, told('verified', null, false)],
    ['identity.verification_session.created', {}, { kind: 'other' }],
    ['identity.verification_session.redacted', {}, { kind: 'other' }],
    ['charge.failed', {}, { kind: 'other' }],
    [VERIFIED, { metadata: {} }, { kind: 'other' }],
    [VERIFIED, { metadata: { ...metadata, cordon_merchant: undefined } }, { kind: 'other' }],
    [VERIFIED, { metadata: { ...metadata, cordon_evaluation: 'ev_none' } }, { kind: 'other' }],
    [VERIFIED, { status: 'processing' }, { kind: 'unreadable' }],
    [VERIFIED, { type: 'id_number' }, { kind: 'unreadable' }],
    [VERIFIED, { options: { document: {} } }, { kind: 'unreadable' }],
    [VERIFIED, { object: 'charge' }, { kind: 'unreadable' }],
    [VERIFIED, { id: null }, { kind: 'unreadable' }],
  ])('%s %j', async (type, object, expected) => {
    expect(await read(signStripe(eventOf(type, object)))).toEqual(expected);
  });

  it('in test mode by its event alone is not live', async () => {
    expect(await read(signStripe(eventOf(VERIFIED, {}, { livemode: false })))).toEqual(told('verified', null, false));
  });

  it('tells nothing of who was looked at', async () => {
    const verified_outputs = { first_name: 'Jenny', last_name: 'Rosen', dob: { year: 1990 } };
    const reading = await read(signStripe(eventOf(VERIFIED, { verified_outputs })));
    expect(JSON.stringify(reading)).not.toMatch(/Jenny|Rosen|1990/);
  });
});

describe('what Stripe did not sign', () => {
  const body = eventOf(VERIFIED);
  it.each<[string, () => Sent]>([
    ['without a signature', () => ({ headers: {}, body })],
    ['by another secret', () => signStripe(body, 'whsec_other')],
    ['six minutes ago', () => signStripe(body, STRIPE_SECRET, CREATED_SECONDS - 360)],
    ['of another body', () => ({ ...signStripe(eventOf('identity.verification_session.canceled')), body })],
  ])('%s', async (_, sent) => {
    expect(await read(sent())).toEqual({ kind: 'forged' });
  });

  it('where there is no secret', async () => {
    expect(await read(signStripe(body), [])).toEqual({ kind: 'forged' });
    expect(await read(signStripe(body), [''])).toEqual({ kind: 'forged' });
  });

  it('signed, and no JSON', async () => {
    expect(await read(signStripe('<xml/>'))).toEqual({ kind: 'unreadable' });
    const twice = body.replace('"vs_1"', '"vs_2","id":"vs_1"');
    expect(await read(signStripe(twice))).toEqual({ kind: 'unreadable' });
  });
});

it('the request is the one that Stripe’s library makes', async () => {
  const theirs: Record<string, unknown>[] = [];
  const client = new Stripe('rk_test_1', {
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(async (url: string | URL | Request, init?: RequestInit) => {
      const form = Object.fromEntries(new URLSearchParams(String(init?.body)));
      const headers = Object.fromEntries(new Headers(init?.headers));
      theirs.push({
        url: String(url),
        method: init?.method,
        form,
        key: headers['idempotency-key'],
        by: headers.authorization,
      });
      return Response.json(sessionOf('vs_1'));
    }),
  });
  const on = posing(new StripeIdentityApi());
  const { evaluation } = on.ticket;
  await client.identity.verificationSessions.create(
    {
      type: 'document',
      options: { document: { require_matching_selfie: true, require_live_capture: true } },
      metadata: { cordon_evaluation: evaluation, cordon_merchant: 'acme' },
      return_url: `${on.url}/done`,
    },
    { idempotencyKey: `cordon-identity-${evaluation}` },
  );
  const api = new StripeIdentityApi();
  const settings = {
    secretName: 'CORDON_IDENTITY_TESTS',
    webhookSecretName: 'CORDON_WEBHOOK_IDENTITY',
    dailyBudget: 1,
    apiUrl: new URL('https://api.stripe.com'),
  };
  await makeSession({ settings, key: 'rk_test_1' }, { ...on, services: { ...on.services, fetch: api.fetch } });
  const ours = api.asked.map(({ url, method, form, headers }) => ({
    url,
    method,
    form,
    key: headers['idempotency-key'],
    by: headers.authorization,
  }));
  expect(ours).toEqual(theirs);
});
