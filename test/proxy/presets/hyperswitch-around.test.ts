/**
 * Ways around the preset for Hyperswitch: what its server takes in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, freshAddress, runPreset } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
import { type Asked, CARD, FORM, OTHER } from './hyperswitch-asked.ts';
import { type Answer, answerTo, meaningOf, ways } from './hyperswitch-record.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('hyperswitch');
});
afterEach(() => vi.unstubAllGlobals());

type Sent = Parameters<typeof pay>[0];

/** The request as it was put on the wire; the address is the test's. */
function sentBy(one: Asked, { sent }: Pick<Answer, 'sent'>): Sent {
  const { path, method = 'POST', type, headers, body, as } = one;
  const bytes = sent === undefined ? new TextEncoder().encode(body) : Uint8Array.fromBase64(sent);
  // The shopper sends JSON unless told otherwise: an empty type is none.
  const all = { 'content-type': type ?? '', ...headers };
  return { path, method, headers: all, body: as === 'chunks' ? new Blob([bytes]).stream() : bytes };
}

async function fateOf(sent: Sent): Promise<string> {
  const answer = await pay({ ...sent, ip: freshAddress() });
  if (answer.headers.get('content-type') !== 'application/problem+json') {
    return answer.headers.has('cordon-evaluation') ? 'judged' : 'passed on';
  }
  return `refused: ${((await answer.json()) as { code: string }).code}`;
}

describe.each(Object.entries(ways))('%s', (group, all) => {
  it.each(all)('$what: $fate', async (one) => {
    const fate = await fateOf(sentBy(one, answerTo(group, one)));
    expect(fate).toBe(one.fate);
    expect(origin.arrived).toHaveLength(fate.startsWith('refused') ? 0 : 1);
  });

  const taken = all.filter((one) => meaningOf(answerTo(group, one)) !== 'nothing');
  it.each(taken)('$what, which Hyperswitch takes, is read alike or refused', async (one) => {
    const answer = answerTo(group, one);
    const sent = () => sentBy(one, answer);
    if ((await fateOf(sent())).startsWith('refused')) return;
    // How a card is kept, and what becomes of it, is the neighbours' test: here, that nothing else does it.
    if (meaningOf(answer) === 'card') return expect(group).toBe('documented');
    for (const card of cardsOf(answer)) expect(await meetsAgain(sent(), card)).toBe(true);
    // What Hyperswitch does not see must not stand for the card that it pays with.
    if (answer.handed?.number === null) expect(await meetsAgain(sent(), CARD)).toBe(false);
  });
});

/** The names by which Hyperswitch was handed a card. */
function cardsOf({ handed }: Answer): readonly string[] {
  return [handed?.number, handed?.token, handed?.recurring].filter((name) => name != null);
}

/** Whether the card has failed once from an address, and this request from there is refused for it. */
async function meetsAgain(sent: Sent, card: string): Promise<boolean> {
  origin.answer(() => Response.json({ status: 'failed' }));
  const ip = freshAddress();
  const isNumber = /^\d{16}$/.test(card);
  const named = isNumber
    ? { payment_method_data: { card: { card_number: card, card_cvc: '1' } } }
    : { payment_token: card };
  await pay({ path: '/payments', ip, body: JSON.stringify({ confirm: true, ...named }) });
  const before = origin.arrived.length;
  await pay({ ...sent, ip });
  return origin.arrived.length === before;
}

it('a card that is attached, taken away and attached again is the same card', async () => {
  origin.answer(() => Response.json({ status: 'failed' }));
  const data = { payment_method_data: { card: { card_number: '4242424242424242', card_cvc: '123' } } };
  const attach = { path: '/payments/pay_9', body: { confirm: false, ...data } };
  expect(await countsTogether(origin, attach, attach)).toBe(false);
  const confirm = { path: '/payments/pay_9/confirm', body: data };
  expect(await countsTogether(origin, confirm, { ...confirm, path: '/payments/pay_10/confirm' })).toBe(true);
});

const DECOYS = ['4000056655665556', OTHER];
const attachedCard =
  'payment_method_data[type]=card&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=30&payment_method_data[card][cvc]=123';

// A confirmation without a card pays with the one attached: what Hyperswitch does not read must not be counted for it.
it.each<[string, (n: number) => string]>([
  ['a name that its imitation of Stripe does not use', (n) => `payment_method=pm_made_up_${n}`],
  [
    'a number without the rest of its card',
    (n) => `${attachedCard.replace('[cvc]', '[x]')}&payment_method_data[card][number]=${DECOYS[n]}`,
  ],
  [
    'a card whose check digit is wrong',
    (n) => `${attachedCard}&payment_method_data[card][number]=424242424242424${[3, 4][n]}`,
  ],
  [
    'a card with hyphens',
    (n) => `${attachedCard}&payment_method_data[card][number]=${DECOYS[n]?.replace(/(?<=^.{4})/, '-')}`,
  ],
  ['brackets that serde_qs does not see', (n) => `payment_method_data%5bcard%5d%5bnumber%5d=${DECOYS[n]}`],
])('a card that is attached is not hidden behind %s', async (_, decoy) => {
  const ip = freshAddress();
  const form = (path: string, body: string) =>
    pay({ path: `/vs/v1/payment_intents/${path}`, ip, body, headers: { 'content-type': FORM } });
  const attached = `${attachedCard}&payment_method_data[card][number]=4012888888881881`;
  origin.answer(({ url }) => {
    const [, id = '', confirm] = /(pi_\d)(\/confirm)?/.exec(url) ?? [];
    return Response.json({ id, status: confirm === undefined ? 'requires_confirmation' : 'canceled' });
  });
  for (const n of [0, 1]) {
    await form(`pi_${n}`, attached);
    await form(`pi_${n}/confirm`, decoy(n));
  }
  expect(origin.arrived.filter(({ url }) => url.endsWith('/confirm')).length).toBeLessThan(2);
});
