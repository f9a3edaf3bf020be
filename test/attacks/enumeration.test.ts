/**
 * One try per card, and everything else ever new: under the recommended set, in front of a checkout whose payers are
 * asked for a proof of work that the tester does not do.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LIGHT } from '../support/challenges.ts';
import { payRoute, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay, type Try, withCheckDigit } from '../support/shopper.ts';

let origin: StandInOrigin;
let made = 0;
const NUMBERS = cards(4_000);
const anyCard = () => NUMBERS[made++] ?? '';
/** Of another bank each time, so that no issuer’s ceiling helps. */
const ofAnyBank = () => withCheckDigit(`4${String(10_000 + 7 * made++).padStart(5, '0')}123456789`);
const route = { ...payRoute, fields: { ...payRoute.fields, email: '/email', device_id: '/device' } };
const SET = { routes: [route], velocity: 'recommended', step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT } };

beforeEach(async () => {
  origin = new StandInOrigin();
  declining('do_not_honor');
  await putAcme(SET);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function declining(code: string): void {
  const body = { id: 'pay_1', status: 'failed', error: { decline_code: code } };
  origin.answer(() => Response.json(body, { status: 402 }));
}

function tries(said: { number: string; email?: string; device?: string }, other: Try): Promise<Response> {
  const { number, ...more } = said;
  return pay({ ...other, body: JSON.stringify({ card: { number, cvc: '123' }, ...more }) });
}

async function storm(count: number, one: (index: number) => Promise<Response>): Promise<number> {
  for (let index = 0; index < count; index++) await one(index);
  return origin.arrived.length;
}

it('from one address: a handful of cards is heard of, whatever e-mail is written', async () => {
  const seen = await storm(60, (index) =>
    tries({ number: ofAnyBank(), email: `a${index}@mail${index}.example` }, { ip: '192.0.2.5' }),
  );
  expect(seen).toBeLessThanOrEqual(4);
});

it('all at once from one address: no more than one after the other', async () => {
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      tries({ number: ofAnyBank(), email: `p${index}@x.example` }, { ip: '192.0.2.6' }),
    ),
  );
  // Blocks are exact in parallel; a challenge waits for what has failed.
  expect(origin.arrived.length).toBeLessThanOrEqual(10);
});

it('rotating through the /64s of one /48', async () => {
  const seen = await storm(60, (index) =>
    tries({ number: ofAnyBank() }, { ip: `2001:db8:77:${index.toString(16)}::1` }),
  );
  expect(seen).toBeLessThanOrEqual(10);
});

it('rotating through the addresses of one /24, with ever new customers who are proven', async () => {
  const seen = await storm(60, (index) =>
    tries({ number: ofAnyBank() }, { ip: `198.51.100.${index}`, customer: `fresh-${index}` }),
  );
  expect(seen).toBeLessThanOrEqual(5);
});

it.each([
  ['e-mail', { email: 'One.Mailbox+shop@gmail.com' }],
  ['device', { device: 'the-same' }],
])('from ever new networks with one %s', async (_, same) => {
  const seen = await storm(40, (index) => tries({ number: ofAnyBank(), ...same }, { ip: `10.${index}.${index}.1` }));
  expect(seen).toBeLessThanOrEqual(4);
});

it('tags and dots make no new mailbox', async () => {
  const spelt = ['t.ester@gmail.com', 'tester+1@gmail.com', 'TESTER@googlemail.com', 'te.st.er+2@gmail.com'];
  const seen = await storm(20, (index) =>
    tries({ number: ofAnyBank(), email: spelt[index % spelt.length] ?? '' }, { ip: `10.${index + 50}.1.1` }),
  );
  expect(seen).toBeLessThanOrEqual(4);
});

it('one card, its codes tried from ever new networks', async () => {
  declining('incorrect_cvc');
  const number = anyCard();
  const seen = await storm(40, (index) => tries({ number }, { ip: `10.${index}.7.1` }));
  expect(seen).toBeLessThanOrEqual(4);
  expect(await codeOf(await tries({ number }, { ip: '10.99.7.1' }))).toBe('payment_refused');
});

it('numbers in a row of one bank, from ever new networks', async () => {
  declining('incorrect_number');
  const seen = await storm(120, (index) => tries({ number: anyCard() }, { ip: `10.${index}.9.1` }));
  expect(seen).toBeLessThanOrEqual(16);
});

describe('turned against somebody', () => {
  const victim = { email: 'victim@example.com' };
  const elsewhere = { ip: '203.0.113.200' };

  it('whose e-mail is burnt is asked, and never refused', async () => {
    await storm(10, (index) => tries({ number: ofAnyBank(), ...victim }, { ip: `10.${index}.3.1` }));
    expect(await codeOf(await tries({ number: anyCard(), ...victim }, elsewhere))).toBe('challenge_required');
  });

  it('whose bank is burnt is asked, and never refused', async () => {
    declining('incorrect_number');
    await storm(60, (index) => tries({ number: anyCard() }, { ip: `10.${index}.4.1` }));
    expect(await codeOf(await tries({ number: anyCard() }, elsewhere))).toBe('challenge_required');
  });

  it('whose processor is down is neither', async () => {
    declining('processing_error');
    const seen = await storm(40, () => tries({ number: ofAnyBank(), email: 'b@example.com' }, { ip: '203.0.113.9' }));
    expect(seen).toBe(40);
  });
});

it('an office of twenty, one of whom fails his card and tries another, pays on', async () => {
  origin.answer(() => Response.json({ id: 'pay_1', status: 'succeeded' }));
  const office = { ip: '203.0.113.77' };
  const paid = await storm(20, (index) =>
    tries({ number: ofAnyBank(), email: `colleague${index}@office.example` }, office),
  );
  declining('insufficient_funds');
  await storm(2, () => tries({ number: ofAnyBank(), email: 'unlucky@office.example' }, office));
  origin.answer(() => Response.json({ id: 'pay_1', status: 'succeeded' }));
  expect((await tries({ number: ofAnyBank(), email: 'unlucky@office.example' }, office)).status).toBe(200);
  expect(paid).toBe(20);
});
