/**
 * What an evaluation's body may not be: every fault named by its path, and never a value repeated.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { api, attempt, CARD, everythingStored, IP, newMerchant } from './backend.ts';

let merchant: string;
beforeAll(async () => {
  merchant = await newMerchant();
});

async function faults(body: unknown): Promise<{ status: number; text: string; paths: readonly string[] }> {
  const answer = await api('POST', '/evaluations', { body });
  const text = await answer.text();
  const { errors = [] } = JSON.parse(text) as { errors?: { path: string }[] };
  return { status: answer.status, text, paths: errors.map(({ path }) => path).toSorted() };
}

const withAttempt = (change: Record<string, unknown>) => faults({ merchant, attempt: { ...attempt, ...change } });

describe('one fault', () => {
  it.each([
    ['ip', undefined, '/attempt/ip'],
    ['ip', '1.2.3', '/attempt/ip'],
    ['ip', '010.0.0.1', '/attempt/ip'],
    ['ip', 'fe80::1%eth0', '/attempt/ip'],
    ['country', 'nl', '/attempt/country'],
    ['asn', -1, '/attempt/asn'],
    ['asn', 1.5, '/attempt/asn'],
    ['customer_id', '', '/attempt/customer_id'],
    ['customer_id', 'x'.repeat(257), '/attempt/customer_id'],
    ['customer_id', 7, '/attempt/customer_id'],
    ['email', 'x'.repeat(321), '/attempt/email'],
    ['user_agent', 'x'.repeat(2049), '/attempt/user_agent'],
    ['amount', -1, '/attempt/amount'],
    ['amount', 0.5, '/attempt/amount'],
    ['currency', 'eur', '/attempt/currency'],
    ['billing_country', 'Netherlands', '/attempt/billing_country'],
    ['kind', 'refund', '/attempt/kind'],
    ['surprise', 1, '/attempt/surprise'],
    ['constructor', 1, '/attempt/constructor'],
  ])('attempt.%s = %j', async (name, value, path) => {
    expect(await withAttempt({ [name]: value })).toMatchObject({ status: 422, paths: [path] });
  });

  it.each([
    ['no digits', { number: 'abcd' }],
    ['eleven digits', { number: '1'.repeat(11) }],
    ['twenty digits', { number: '1'.repeat(20) }],
    ['two spaces', { number: '4242  4242 4242 4242' }],
    ['dots', { number: '4242.4242.4242.4242' }],
    ['a number', { number: 4242424242424242 }],
    ['full-width digits', { number: '４２４２４２４２４２４２４２４２' }],
    ['a letter O', { number: '424242424242424O' }],
    ['nothing', {}],
    ['null', null],
    ['a list', [CARD]],
    ['only a BIN', { bin: '424242' }],
    ['a short BIN', { fingerprint: 'f', bin: '42424' }],
    ['an empty token', { token: '' }],
  ])('a card that is %s', async (_, card) => {
    const { status, paths } = await withAttempt({ card });
    expect(status).toBe(422);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(path).toMatch(/^\/attempt\/card/);
  });
});

it.each([
  ['top level', { merchant: 'x', attempt, surprise: 1, more: 2 }, ['/more', '/surprise']],
  ['no attempt', { merchant: 'x' }, ['/attempt']],
  ['no merchant', { attempt }, ['/merchant']],
  ['a merchant like no id', { merchant: 'A/B', attempt }, ['/merchant']],
  ['no object', [], ['']],
  ['null', null, ['']],
])('names what is wrong: %s', async (_, body, paths) => {
  expect(await faults(body)).toMatchObject({ status: 422, paths });
});

it('lists every fault of an attempt in one answer', async () => {
  const said = { card: { number: 'x' }, amount: -1, currency: 'eur', country: 'nl', typo: 1 };
  expect((await faults({ merchant, attempt: said, surprise: 1 })).paths).toEqual([
    '/attempt/amount',
    '/attempt/card/number',
    '/attempt/country',
    '/attempt/currency',
    '/attempt/ip',
    '/attempt/typo',
    '/surprise',
  ]);
});

it('says that the address is missing also where another field has the wrong type', async () => {
  expect((await faults({ merchant, attempt: { amount: 'ten' } })).paths).toEqual(['/attempt/amount', '/attempt/ip']);
});

it('names an unknown field within a card', async () => {
  expect((await withAttempt({ card: { number: CARD, cvc: '123' } })).paths).toContain('/attempt/card/cvc');
});

it('takes __proto__ for the unknown field that it is', async () => {
  const text = `{"merchant":"${merchant}","attempt":{"ip":"${IP}","__proto__":{"kind":"renewal"}}}`;
  expect(await faults(text)).toMatchObject({ status: 422, paths: ['/attempt/__proto__'] });
});

describe('never repeats a card number', () => {
  it.each([
    ['as a faulty number', { card: { number: `${CARD}x` } }],
    ['as a number that is no text', { card: { number: Number(CARD) } }],
    ['beside a card', { card: { number: CARD, note: CARD } }],
    ['as a kind', { kind: CARD }],
    ['as a currency', { currency: CARD }],
    ['as an address', { ip: CARD }],
    ['as an amount', { amount: `-${CARD}` }],
    ['as the value of an unknown field', { surprise: CARD }],
    ['as the name of an unknown field', { [CARD]: 1 }],
    ['as a spaced name of an unknown field', { '4242 4242 4242 4242': 1 }],
  ])('%s', async (_, change) => {
    const { status, text } = await withAttempt(change);
    expect(status).toBe(422);
    expect(text.replaceAll(/\D/g, '')).not.toContain(CARD);
  });
});

it.each([
  ['no JSON', '{', 400],
  ['nothing', '', 400],
  ['names twice', `{"merchant":"m","merchant":"m","attempt":{}}`, 400],
  ['names twice within', `{"merchant":"m","attempt":{"ip":"1.1.1.1","ip":"2.2.2.2"}}`, 400],
  ['names twice, once escaped', `{"merchant":"m","m\\u0065rchant":"n","attempt":{}}`, 400],
  ['a number that readers differ on', `{"merchant":"m","attempt":{"amount":9007199254740993}}`, 400],
  ['a lone surrogate', `{"merchant":"m","attempt":{"customer_id":"\\ud800"}}`, 400],
  ['too deep', `{"merchant":${'['.repeat(100)}${']'.repeat(100)}}`, 400],
  ['more than a megabyte', `"${'x'.repeat(1_048_577)}"`, 413],
])('refuses a body of %s', async (_, body, status) => {
  expect(await faults(body)).toMatchObject({ status, paths: [] });
});

it('puts none of it on record', async () => {
  expect(await everythingStored(merchant)).not.toContain('"ev_');
});
