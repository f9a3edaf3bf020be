/**
 * Ways around the preset for Vendure: what its server (Apollo Server on Express), or a more careless one, would execute
 * in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { freshAddress, runPreset } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
import * as ways from './vendure-clothes.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('vendure');
});
afterEach(() => vi.unstubAllGlobals());

async function fateOf({ path, method, type, body }: ways.Clothes): Promise<string> {
  const answer = await pay({ path, method, ip: freshAddress(), body, headers: { 'content-type': type } });
  if (answer.headers.get('content-type') !== 'application/problem+json') {
    return answer.headers.has('cordon-evaluation') ? 'judged' : 'passed on';
  }
  // An answer to HEAD has no body.
  if (method === 'HEAD') return answer.status === 400 ? ways.UNREADABLE : `refused: ${answer.status}`;
  return `refused: ${((await answer.json()) as { code: string }).code}`;
}

const { documents, bodies, urls } = ways;
describe.each(Object.entries({ documents, bodies, urls }))('%s', (_, cases) => {
  it.each(cases)('$what: $fate', async (one) => {
    expect(await fateOf(one)).toBe(one.fate);
    expect(origin.arrived).toHaveLength(one.fate === 'judged' ? 1 : 0);
  });
});

it('a hash alone is asked for its text', async () => {
  const body = JSON.stringify({ extensions: ways.hash });
  const answer = await pay({ path: '/shop-api', ip: freshAddress(), body });
  expect(await answer.text()).toContain('PersistedQueryNotFound');
  expect(origin.arrived).toEqual([]);
});

// Vendure has no subscriptions, and takes no WebSocket: that a payment would go through one is not claimed.
describe('a WebSocket, in which a payment would be unseen,', () => {
  it.each(['/shop-api', '/Shop-API', '/shop-api/', '/shop-api?a=b'])('is refused on %s', async (path) => {
    const headers = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-protocol': 'graphql-transport-ws' };
    const answer = await pay({ path, method: 'GET', body: null, headers, ip: freshAddress() });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'unreadable', detail: expect.stringContaining('WebSocket') });
    expect(origin.arrived).toEqual([]);
  });

  it('is let be elsewhere', async () => {
    const answer = await pay({ path: '/chat', method: 'GET', body: null, headers: { upgrade: 'websocket' } });
    expect(answer.status).toBe(200);
  });
});
