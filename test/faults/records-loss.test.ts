/**
 * The record is absent, down or slow: whoever wants to read it is told so, and nothing else notices.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer } from '../../src/app.ts';
import type { RawEnvironment } from '../../src/config/environment.ts';
import { recordsOf } from '../../src/records/records.ts';
import { newMerchant } from '../api/backend.ts';
import { plain } from '../api/record-shelf.ts';
import { putAcme, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';

const failing = {
  prepare: () => failing,
  bind: () => failing,
  batch: () => Promise.reject(new Error('D1_ERROR: gone')),
};
const silent = { prepare: () => silent, bind: () => silent, batch: () => new Promise(() => {}) };
const context = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;

function without(RECORDS: unknown): RawEnvironment {
  return { ...(env as unknown as RawEnvironment), RECORDS } as RawEnvironment;
}

const headers = { authorization: `Bearer ${env.CORDON_ADMIN_KEY}` };
const read = (raw: RawEnvironment, path: string) =>
  answer(new Request(`https://localhost/.cordon/v1/${path}`, { headers }), raw, context);

beforeEach(async () => {
  new StandInOrigin();
  await putAcme();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const calls = ['decisions', 'decisions?format=csv', 'decisions?format=ndjson', 'decisions/ID', 'stats'];

describe.each([
  ['absent', undefined, 'records_off'],
  ['down', failing, 'storage_unavailable'],
])('a record that is %s', (_, records, code) => {
  it.each(calls)('answers 503 with a code of its own: %s', async (path) => {
    const merchant = await newMerchant();
    const answered = await read(without(records), `merchants/${merchant}/${path.replace('ID', plain(merchant, 0).id)}`);
    expect([answered.status, ((await answered.json()) as { code: string }).code]).toEqual([503, code]);
  });

  it('keeps no payment from going through', async () => {
    const paid = await answer(
      new Request(`${SHOP}/api/pay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cf-connecting-ip': '203.0.113.30' },
        body: JSON.stringify({ card: { number: '4242424242424242' } }),
        cf: { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3' },
      } as RequestInit),
      without(records),
      context,
    );
    expect(paid.status).toBe(200);
    expect(paid.headers.get('cordon-evaluation')).toMatch(/^ev_/);
  });

  it('keeps nobody from asking the gate', async () => {
    const merchant = await newMerchant();
    const body = JSON.stringify({ merchant, attempt: { ip: '203.0.113.9' } });
    const raw = without(records);
    const asked = new Request('https://localhost/.cordon/v1/evaluations', { method: 'POST', headers, body });
    const { id } = (await (await answer(asked, raw, context)).json()) as { id: string };
    expect((await read(raw, `evaluations/${id}`)).status).toBe(200);
    expect((await read(raw, `evaluations/${plain(merchant, 0).id}`)).status).toBe(records === undefined ? 404 : 503);
  });
});

it('a record that is silent is given up after ten seconds', async () => {
  vi.useFakeTimers();
  const asked = recordsOf(silent as unknown as D1Database)((query) => query([]));
  await vi.advanceTimersByTimeAsync(9_900);
  await expect(Promise.race([asked, Promise.resolve('waiting')])).resolves.toBe('waiting');
  await vi.advanceTimersByTimeAsync(200);
  await expect(asked).resolves.toEqual({ kind: 'unavailable' });
});

it('a record that comes back answers again', async () => {
  const ask = recordsOf(env.RECORDS);
  const once = await ask(() => Promise.reject(new Error('D1_ERROR: once')));
  const again = await ask((query) => query([{ sql: 'SELECT 1 AS one', binds: [] }]));
  expect([once, again]).toEqual([{ kind: 'unavailable' }, { kind: 'answered', value: [[{ one: 1 }]] }]);
});
