/**
 * Stripe's signature: its time, its schemes, and everything that can be done to it.
 */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/outcome/webhooks/stripe.ts';
import { deliver, describeSignature } from './signature-behaviour.ts';
import { CREATED_SECONDS, charge, stripeEvent } from './stripe-events.ts';
import { NOW, STRIPE_SECRET, signStripe as sign } from './stripe-signing.ts';

const side = { reader: stripe, now: NOW, secret: STRIPE_SECRET };
const BODY = JSON.stringify(stripeEvent('charge.failed', charge()));

describeSignature({
  ...side,
  otherSecret: 'whsec_another',
  sign: async (secret) => sign(BODY, secret),
  header: 'stripe-signature',
  isWholeBodySigned: true,
});

describe('the time of the signature', () => {
  it.each([
    ['now', 0, 'events'],
    ['five minutes ago', -300, 'events'],
    ['a second more', -301, 'forged'],
    ['five minutes ahead', 300, 'events'],
    ['a second more ahead', 301, 'forged'],
    ['a day ago', -86_400, 'forged'],
  ])('%s', async (_, seconds, kind) => {
    const sent = sign(BODY, STRIPE_SECRET, CREATED_SECONDS + seconds);
    expect((await deliver(side, sent)).kind).toBe(kind);
  });

  it.each(['', 'never', 'NaN', '1735000000.0', ' 1735000000', '0x67693f40', '1e400'])(
    '%j is none, also signed',
    async (time) => {
      const hex = createHmac('sha256', STRIPE_SECRET).update(`${time}.${BODY}`).digest('hex');
      const sent = { headers: { 'stripe-signature': `t=${time},v1=${hex}` }, body: BODY };
      expect(await deliver(side, sent)).toEqual({ kind: 'forged' });
    },
  );

  it('is judged by the clock that is passed in, also to the last millisecond', async () => {
    const sent = sign(BODY);
    expect((await deliver({ ...side, now: NOW + 300_999 }, sent)).kind).toBe('events');
    expect((await deliver({ ...side, now: NOW + 301_000 }, sent)).kind).toBe('forged');
  });

  it('cannot be changed to a later one', async () => {
    const { headers, body } = sign(BODY, STRIPE_SECRET, CREATED_SECONDS - 86_400);
    const header = headers['stripe-signature']?.replace(/^t=\d+/, `t=${CREATED_SECONDS}`) ?? '';
    expect((await deliver(side, { headers: { 'stripe-signature': header }, body })).kind).toBe('forged');
  });
});

describe('the header', () => {
  const withHeader = async (change: (time: string, signature: string) => string) => {
    const { headers, body } = sign(BODY);
    const [, time = '', signature = ''] = /^t=(\d+),v1=(\w+)$/.exec(headers['stripe-signature'] ?? '') ?? [];
    return (await deliver(side, { headers: { 'stripe-signature': change(time, signature) }, body })).kind;
  };
  const WRONG = 'ab'.repeat(32);

  it.each([
    ['two signatures, the first right', (t: string, s: string) => `t=${t},v1=${s},v1=${WRONG}`, 'events'],
    ['two signatures, the second right', (t: string, s: string) => `t=${t},v1=${WRONG},v1=${s}`, 'events'],
    ['an older scheme beside', (t: string, s: string) => `t=${t},v1=${s},v0=${WRONG}`, 'events'],
    ['the time last', (t: string, s: string) => `v1=${s},t=${t}`, 'events'],
    ['a signature in capitals', (t: string, s: string) => `t=${t},v1=${s.toUpperCase()}`, 'events'],
    ['the right signature under an older scheme', (t: string, s: string) => `t=${t},v0=${s}`, 'forged'],
    ['no time', (_: string, s: string) => `v1=${s}`, 'forged'],
    ['two times', (t: string, s: string) => `t=${t},t=${t},v1=${s}`, 'forged'],
    ['a time with a sign', (t: string, s: string) => `t=+${t},v1=${s}`, 'forged'],
    ['a time in another notation', (t: string, s: string) => `t=${t}.0,v1=${s}`, 'forged'],
    ['no signature', (t: string) => `t=${t}`, 'forged'],
    ['a signature without its scheme', (t: string, s: string) => `t=${t},${s}`, 'forged'],
    ['the right one after too many', (t: string, s: string) => `t=${t},${`v1=${WRONG},`.repeat(16)}v1=${s}`, 'forged'],
  ])('%s', async (_, change, kind) => {
    expect(await withHeader(change)).toBe(kind);
  });
});
