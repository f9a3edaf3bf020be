/**
 * Ways around the preset for Stripe: what Rack takes in other clothes is read, or refused. A server that only speaks
 * Stripe's language may parse with qs, as Express does: shown at the end by qs itself.
 */
import qs from 'qs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { freshAddress, runPreset } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
import * as ways from './stripe-clothes.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('stripe');
});
afterEach(() => vi.unstubAllGlobals());

async function fateOf(one: ways.Clothes, body: BodyInit = new TextEncoder().encode(one.body)): Promise<string> {
  // The shopper sends JSON unless told otherwise: an empty type is none.
  const { path, method = 'POST', type } = one;
  const answer = await pay({ path, method, ip: freshAddress(), body, headers: { 'content-type': type ?? '' } });
  if (answer.headers.get('content-type') !== 'application/problem+json') {
    return answer.headers.has('cordon-evaluation') ? 'judged' : 'passed on';
  }
  return `refused: ${((await answer.json()) as { code: string }).code}`;
}

const { numbers, tokens, confirmations, queries, types, paths } = ways;
describe.each(Object.entries({ numbers, tokens, confirmations, queries, types, paths }))('%s', (_, cases) => {
  it.each(cases)('$what: $fate', async (one) => {
    expect(await fateOf(one)).toBe(one.fate);
    expect(origin.arrived).toHaveLength(one.fate === 'judged' ? 1 : 0);
  });
});

describe('the body', () => {
  const [plain] = tokens;
  if (plain === undefined) throw new Error('no clothes');
  const stream = () => new Blob([plain.body]).stream();

  it('in pieces of unknown length: judged', async () => {
    expect(await fateOf(plain, stream())).toBe('judged');
  });

  it('compressed: refused', async () => {
    const body = stream().pipeThrough(new CompressionStream('gzip'));
    const headers = { 'content-type': ways.FORM, 'content-encoding': 'gzip' };
    expect((await pay({ path: ways.INTENTS, ip: freshAddress(), body, headers })).status).toBe(415);
    expect(origin.arrived).toEqual([]);
  });
});

it('qs takes what is refused here: a last value, a list that becomes a text, an open bracket', () => {
  const last = qs.parse('confirm=false&confirm=true', { duplicates: 'last' });
  expect(last.confirm).toBe('true');
  expect(String(qs.parse('payment_method[]=pm_1').payment_method)).toBe('pm_1');
  expect(String(qs.parse('payment_method[0]=pm_1').payment_method)).toBe('pm_1');
  expect(qs.parse('payment_method_data[card][][number]=4242')).toEqual({
    payment_method_data: { card: [{ number: '4242' }] },
  });
});
