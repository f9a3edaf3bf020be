/**
 * From an attempt through the queue into a row of D1.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { rowsOnceThere } from '../support/records.ts';
import { pay } from '../support/shopper.ts';

beforeEach(async () => {
  new StandInOrigin();
  await putAcme();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it('an attempt becomes one row, with who tried and what was decided', { timeout: 20_000 }, async () => {
  const answer = await pay({ ip: '203.0.113.77', customer: 'cus_1' });
  const id = answer.headers.get('cordon-evaluation');
  const [row] = await rowsOnceThere<Record<string, unknown>>(1, 'SELECT * FROM decisions WHERE id = ?', id);
  expect(row).toMatchObject({
    merchant: 'acme',
    decision: 'allow',
    mode: 'enforce',
    source: 'proxy',
    route: 'pay',
    kind: 'payment',
    country: 'NL',
    asn: 1136,
    ip: '203.0.113.77',
    ip_prefix: '203.0.113.0/24',
    bin: '424242',
    card: expect.stringMatching(/^fp_/),
    customer: 'cus_1',
  });
  expect(JSON.stringify(row)).not.toContain('4242424242424242');
});
