/**
 * Passkeys through the API: enrolled in a customer's name by his shop's backend, listed, removed, forgotten with him; and
 * what customers did themselves is the same.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { asAuditLines } from '../support/audit.ts';
import { type CreationOptions, SoftPasskey } from '../support/authenticator.ts';
import { manage, putAcme, SHOP } from '../support/merchant.ts';
import { answerWith, BY_PASSKEY, challenged, enrolled, listOf, passkeyShop, requestOf } from '../support/passkeys.ts';
import { CARD, problemOf } from '../support/shopper.ts';

const HOST = 'shop.acme.example';
let customers = 0;
const someone = () => `backend/cus ${customers++}`;
const at = (customer: string, more = '') => `/merchants/acme/customers/${encodeURIComponent(customer)}/passkeys${more}`;
beforeEach(passkeyShop);

async function make(customer: string): Promise<SoftPasskey> {
  const options = (await (await manage('POST', at(customer, '/options'), { host: HOST })).json()) as CreationOptions;
  return SoftPasskey.make(options);
}

it('a backend enrols a passkey in a customer’s name, who pays with it', async () => {
  const customer = someone();
  const passkey = await make(customer);
  const log = vi.spyOn(console, 'log');
  const body = { host: HOST, response: await passkey.registration(SHOP) };
  const answer = await manage('POST', at(customer), body);
  expect([answer.status, await answer.json()]).toMatchObject([201, { created_by: 'admin', suspect: false }]);
  const lines = asAuditLines(log.mock.calls);
  expect(lines).toMatchObject([{ who: 'admin', what: 'passkey.enrol', after: { rp_id: HOST } }]);
  expect(JSON.stringify(lines)).not.toContain('backend');
  const { url } = await challenged(customer);
  const request = await requestOf(url);
  if (request === null) throw new Error('no passkey is asked for');
  expect((await answerWith(url, await passkey.assertion(request, SHOP))).status).toBe(200);
});

it('a payment that a backend asks about is challenged on the shop’s own host, and goes on with the pass', async () => {
  const customer = someone();
  const passkey = await enrolled(customer);
  const attempt = { ip: '198.51.100.7', country: 'NL', asn: 16509, customer_id: customer, card: { number: CARD } };
  const asked = await manage('POST', '/evaluations', { merchant: 'acme', attempt });
  const { decision, challenge } = (await asked.json()) as { decision: string; challenge: { url: string } };
  expect([decision, new URL(challenge.url).origin]).toEqual(['challenge', SHOP]);
  const request = await requestOf(challenge.url);
  if (request === null) throw new Error('no passkey is asked for');
  const given = await answerWith(challenge.url, await passkey.assertion(request, SHOP));
  const { pass } = (await given.json()) as { pass: string };
  const again = await manage('POST', '/evaluations', { merchant: 'acme', attempt, pass });
  expect(await again.json()).toMatchObject({ decision: 'allow' });
});

it('sees and removes what the customer enrolled himself, which is on record', async () => {
  const customer = someone();
  await enrolled(customer);
  const { passkeys } = (await (await manage('GET', at(customer))).json()) as { passkeys: { id: string }[] };
  expect(passkeys).toEqual(await listOf(customer));
  const [{ id } = { id: '' }] = passkeys;
  const log = vi.spyOn(console, 'log');
  expect((await manage('DELETE', at(customer, `/${id}`))).status).toBe(204);
  expect(asAuditLines(log.mock.calls)).toMatchObject([{ who: 'admin', what: 'passkey.remove', before: { id } }]);
  expect(await listOf(customer)).toEqual([]);
  expect(await problemOf(manage('DELETE', at(customer, `/${id}`)))).toEqual([404, 'not_found']);
});

describe('is refused', () => {
  it.each([
    ['a host of nobody’s', { host: 'shop.elsewhere.example' }],
    ['no host', {}],
    ['a label that is too long', { host: HOST, label: 'x'.repeat(65) }],
    ['a field of its own', { host: HOST, more: 1 }],
  ])('%s', async (_, body) => {
    expect(await problemOf(manage('POST', at(someone(), '/options'), body))).toEqual([422, 'invalid_attempt']);
  });

  it('what was made for another customer, or by him on his own page', async () => {
    const [customer, other] = [someone(), someone()];
    const response = await (await make(customer)).registration(SHOP);
    expect(await problemOf(manage('POST', at(other), { host: HOST, response }))).toEqual([422, 'passkey_refused']);
    const elsewhere = await (await make(customer)).registration('https://evil.example');
    expect(await problemOf(manage('POST', at(customer), { host: HOST, response: elsewhere }))).toEqual([
      422,
      'passkey_refused',
    ]);
  });

  it('a key that may only ask about payments', async () => {
    for (const scope of ['evaluate', 'report']) {
      const made = await manage('POST', '/merchants/acme/keys', { scopes: [scope] });
      const { key } = (await made.json()) as { key: string };
      const { exports } = await import('cloudflare:workers');
      const headers = { authorization: `Bearer ${key}` };
      const answer = exports.default.fetch(`https://localhost/.cordon/v1${at(someone())}`, { headers });
      expect(await problemOf(answer)).toEqual([403, 'forbidden']);
    }
  });

  it('everything while the gate does not answer: what was removed nobody knows, which is on record', async () => {
    const customer = someone();
    await enrolled(customer);
    const [{ id = '' } = {}] = await listOf(customer);
    const log = vi.spyOn(console, 'log');
    const lost = vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    expect(await problemOf(manage('DELETE', at(customer, `/${id}`)))).toEqual([503, 'gate_unavailable']);
    expect(await problemOf(manage('GET', at(customer)))).toEqual([503, 'gate_unavailable']);
    expect(await problemOf(manage('POST', '/merchants/acme/erasures', { customer_id: customer }))).toEqual([
      503,
      'gate_unavailable',
    ]);
    lost.mockRestore();
    expect(asAuditLines(log.mock.calls)).toMatchObject([{ what: 'passkey.remove', after: 'unknown' }]);
    expect((await listOf(customer)).length).toBe(1);
  });
});

it('a customer who is erased has none any more, and others keep theirs', async () => {
  const [customer, other] = [someone(), someone()];
  await enrolled(customer);
  await enrolled(customer);
  await enrolled(other);
  const erased = await manage('POST', '/merchants/acme/erasures', { customer_id: customer });
  expect(await erased.json()).toMatchObject({ passkeys: 2 });
  expect(await listOf(customer)).toEqual([]);
  expect((await listOf(other)).length).toBe(1);
  const again = await manage('POST', '/merchants/acme/erasures', { customer_id: customer });
  expect(await again.json()).toMatchObject({ passkeys: 0 });
  const byAddress = await manage('POST', '/merchants/acme/erasures', { ip: '203.0.113.9' });
  expect(await byAddress.json()).toMatchObject({ passkeys: 0 });
});

it('a merchant who is deleted and comes back has none of before', async () => {
  const customer = someone();
  await enrolled(customer);
  expect((await manage('DELETE', '/merchants/acme')).status).toBeLessThan(300);
  await putAcme(BY_PASSKEY);
  expect(await listOf(customer)).toEqual([]);
});
