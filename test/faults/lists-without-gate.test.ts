/**
 * The gate is away from a merchant who uses lists: nobody knows who is denied, and what that means is his policy's word.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { decided, newMerchant } from '../api/backend.ts';
import { clearLists, itemsOf, listed, put } from '../support/lists.ts';
import { putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme();
  await clearLists('acme');
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function takeAway(...methods: readonly ('admitText' | 'evaluateText' | 'putListItems' | 'listItems')[]): void {
  for (const method of methods) {
    vi.spyOn(Gate.prototype, method).mockImplementation((): never => {
      throw new Error('the gate is away');
    });
  }
}

describe.each([
  ['block', 403],
  ['allow', 200],
  ['review', 200],
] as const)('on_gate_unavailable: %s', (policy, status) => {
  it('answers for an attempt that touches no counter, once lists are in use', async () => {
    await putAcme({ on_gate_unavailable: policy });
    takeAway('admitText');
    expect((await pay()).status).toBe(200);
    vi.restoreAllMocks();
    await listed('acme', 'deny', { type: 'ip', value: '198.51.100.1' });
    expect((await pay()).status).toBe(200);
    takeAway('admitText');
    expect((await pay()).status).toBe(status);
  });

  it('answers in the API, too', async () => {
    const merchant = await newMerchant({ on_gate_unavailable: policy });
    await listed(merchant, 'deny', { type: 'ip', value: '198.51.100.1' });
    takeAway('evaluateText');
    expect(await decided(merchant)).toEqual([policy, 'gate_unavailable']);
  });
});

it('an item of the allow list lets nobody in that nobody can look up', async () => {
  await putAcme({ on_gate_unavailable: 'allow', network: { deny_countries: ['KP'] } });
  await listed('acme', 'allow', { type: 'ip', value: '203.0.113.9' });
  const cf = { country: 'KP', asn: 1, tlsVersion: 'TLSv1.3' };
  await pay();
  expect((await pay({ cf })).status).toBe(200);
  takeAway('admitText');
  expect((await pay({ cf })).status).toBe(403);
});

it('a fresh isolate learns of lists from KV', async () => {
  await listed('acme', 'deny', { type: 'ip', value: '198.51.100.1' });
  expect(JSON.parse((await env.MERCHANTS.get('lists:acme')) ?? 'null')).toMatchObject({ deny: ['ip'], allow: [] });
});

it('what could not be put is said, and on record as not known', async () => {
  takeAway('putListItems');
  const answer = await put('acme', 'deny', { type: 'ip', value: '203.0.113.9' });
  expect(answer.status).toBe(503);
  vi.restoreAllMocks();
  expect((await itemsOf('acme', 'deny')).items).toEqual([]);
});

it('a gate of the release before, which says nothing of lists, is no gate', async () => {
  await listed('acme', 'deny', { type: 'ip', value: '198.51.100.1' });
  await pay();
  const admit = Gate.prototype.admit;
  vi.spyOn(Gate.prototype, 'admit').mockImplementation(function (this: Gate, request) {
    const { lists: _, ...earlier } = request;
    return admit.call(this, earlier);
  });
  const before = origin.arrived.length;
  expect((await pay()).status).toBe(403);
  expect(origin.arrived.length).toBe(before);
});
