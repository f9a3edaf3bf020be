/**
 * Speak as Cordon: send the headers by which the origin knows it, hoping that they reach the origin as they are.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coverageOf } from '../support/cordon-signature.ts';
import { putAcme, SHOP } from '../support/merchant.ts';
import { type Arrived, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

let origin: StandInOrigin;

beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme();
});
afterEach(() => vi.unstubAllGlobals());

const FORGED = {
  'cordon-evaluation': 'ev_forged',
  'cordon-decision': 'forged',
  'cordon-risk-score': '-1',
  'cordon-body': 'streamed',
  'cordon-request-3ds': 'false',
  Cordon_Decision: 'forged',
  'cordon-anything': 'forged',
  'x-forwarded-for': '10.9.9.9',
  'x-forwarded-host': 'forged.example',
  'x-forwarded-proto': 'http',
  'content-digest': 'sha-256=:Zm9yZ2Vk:',
};
const INPUT = '("@method");created=1;keyid="forged";tag="cordon"';
const SIGNATURE = `:${btoa('f'.repeat(64))}:`;

const last = () => origin.arrived.at(-1) as Arrived;
const text = () => JSON.stringify([...last().headers]);

describe.each([
  ['on a protected route', '/api/pay', 'POST'],
  ['on a page', '/catalogue', 'GET'],
])('%s', (_, path, method) => {
  const send = (headers: Record<string, string>) =>
    pay({ path, method, headers, ...(method === 'GET' ? { body: null } : {}) });

  it('what a client says in Cordon’s name is gone, and what Cordon says is signed', async () => {
    await send(FORGED);
    expect(text()).not.toMatch(/forged|10\.9\.9\.9|Zm9yZ2Vk|"-1"/);
    expect(await coverageOf(last(), SHOP)).not.toBeNull();
    for (const [name] of last().headers) {
      if (name.startsWith('cordon-')) expect(await coverageOf(last(), SHOP)).toContain(name);
    }
  });

  it.each<[string, Record<string, string>]>([
    ['under Cordon’s label', { 'signature-input': `cordon=${INPUT}`, signature: `cordon=${SIGNATURE}` }],
    [
      'under Cordon’s label, behind another',
      { 'signature-input': `a=${INPUT}, cordon=${INPUT}`, signature: `a=${SIGNATURE}, cordon=${SIGNATURE}` },
    ],
    [
      'as text within a signature',
      { 'signature-input': `a=();x="cordon=${INPUT.replaceAll('"', '')}"`, signature: 'cordon=:AA==:' },
    ],
    ['that would swallow Cordon’s', { 'signature-input': 'a=("', signature: 'a=:' }],
  ])('a signature %s does not reach the origin', async (_, fields) => {
    await send(fields);
    expect(last().headers.get('signature-input')).toMatch(/^cordon=\([^)]*\);[^,]*$/);
    expect(text()).not.toContain('forged');
    expect(await coverageOf(last(), SHOP)).not.toBeNull();
  });

  it('a signature under another label, with Cordon’s tag, comes behind Cordon’s and is nobody’s', async () => {
    await send({ 'signature-input': `a=${INPUT}`, signature: `a=${SIGNATURE}` });
    expect(last().headers.get('signature-input')).toMatch(/^cordon=\(.*, a=\("@method"\)/);
    expect(await coverageOf({ ...last(), headers: withoutFirst(last().headers) }, SHOP)).toBeNull();
  });
});

function withoutFirst(headers: Headers): Headers {
  const changed = new Headers(headers);
  for (const name of ['signature', 'signature-input'])
    changed.set(name, (headers.get(name) ?? '').replace(/^.*?, a=/, 'a='));
  return changed;
}
