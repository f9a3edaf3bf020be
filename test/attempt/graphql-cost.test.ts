/**
 * Whatever a request's fragments, aliases and variables multiply to, reading it ends after a bounded number of steps.
 */
import { describe, expect, it } from 'vitest';
import { BODY_LIMIT_BYTES } from '../../src/attempt/body.ts';
import { QUERY, RESULT, read, readQuery, TOKEN_ROUTE } from './graphql-baseline.ts';
import { BOMBS } from './graphql-bombs.ts';

describe('ends with a refusal, or as an ordinary request', () => {
  it.each(BOMBS)('%s', async (_, body, because) => {
    expect(JSON.stringify(body).length).toBeLessThanOrEqual(BODY_LIMIT_BYTES);
    const reading = await read(body, TOKEN_ROUTE);
    expect(reading.ok ? reading.value : reading.why.because).toBe(because);
  });
});

it('reads a large cart and a long document in full', async () => {
  const items = Array.from({ length: 1_000 }, (_, i) => ({ id: i, name: `item ${i}`, price: '1.00' }));
  const cart = await readQuery(QUERY, { input: { method: 'x', metadata: { items } } }, TOKEN_ROUTE);
  expect(cart.ok && cart.value?.payments[0].fields.size).toBe(3_001);
  const fields = Array.from({ length: 2_000 }, (_, i) => `field${i}`).join(' ');
  const long = await readQuery(QUERY.replace(RESULT, `{ __typename order { ${fields} } }`), { input: {} }, TOKEN_ROUTE);
  expect(long.ok && long.value?.payments.length).toBe(1);
});
