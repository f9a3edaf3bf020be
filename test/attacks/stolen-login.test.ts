/**
 * Somebody has stolen a customer's login, and has a virtual authenticator that says whatever he likes: he enrols a passkey
 * and pays at once, enrols many, or takes the owner's away.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { asAuditLines } from '../support/audit.ts';
import { manage, putAcme, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import {
  answerWith,
  BY_PASSKEY,
  challenged,
  DAYS_MS,
  enrolAs,
  enrolled,
  fromPage,
  listOf,
  requestOf,
} from '../support/passkeys.ts';
import { codeOf, pay } from '../support/shopper.ts';

const VICTIM = 'cus_victim';
let origin: StandInOrigin;

beforeEach(async () => {
  origin = new StandInOrigin();
  // As it is shipped: three days.
  await putAcme({ ...BY_PASSKEY, step_up: { methods: ['passkey'] } });
});
afterEach(async () => {
  await manage('POST', '/merchants/acme/erasures', { customer_id: VICTIM });
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a passkey of a moment ago pays for nothing, though it be signed for a challenge of the owner’s', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const own = await enrolled(VICTIM);
  vi.setSystemTime(Date.now() + 4 * DAYS_MS);
  const stolen = await enrolled(VICTIM);
  const { payment, url } = await challenged(VICTIM);
  const request = await requestOf(url);
  if (request === null) throw new Error('no passkey is asked for');
  expect(request.allowCredentials.map(({ id }) => id)).toEqual([own.id]);
  for (let tries = 0; tries < 4; tries++) {
    const refused = await answerWith(url, await stolen.assertion(request, SHOP));
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'challenge_failed']);
  }
  expect((await pay(payment)).status).toBe(403);
  expect(origin.arrived).toEqual([]);
  expect((await answerWith(url, await own.assertion(request, SHOP))).status).toBe(200);
});

it('a hundred passkeys are five', async () => {
  for (let made = 0; made < 5; made++) await enrolled(VICTIM);
  for (let made = 0; made < 20; made++) {
    expect((await fromPage('POST', '/options', { customer: VICTIM, body: {} })).status).toBe(409);
  }
  expect((await listOf(VICTIM)).length).toBe(5);
});

it('who removes the owner’s has none that is good, and is on record', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  await enrolled(VICTIM);
  vi.setSystemTime(Date.now() + 4 * DAYS_MS);
  const log = vi.spyOn(console, 'log');
  const [{ id = '' } = {}] = await listOf(VICTIM);
  expect((await fromPage('DELETE', `/${id}`, { customer: VICTIM })).status).toBe(204);
  await enrolled(VICTIM);
  expect(asAuditLines(log.mock.calls)).toMatchObject([{ what: 'passkey.remove', before: { id } }]);
  expect(await requestOf((await challenged(VICTIM)).url)).toBeNull();
});

it('nobody enrols without a login, whatever his device says', async () => {
  await expect(enrolAs('')).rejects.toThrow();
  const forged = await fromPage('POST', '/options', { body: {}, headers: { 'x-customer': VICTIM } });
  expect([forged.status, await codeOf(forged)]).toEqual([401, 'not_signed_in']);
});
