/**
 * Keys that are not this merchant's: another's, forged, cut, mixed: refused on every call, and nothing is changed.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { rule } from '../support/merchant.ts';
import { api, everythingStored, newKey, newMerchant } from './backend.ts';
import { CALLS, newTarget, type Target } from './calls.ts';

const KEY = { start: 3, id: 16, secret: 40 } as const;
const SECRET_AT = KEY.start + KEY.id;
const MERCHANT_AT = SECRET_AT + KEY.secret;

let target: Target;
let own: string;
let foreign: string;

beforeAll(async () => {
  const change = { card_testing_guard_config: rule('card_ip', 9) };
  target = await newTarget(await newMerchant(change));
  own = (await newKey(target.merchant)).key;
  foreign = (await newKey(await newMerchant(change))).key;
});

const FORGERIES: readonly (readonly [string, () => string, number])[] = [
  ['another merchant’s', () => foreign, 403],
  ['another merchant’s, with this one’s name', () => foreign.slice(0, MERCHANT_AT) + target.merchant, 401],
  ['this one’s, with another secret', () => own.slice(0, SECRET_AT) + '0'.repeat(40) + target.merchant, 401],
  [
    'this one’s, with another merchant’s secret',
    () => own.slice(0, SECRET_AT) + foreign.slice(SECRET_AT, MERCHANT_AT) + target.merchant,
    401,
  ],
  ['this one’s, with another id', () => `ck_${'0'.repeat(16)}${own.slice(SECRET_AT)}`, 401],
  ['this one’s, with another merchant’s name', () => `${own.slice(0, MERCHANT_AT)}m0`, 403],
  ['this one’s, in capitals', () => own.toUpperCase(), 401],
  ['this one’s, cut', () => own.slice(0, MERCHANT_AT), 401],
  ['this one’s, doubled', () => own + own, 403],
  ['a prefix of the admin key', () => 'admin-key-of-the-test', 401],
];

describe.each(FORGERIES)('a key: %s', (_, make, refused) => {
  it.each(CALLS)('opens nothing at $name', async ({ scopes, call }) => {
    const before = await everythingStored(target.merchant);
    const { status } = await call(target, make());
    // What only the admin may do is forbidden to whatever looks like a merchant's key.
    expect(scopes.length === 0 ? [401, 403] : [refused]).toContain(status);
    expect(await everythingStored(target.merchant)).toBe(before);
    expect((await api('GET', `/merchants/${target.merchant}`)).status).toBe(200);
  });
});

describe('the merchant named twice', () => {
  it('in key and body must be one', async () => {
    const other = await newMerchant();
    const body = { merchant: other, attempt: { ip: '203.0.113.9' } };
    expect((await api('POST', '/evaluations', { key: own, body })).status).toBe(403);
    const put = await api('PUT', `/merchants/${target.merchant}`, { key: own, body: { id: other } });
    expect(put.status).toBe(422);
  });

  it('in key and evaluation must be one, however the id is made up', async () => {
    const other = await newTarget(await newMerchant());
    for (const id of [
      other.evaluation,
      target.evaluation.slice(0, 35) + other.merchant,
      `${target.evaluation}/../${other.evaluation}`,
      encodeURIComponent(`${target.evaluation}\n${other.merchant}`),
    ]) {
      expect([403, 404]).toContain((await api('GET', `/evaluations/${id}`, { key: own })).status);
      const body = { status: 'failed' };
      expect([403, 404]).toContain((await api('POST', `/evaluations/${id}/outcome`, { key: own, body })).status);
    }
    expect(await (await api('GET', `/evaluations/${other.evaluation}`)).json()).toMatchObject({ outcome: null });
  });

  it('a foreign evaluation’s id with the own name is one that does not exist', async () => {
    const other = await newTarget(await newMerchant());
    const id = other.evaluation.slice(0, 35) + target.merchant;
    expect((await api('GET', `/evaluations/${id}`, { key: own })).status).toBe(404);
  });
});

describe('a forged key does not learn which merchants there are', () => {
  const NOBODY = { merchant: 'nobody', evaluation: `ev_${'0'.repeat(32)}nobody`, keyId: 'none' };
  it.each(CALLS.filter(({ scopes }) => scopes.length > 0))('at $name', async ({ call }) => {
    const forged = (merchant: string) => `ck_${'0'.repeat(56)}${merchant}`;
    const [known, unknown] = [await call(target, forged(target.merchant)), await call(NOBODY, forged('nobody'))];
    expect([unknown.status, await unknown.text()]).toEqual([known.status, await known.text()]);
  });
});
