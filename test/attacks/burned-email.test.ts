/**
 * A tester writes a buyer's e-mail (his session, his device, his bank) until the rule by it has had enough. The rule may
 * only ask; where nothing can be asked, because no step-up is configured, none fits or none is reached, and the fallback
 * is to block, the buyer is looked at and not kept out.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { decided, evaluated, newMerchant, tell } from '../api/backend.ts';
import { payRoute, putAcme } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

const NUMBERS = cards(40);
const rule = { limit: 2, window_seconds: 3_600, then: 'challenge' };
/** For guests there is none: they have no passkey. */
const NONE_FITS = { methods: ['passkey'], passkey: {} };

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const burn = async (merchant: string, said: object) => {
  for (const at of [0, 1]) {
    const { id } = await evaluated(merchant, { ip: `198.51.100.${at}`, card: { number: NUMBERS[at] ?? '' }, ...said });
    await tell(id, { status: 'failed' });
  }
};
const ANOTHER = { ip: '203.0.113.9', card: { number: NUMBERS[9] ?? '' } };

it.each([
  ['email', { email: 'buyer@example.com' }, {}],
  ['email_domain', { email: 'buyer@example.com' }, {}],
  ['session', { session_id: 'ses_1' }, {}],
  ['device', { device_id: 'dev_1' }, {}],
  ['bin', {}, {}],
  ['email', { email: 'buyer@example.com' }, { step_up: NONE_FITS }],
])('over the API, by %s, %j', async (by, said, more) => {
  const merchant = await newMerchant({ velocity: [{ ...rule, name: 'typed', by }], ...more });
  await burn(merchant, said);
  const [decision, reasons] = await decided(merchant, { ...ANOTHER, ...said });
  expect([decision, JSON.stringify(reasons)]).toEqual(['review', expect.stringContaining('typed')]);
});

it.each([
  ['together with what is his own', { by: ['email', 'ip'] }, {}, 'block'],
  ['where the fallback says so', { by: 'email' }, { step_up: { fallback: 'allow' } }, 'allow'],
])('is what it was %s', async (_, by, more, decision) => {
  const merchant = await newMerchant({ velocity: [{ ...rule, name: 'typed', ...by }], ...more });
  const said = { email: 'buyer@example.com', ip: '203.0.113.9' };
  await burn(merchant, said);
  expect((await decided(merchant, { ...ANOTHER, ...said }))[0]).toBe(decision);
});

it('in front of a checkout', async () => {
  await putAcme({
    routes: [{ ...payRoute, fields: { ...payRoute.fields, email: '/email' } }],
    velocity: [{ ...rule, name: `typed_${NUMBERS.length}`, by: 'email' }],
  });
  const body = (at: number) => JSON.stringify({ card: { number: NUMBERS[at] }, email: 'burned@example.com' });
  for (const at of [20, 21]) expect((await pay({ ip: `198.51.100.${at}`, body: body(at) })).status).toBe(402);
  origin.answer(answers.succeed);
  expect((await pay({ ip: '203.0.113.77', body: body(30) })).status).toBe(200);
});
