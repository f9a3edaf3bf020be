/**
 * A payment that is challenged for a passkey: it goes through for whoever enrolled one some days before, and for nobody else.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertBell } from '../../src/alerts/bell.ts';
import type { Algorithm, Tampering } from '../support/authenticator.ts';
import { call } from '../support/challenges.ts';
import { manage, putAcme, rule, SHOP } from '../support/merchant.ts';
import type { StandInOrigin } from '../support/origin.ts';
import {
  answerWith,
  BY_PASSKEY,
  challenged,
  DAYS_MS,
  enrolled,
  listOf,
  passkeyShop,
  requestOf,
  risky,
  someone,
} from '../support/passkeys.ts';
import { pay, problemOf } from '../support/shopper.ts';

let origin: StandInOrigin;

beforeEach(async () => {
  origin = await passkeyShop();
});
const failed = [403, 'challenge_failed'];

async function asked(customer: string) {
  const { payment, url } = await challenged(customer);
  const request = await requestOf(url);
  if (request === null) throw new Error('no passkey is asked for');
  return { payment, url, request };
}

async function logged(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const log = vi.spyOn(console, 'log');
  const error = vi.spyOn(console, 'error');
  await work();
  return [...log.mock.calls, ...error.mock.calls].map(([line]) => JSON.parse(String(line)));
}

it.each<Algorithm>(['ES256', 'RS256', 'EdDSA'])('goes through with one of %s', async (algorithm) => {
  await putAcme({ ...BY_PASSKEY, card_testing_guard_config: rule('card_ip', 9) });
  const customer = someone();
  const passkey = await enrolled(customer, { algorithm, counter: 7 });
  const { payment, url, request } = await asked(customer);
  expect(request).toMatchObject({
    rpId: 'shop.acme.example',
    userVerification: 'required',
    allowCredentials: [{ id: passkey.id, type: 'public-key', transports: ['internal', 'hybrid'] }],
  });
  const given = await answerWith(url, await passkey.assertion(request, SHOP));
  expect(given.status).toBe(200);
  const { pass } = (await given.json()) as { pass: string };
  const paid = await pay({ ...payment, headers: { 'cordon-pass': pass } });
  expect(paid.status).toBe(200);
  expect(origin.arrived.length).toBe(1);
  const told = await manage('GET', `/evaluations/${paid.headers.get('cordon-evaluation')}`);
  expect(await told.json()).toMatchObject({
    decision: 'allow',
    reasons: [{ message: expect.stringContaining('passed: passkey') }],
  });
  expect(await listOf(customer)).toMatchObject([{ suspect: false, last_used_at: expect.any(String) }]);
});

it('goes through again and again, with one that keeps no counter', async () => {
  const customer = someone();
  const passkey = await enrolled(customer);
  for (let time = 0; time < 3; time++) {
    const { url, request } = await asked(customer);
    expect((await answerWith(url, await passkey.assertion(request, SHOP))).status).toBe(200);
  }
});

describe('is not asked for a passkey', () => {
  it('that is too young, to the millisecond', async () => {
    await putAcme({ ...BY_PASSKEY, step_up: { methods: ['passkey'] } });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const customer = someone();
    const passkey = await enrolled(customer);
    const [{ usable_from: from = '' } = {}] = await listOf(customer);
    vi.setSystemTime(Date.parse(from) - 1);
    const early = await challenged(customer);
    expect(await requestOf(early.url)).toBeNull();
    vi.setSystemTime(Date.parse(from));
    const { url, request } = await asked(customer);
    expect((await answerWith(url, await passkey.assertion(request, SHOP))).status).toBe(200);
  });

  it('by default for three days', async () => {
    await putAcme({ ...BY_PASSKEY, step_up: { methods: ['passkey'] } });
    const customer = someone();
    await enrolled(customer);
    const [{ created_at: created = '', usable_from: from = '' } = {}] = await listOf(customer);
    expect(Date.parse(from) - Date.parse(created)).toBe(3 * DAYS_MS);
  });

  it('of somebody else', async () => {
    await enrolled(someone());
    expect(await requestOf((await challenged(someone())).url)).toBeNull();
  });

  it('as a guest: nothing fits, so the fallback applies', async () => {
    const { customer: _, ...guest } = risky(someone());
    expect(await problemOf(pay(guest))).toEqual([403, 'payment_refused']);
  });

  it('where there is none, which is nobody’s fault; and where the gate is away, which the log says', async () => {
    const { url } = await challenged(someone());
    const lines = await logged(async () => expect(await problemOf(call(url))).toEqual([503, 'challenge_unavailable']));
    expect(lines.filter(({ event }) => event === 'step_up_unavailable')).toEqual([]);
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    const more = await logged(async () => expect(await problemOf(call(url))).toEqual([503, 'challenge_unavailable']));
    expect(more.find(({ event }) => event === 'step_up_unavailable')).toMatchObject({ method: 'passkey' });
  });

  it('where there is none, and the fallback is to let it go on for review', async () => {
    await putAcme({ ...BY_PASSKEY, step_up: { ...BY_PASSKEY.step_up, fallback: 'review' } });
    const { payment, url } = await challenged(someone());
    const { pass = '' } = (await (await call(url)).json()) as { pass?: string };
    expect((await pay({ ...payment, headers: { 'cordon-pass': pass } })).status).toBe(200);
  });

  it('where there is none, and is asked for the next method instead', async () => {
    await putAcme({ ...BY_PASSKEY, step_up: { ...BY_PASSKEY.step_up, methods: ['passkey', 'proof_of_work'] } });
    const { url } = await challenged(someone());
    const told = await (await call(url)).json();
    expect(told).toMatchObject({ methods: [{ name: 'proof_of_work' }] });
  });
});

describe('is refused with', () => {
  it.each<[string, string, Tampering]>([
    ['no user verification', 'not_verified', { isVerified: false }],
    ['nobody present', 'not_verified', { isPresent: false }],
    ['another origin', 'other_origin', { origin: 'https://shop.acme.example.evil.example' }],
    ['another host of the same domain', 'other_origin', { origin: 'https://blog.acme.example' }],
    ['the same host over http', 'other_origin', { origin: 'http://shop.acme.example' }],
    ['another port', 'other_origin', { origin: 'https://shop.acme.example:8443' }],
    ['a page that another site framed', 'framed', { crossOrigin: true }],
    ['a page below another site', 'framed', { topOrigin: 'https://evil.example' }],
    ['another relying party', 'not_verified', { relyingParty: 'acme.example' }],
    ['the answer to an enrolment', 'not_verified', { type: 'webauthn.create' }],
    ['a challenge of its own', 'challenge_not_ours', { challenge: 'A'.repeat(72) }],
    ['a short challenge', 'challenge_not_ours', { challenge: 'AAAA' }],
    ['somebody else’s user handle', 'not_verified', { userHandle: 'c29tZWJvZHk' }],
    ['a credential that is not his', 'unknown_passkey', { id: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ])('%s', async (_, because, tampering) => {
    const customer = someone();
    const passkey = await enrolled(customer, { counter: 5 });
    const { url, request } = await asked(customer);
    const lines = await logged(async () => {
      const refused = await answerWith(url, await passkey.assertion(request, SHOP, tampering));
      expect(await problemOf(refused)).toEqual(failed);
    });
    expect(lines.find(({ event }) => event === 'challenge')).toMatchObject({ method: 'passkey', because });
    expect((await answerWith(url, await passkey.assertion(request, SHOP))).status).toBe(200);
    expect(await listOf(customer)).toMatchObject([{ suspect: false }]);
  });

  it('another key', async () => {
    const customer = someone();
    const passkey = await enrolled(customer);
    const other = await enrolled(someone());
    const { url, request } = await asked(customer);
    const forged = await passkey.assertion(request, SHOP, { signer: other.keys.privateKey });
    expect(await problemOf(answerWith(url, forged))).toEqual(failed);
  });

  it('another customer’s passkey, whatever it signs', async () => {
    const [victim, thief] = [someone(), someone()];
    const passkey = await enrolled(thief);
    await enrolled(victim);
    const { url, request } = await asked(victim);
    expect(await problemOf(answerWith(url, await passkey.assertion(request, SHOP)))).toEqual(failed);
    const { url: own, request: ownRequest } = await asked(thief);
    expect(await problemOf(answerWith(url, await passkey.assertion(ownRequest, SHOP)))).toEqual(failed);
    expect((await answerWith(own, await passkey.assertion(ownRequest, SHOP))).status).toBe(200);
  });

  it('an assertion for another challenge of the same customer', async () => {
    const customer = someone();
    const passkey = await enrolled(customer);
    const [one, other] = [await asked(customer), await asked(customer)];
    const signed = await passkey.assertion(one.request, SHOP);
    expect(await problemOf(answerWith(other.url, signed))).toEqual(failed);
    expect((await answerWith(one.url, signed)).status).toBe(200);
  });

  it('an assertion that was used: counter or none', async () => {
    for (const counter of [0, 3]) {
      const customer = someone();
      const passkey = await enrolled(customer, { counter });
      const { url, request } = await asked(customer);
      const signed = await passkey.assertion(request, SHOP);
      expect((await answerWith(url, signed)).status).toBe(200);
      const lines = await logged(async () => expect(await problemOf(answerWith(url, signed))).toEqual(failed));
      expect(lines.find(({ event }) => event === 'challenge')).toMatchObject({ because: 'replayed' });
      expect(await listOf(customer)).toMatchObject([{ suspect: false }]);
    }
  });

  it.each([
    ['that is no assertion', () => 'x'],
    ['that is empty', () => ({})],
    ['with a key type of its own', (it: object) => ({ ...it, type: 'password' })],
    ['with an id written in another way', (it: object) => ({ ...it, rawId: 'AAAA' })],
  ])('an answer %s', async (_, change) => {
    const customer = someone();
    const passkey = await enrolled(customer);
    const { url, request } = await asked(customer);
    expect(await problemOf(answerWith(url, change(await passkey.assertion(request, SHOP))))).toEqual(failed);
  });
});

describe('a counter that does not grow', () => {
  it.each([
    ['stands still', 9],
    ['falls', 4],
    ['falls to none', 0],
  ])('and %s makes the passkey suspect: it proves nothing from then on, and the log says so', async (_, counter) => {
    const customer = someone();
    const passkey = await enrolled(customer, { counter: 8 });
    const first = await asked(customer);
    expect((await answerWith(first.url, await passkey.assertion(first.request, SHOP))).status).toBe(200);
    const { url, request } = await asked(customer);
    const lines = await logged(async () => {
      expect(await problemOf(answerWith(url, await passkey.assertion(request, SHOP, { counter })))).toEqual(failed);
    });
    expect(lines.find(({ event }) => event === 'passkey_cloned')).toMatchObject({ merchant: 'acme' });
    expect(await listOf(customer)).toMatchObject([{ suspect: true }]);
    const honest = await passkey.assertion(request, SHOP, { counter: 99 });
    expect(await problemOf(answerWith(url, honest))).toEqual(failed);
    expect(await requestOf((await challenged(customer)).url)).toBeNull();
  });

  it('alerts whoever is to be alerted', async () => {
    const alerts = { url: 'http://127.0.0.1:9/', secret_name: 'CORDON_ALERT_TESTS' };
    const notice = vi.spyOn(AlertBell.prototype, 'notice');
    const customer = someone();
    for (const change of [{}, { alerts }]) {
      await putAcme({ ...BY_PASSKEY, ...change });
      const passkey = await enrolled(customer, { counter: 8 });
      const { url, request } = await asked(customer);
      await answerWith(url, await passkey.assertion(request, SHOP, { counter: 8 }));
    }
    expect(notice.mock.calls).toEqual([
      ['acme', { kind: 'passkey_cloned', evaluation: expect.stringMatching(/^ev_/) }],
    ]);
  });

  it('says nothing where nobody signed: a stranger makes no passkey suspect', async () => {
    const customer = someone();
    const passkey = await enrolled(customer, { counter: 8 });
    const other = await enrolled(someone());
    const { url, request } = await asked(customer);
    const forged = await passkey.assertion(request, SHOP, { counter: 1, signer: other.keys.privateKey });
    expect(await problemOf(answerWith(url, forged))).toEqual(failed);
    expect(await listOf(customer)).toMatchObject([{ suspect: false }]);
  });
});
