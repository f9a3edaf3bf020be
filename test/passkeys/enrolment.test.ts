/**
 * Enrolling passkeys on the shop's host: by a signed-in customer alone, from the shop's own pages, a bounded number, each
 * made here and now with the user verified; listed and removed by their owner.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { attestByU2f } from '../support/attestation.ts';
import { asAuditLines } from '../support/audit.ts';
import { cbor, SoftPasskey, type Tampering } from '../support/authenticator.ts';
import { acme, payRoute, putAcme, SHOP } from '../support/merchant.ts';
import type { StandInOrigin } from '../support/origin.ts';
import {
  BY_PASSKEY,
  enrolAs,
  enrolled,
  fromPage,
  listOf,
  optionsFor,
  passkeyShop,
  someone,
} from '../support/passkeys.ts';
import { problemOf } from '../support/shopper.ts';

let origin: StandInOrigin;

beforeEach(async () => {
  origin = await passkeyShop();
});

describe('a customer', () => {
  it('is asked for a passkey of this shop, with himself verified and nothing of his device’s maker', async () => {
    const customer = someone();
    const { body } = await fromPage('POST', '/options', { customer, body: { label: 'ada@example.com' } }).then(
      async (answer) => ({ body: await answer.json() }),
    );
    expect(body).toMatchObject({
      rp: { id: 'shop.acme.example', name: 'acme' },
      user: { name: 'ada@example.com' },
      attestation: 'none',
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
      excludeCredentials: [],
      pubKeyCredParams: [{ alg: -8 }, { alg: -7 }, { alg: -257 }],
    });
    expect(JSON.stringify(body)).not.toContain(customer);
  });

  it('has what he enrolled, and sees nothing secret of it', async () => {
    const customer = someone();
    const { passkey, answer } = await enrolAs(customer);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const told = await answer.json();
    expect(told).toEqual({
      id: expect.stringMatching(/^pk_[0-9a-f]{24}$/),
      rp_id: 'shop.acme.example',
      created_at: expect.any(String),
      created_by: 'customer',
      usable_from: expect.any(String),
      last_used_at: null,
      suspect: false,
    });
    expect(await listOf(customer)).toMatchObject([{ id: (told as { id: string }).id }]);
    expect((await optionsFor(customer)).excludeCredentials).toMatchObject([{ id: passkey.id }]);
    expect(origin.arrived).toEqual([]);
  });

  it('has as many as the shop allows, and no more by enrolling all at once', async () => {
    await putAcme({ ...BY_PASSKEY, step_up: { methods: ['passkey'], passkey: { max_per_customer: 2 } } });
    const customer = someone();
    const bodies: object[] = [];
    for (let one = 0; one < 5; one++) {
      bodies.push(await (await SoftPasskey.make(await optionsFor(customer))).registration(SHOP));
    }
    const all = await Promise.all(bodies.map((body) => fromPage('POST', '', { customer, body })));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 201, 409, 409, 409]);
    expect(await problemOf(fromPage('POST', '/options', { customer, body: {} }))).toEqual([409, 'passkey_limit']);
    expect((await listOf(customer)).length).toBe(2);
  });

  it('sees, uses and removes none of another’s', async () => {
    const [owner, other] = [someone(), someone()];
    await enrolled(owner);
    const [{ id = '' } = {}] = await listOf(owner);
    expect(await listOf(other)).toEqual([]);
    expect(await problemOf(fromPage('DELETE', `/${id}`, { customer: other }))).toEqual([404, 'not_found']);
    expect((await listOf(owner)).length).toBe(1);
  });

  it('removes his own, which is on record without him', async () => {
    const customer = someone();
    await enrolled(customer);
    const [{ id = '' } = {}] = await listOf(customer);
    const log = vi.spyOn(console, 'log');
    expect((await fromPage('DELETE', `/${id}`, { customer })).status).toBe(204);
    const lines = asAuditLines(log.mock.calls);
    expect(lines).toMatchObject([
      { who: 'customer', what: 'passkey.remove', merchant: 'acme', before: { id, suspect: false } },
    ]);
    expect(JSON.stringify(lines)).not.toContain(customer);
    expect(await listOf(customer)).toEqual([]);
    expect(await problemOf(fromPage('DELETE', `/${id}`, { customer }))).toEqual([404, 'not_found']);
  });
});

describe('is refused', () => {
  it.each<[string, string, Tampering]>([
    ['without user verification', 'not_verified', { isVerified: false }],
    ['without anybody present', 'not_verified', { isPresent: false }],
    ['made on another origin', 'other_origin', { origin: 'https://evil.example' }],
    ['made on another host of the domain', 'other_origin', { origin: 'https://www.acme.example' }],
    ['made in a frame on another site', 'framed', { crossOrigin: true }],
    ['made for another domain', 'not_verified', { relyingParty: 'acme.example' }],
    ['that is an assertion', 'not_verified', { type: 'webauthn.get' }],
    ['for a challenge of its own', 'challenge_not_ours', { challenge: 'B'.repeat(72) }],
    ['under another id than it has', 'not_verified', { id: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['of an unknown format', 'not_verified', { format: 'made-up' }],
  ])('a passkey %s', async (_, detail, tampering) => {
    const customer = someone();
    const { answer } = await enrolAs(customer, {}, tampering);
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'passkey_refused', detail }]);
    expect(await listOf(customer)).toEqual([]);
  });

  it('a passkey with certificates, whose addresses nobody is asked about', async () => {
    const certificate = new Uint8Array(64);
    const attestation = new Map<string, number | Uint8Array | readonly Uint8Array[]>([
      ['alg', -7],
      ['sig', new Uint8Array(64)],
      ['x5c', [certificate]],
    ]);
    for (const format of ['packed', 'tpm', 'android-key', 'apple', 'fido-u2f', 'android-safetynet']) {
      const { answer } = await enrolAs(someone(), {}, { format, attestation });
      expect(await problemOf(answer)).toEqual([422, 'passkey_refused']);
    }
    expect(origin.arrived).toEqual([]);
  });

  it('a passkey that its maker vouches for, though all of it be right', async () => {
    const { answer } = await enrolAs(someone(), {}, { format: 'fido-u2f', attest: attestByU2f });
    expect([answer.status, await answer.json()]).toMatchObject([422, { detail: 'not_verified' }]);
  });

  it('what was posted before: in his own name, or another’s', async () => {
    const [customer, other] = [someone(), someone()];
    const { body } = await enrolAs(customer);
    const again = await fromPage('POST', '', { customer, body });
    expect([again.status, await again.json()]).toMatchObject([422, { detail: 'taken' }]);
    const borrowed = await fromPage('POST', '', { customer: other, body });
    expect([borrowed.status, await borrowed.json()]).toMatchObject([422, { detail: 'challenge_not_ours' }]);
    const [{ id = '' } = {}] = await listOf(customer);
    await fromPage('DELETE', `/${id}`, { customer });
    const back = await fromPage('POST', '', { customer, body });
    expect([back.status, await back.json()]).toMatchObject([422, { detail: 'replayed' }]);
  });

  it('an answer that comes ten minutes later', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const customer = someone();
    const passkey = await SoftPasskey.make(await optionsFor(customer));
    const body = await passkey.registration(SHOP);
    vi.setSystemTime(Date.now() + 600_000);
    const late = await fromPage('POST', '', { customer, body });
    expect([late.status, await late.json()]).toMatchObject([422, { detail: 'challenge_expired' }]);
  });

  it.each([
    ['nothing', '', 400],
    ['no JSON', '{', 400],
    ['a list', '[]', 422],
    ['no passkey', '{"id":"x"}', 422],
    ['too much', JSON.stringify({ id: 'x'.repeat(70_000) }), 413],
    ['a label that is too long', JSON.stringify({ label: 'x'.repeat(65) }), 422],
  ])('a body with %s', async (_, body, status) => {
    expect((await fromPage('POST', '', { customer: someone(), body })).status).toBe(status);
  });
});

describe('nobody is answered', () => {
  const calls = [
    ['POST', '/options'],
    ['POST', ''],
    ['GET', ''],
    ['DELETE', '/pk_0123456789abcdef01234567'],
  ] as const;

  it.each(calls)('who is not signed in: %s %s', async (method, path) => {
    const sent = method === 'POST' ? { body: {} } : {};
    expect(await problemOf(fromPage(method, path, sent))).toEqual([401, 'not_signed_in']);
    const forged = { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJjdXNfMSJ9.' };
    expect(await problemOf(fromPage(method, path, { ...sent, headers: forged }))).toEqual([401, 'not_signed_in']);
  });

  it.each(calls)('from a page of another origin: %s %s', async (method, path) => {
    const customer = someone();
    const sent = method === 'POST' ? { customer, body: {} } : { customer };
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': '' },
      { origin: 'https://blog.acme.example', 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': '' },
      { origin: SHOP, 'sec-fetch-site': 'cross-site' },
    ]) {
      const refused = await fromPage(method, path, { ...sent, headers });
      expect(refused.headers.has('access-control-allow-origin')).toBe(false);
      expect(await problemOf(refused)).toEqual([403, 'forbidden']);
    }
  });

  it('who changes something and names no origin', async () => {
    const headers = { origin: '', 'sec-fetch-site': '' };
    expect((await fromPage('POST', '/options', { customer: someone(), body: {}, headers })).status).toBe(403);
    expect((await fromPage('GET', '', { customer: someone(), headers })).status).toBe(200);
  });

  it('who asks first whether other origins may', async () => {
    const asked = await fromPage('OPTIONS', '', { headers: { origin: 'https://evil.example' } });
    expect([asked.status, asked.headers.has('access-control-allow-origin')]).toEqual([405, false]);
  });

  it.each([
    ['there are no passkeys', {}],
    ['nothing is judged', { ...BY_PASSKEY, mode: 'off' }],
  ])('where %s', async (_, change) => {
    await putAcme(change);
    expect(await problemOf(fromPage('GET', '', { customer: someone() }))).toEqual([404, 'not_found']);
  });

  it('on a host that is nobody’s', async () => {
    const shop = 'https://shop.elsewhere.example';
    expect(await problemOf(fromPage('GET', '', { customer: someone(), shop }))).toEqual([404, 'not_found']);
  });

  it('while the gate does not answer, and nothing is enrolled', async () => {
    const customer = someone();
    const passkey = await SoftPasskey.make(await optionsFor(customer));
    const body = await passkey.registration(SHOP);
    const lost = vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    expect(await problemOf(fromPage('POST', '', { customer, body }))).toEqual([503, 'gate_unavailable']);
    expect(await problemOf(fromPage('GET', '', { customer }))).toEqual([503, 'gate_unavailable']);
    lost.mockRestore();
    expect((await fromPage('POST', '', { customer, body })).status).toBe(201);
  });

  it('who asks too often from one address', async () => {
    const customer = someone();
    const headers = { 'cf-connecting-ip': '10.99.0.1' };
    const answers = await Promise.all(Array.from({ length: 250 }, () => fromPage('GET', '', { customer, headers })));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });
});

it('is open before the method is offered, so that passkeys can grow old; and in shadow', async () => {
  for (const change of [{ step_up: { passkey: {} } }, { ...BY_PASSKEY, mode: 'shadow' }]) {
    await putAcme(change);
    await enrolled(someone());
  }
});

it('takes a device’s word of itself, which browsers may leave in', async () => {
  // Without certificates: a signature by the very key. A wrong one is refused.
  const attestation = new Map<string, number | Uint8Array>([
    ['alg', -7],
    ['sig', cbor(new Uint8Array(64))],
  ]);
  const { answer } = await enrolAs(someone(), {}, { format: 'packed', attestation });
  expect(await problemOf(answer)).toEqual([422, 'passkey_refused']);
});

it('knows a customer by any of the tokens that shoppers’ routes ask for', async () => {
  const other = { header: 'x-customer', claim: 'id', secret_name: 'CORDON_JWT_TESTS' };
  const second = {
    ...payRoute,
    name: 'second',
    match: { methods: ['POST'], path: '/second' },
    customer: { jwt: other },
  };
  await putAcme({ ...BY_PASSKEY, routes: [...acme.routes, second] });
  const { SignJWT } = await import('jose');
  const token = await new SignJWT({ id: 'by_second' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(env.CORDON_JWT_TESTS));
  expect((await fromPage('GET', '', { headers: { 'x-customer': token } })).status).toBe(200);
  expect((await fromPage('GET', '', { headers: { 'x-other': token } })).status).toBe(401);
});
