/**
 * Ways around the preset for Hyperswitch: what its server takes in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, freshAddress, JSON_TYPE, runPreset } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
import { type Clothes, confirmations, imitation, payments, requests } from './hyperswitch-clothes.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('hyperswitch');
});
afterEach(() => vi.unstubAllGlobals());

async function fateOf(one: Clothes, body: BodyInit = new TextEncoder().encode(one.body)): Promise<string> {
  const { path, method = 'POST', type } = one;
  // The shopper sends JSON unless told otherwise: an empty type is none.
  const answer = await pay({ path, method, ip: freshAddress(), body, headers: { 'content-type': type ?? '' } });
  if (answer.headers.get('content-type') !== 'application/problem+json') {
    return answer.headers.has('cordon-evaluation') ? 'judged' : 'passed on';
  }
  return `refused: ${((await answer.json()) as { code: string }).code}`;
}

describe.each(Object.entries({ payments, confirmations, requests, imitation }))('%s', (_, cases) => {
  it.each(cases)('$what: $fate', async (one) => {
    expect(await fateOf(one)).toBe(one.fate);
    expect(origin.arrived).toHaveLength(one.fate === 'judged' ? 1 : 0);
  });
});

describe('the body', () => {
  const [plain] = payments;
  if (plain === undefined) throw new Error('no clothes');
  const stream = () => new Blob([plain.body]).stream();

  it('in pieces of unknown length: judged', async () => {
    expect(await fateOf(plain, stream())).toBe('judged');
  });

  it('compressed: refused', async () => {
    const body = stream().pipeThrough(new CompressionStream('gzip'));
    const headers = { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await pay({ path: plain.path, ip: freshAddress(), body, headers })).status).toBe(415);
    expect(origin.arrived).toEqual([]);
  });
});

it('a card that is attached, taken away and attached again is the same card', async () => {
  origin.answer(() => Response.json({ status: 'failed' }));
  const data = { payment_method_data: { card: { card_number: '4242424242424242', card_cvc: '123' } } };
  const attach = { path: '/payments/pay_9', body: { confirm: false, ...data } };
  expect(await countsTogether(origin, attach, attach)).toBe(false);
  const confirm = { path: '/payments/pay_9/confirm', body: data };
  expect(await countsTogether(origin, confirm, { ...confirm, path: '/payments/pay_10/confirm' })).toBe(true);
});
