/**
 * Pay without ever opening the shop: without a session, with one that was made up, or with somebody else's.
 */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { SESSION_COOKIE } from '../../src/attempt/session-cookie.ts';
import { manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay, type Try } from '../support/shopper.ts';
import { cookieFor, cookieOf, open, page } from '../support/visit.ts';

const MAX_AGE_MS = 86_400_000;
const enforced = { session: { mode: 'enforce' } };

let origin: StandInOrigin;
let log: MockInstance<typeof console.log>;
beforeEach(() => {
  origin = new StandInOrigin();
  log = vi.spyOn(console, 'log');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What was decided last, and why. */
function decided(): readonly unknown[] {
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
  const last = lines.findLast(({ event }) => event === 'decision');
  return [last?.decision, last?.reasons];
}

async function payWith(cookie: string, attempt: Try = {}): Promise<readonly unknown[]> {
  const { status } = await pay({ ...attempt, ...(cookie === '' ? {} : { headers: { cookie } }) });
  return [status, ...decided()];
}

const refused = [403, 'block', ['no_session/enforce']];
const allowed = [200, 'allow', []];

it('a visitor who looked around pays', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2090, 0, 1) });
  await putAcme(enforced);
  origin.answer(page);
  const cookie = cookieOf(await open()) ?? '';
  origin.answer(answers.succeed);
  expect(await payWith(cookie)).toEqual(refused);
  vi.setSystemTime(Date.now() + 1_999);
  expect(await payWith(cookie)).toEqual(refused);
  vi.setSystemTime(Date.now() + 1);
  expect(await payWith(`a=1; ${cookie}; b=2`)).toEqual(allowed);
});

describe('whoever comes', () => {
  const ours = `${SESSION_COOKIE}=`;
  it.each<readonly [string, () => string | Promise<string>]>([
    ['without any cookie', () => ''],
    ['with other cookies', () => 'a=1; cordon-session=x'],
    ['with an empty one', () => ours],
    ['with one that was made up', () => `${ours}v1.${'A'.repeat(80)}`],
    ['with one of another merchant', () => cookieFor('rival')],
    ['with one from the future', () => cookieFor('acme', { bornAt: Date.now() + 60_000 })],
    ['with one that is over', () => cookieFor('acme', { bornAt: Date.now() - MAX_AGE_MS - 1 })],
    ['with one of an old visit, over', () => cookieFor('acme', { bornAt: 0, issuedAt: Date.now() - MAX_AGE_MS - 1 })],
    ['with one just made', () => cookieFor('acme', { bornAt: Date.now() })],
    ['with two', async () => `${await cookieFor('acme')}; ${await cookieFor('acme')}`],
    ['with one tossed in front of his own', async () => `${ours}x; ${await cookieFor('acme')}`],
    ['with his own in capitals', async () => (await cookieFor('acme')).replace('__Host', '__HOST')],
    ['with his own in quotes', async () => (await cookieFor('acme')).replace(/=(.*)/, '="$1"')],
  ])('%s is refused, and the origin hears nothing', async (_, cookie) => {
    await putAcme(enforced);
    expect(await payWith(await cookie())).toEqual(refused);
    expect(origin.arrived).toEqual([]);
  });

  // One bit of each part: identity, birth, issue, MAC.
  it.each([0, 15, 16, 21, 22, 27, 28, 59])('with byte %i altered is refused', async (at) => {
    await putAcme(enforced);
    const [name, value = ''] = (await cookieFor('acme')).split('=v1.');
    const bytes = Uint8Array.fromBase64(value, { alphabet: 'base64url' });
    for (const bit of [1, 128]) {
      const altered = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ bit : byte));
      expect(await payWith(`${name}=v1.${altered.toBase64({ alphabet: 'base64url' })}`)).toEqual(refused);
    }
    expect(await payWith(`${name}=v1.${value}`)).toEqual(allowed);
  });
});

describe('the consequence', () => {
  it.each([
    ['shadow: it is on record', { session: { mode: 'shadow' } }, [200, 'allow', ['no_session/shadow']]],
    ['off: nothing is asked', { session: { mode: 'off' } }, allowed],
    ['absent: nothing is asked', {}, allowed],
    [
      'enforce with a fallback of review',
      { ...enforced, step_up: { fallback: 'review' } },
      [200, 'review', ['no_session/enforce']],
    ],
    [
      'enforce with a fallback of allow',
      { ...enforced, step_up: { fallback: 'allow' } },
      [200, 'allow', ['no_session/enforce']],
    ],
    ['enforce at a merchant in shadow', { ...enforced, mode: 'shadow' }, [200, 'block', ['no_session/enforce']]],
    ['enforce, where the age that is asked for is none', { session: { mode: 'enforce', min_age_seconds: 0 } }, refused],
  ])('%s', async (_, change, expected) => {
    await putAcme(change);
    expect(await payWith('')).toEqual(expected);
  });

  it('tells the client no reason', async () => {
    await putAcme(enforced);
    const [without, forged] = [await pay(), await pay({ headers: { cookie: `${SESSION_COOKIE}=x` } })];
    const bodies = await Promise.all([without, forged].map((it) => it.text()));
    expect(bodies.join()).not.toContain('session');
    const shapes = bodies.map((body) => body.replaceAll(/ev_[0-9a-z_]+/g, 'ev'));
    expect(shapes[0]).toBe(shapes[1]);
  });

  it('spares a renewal: no browser sends it', async () => {
    await putAcme({ ...enforced, routes: [{ ...payRoute, kind: 'renewal' }] });
    expect(await payWith('')).toEqual(allowed);
  });
});

it('a refused attempt takes no place and counts nothing: nobody is shut out by those who come without', async () => {
  await putAcme({ ...enforced, card_testing_guard_config: { ...rule('guest_ip', 1), ...rule('card_ip', 1) } });
  const ip = '198.51.100.77';
  for (let n = 0; n < 5; n++) expect((await payWith('', { ip }))[0]).toBe(403);
  expect(await payWith(await cookieFor('acme'), { ip })).toEqual(allowed);
});

it('a session opens no counter that is shut', async () => {
  await putAcme({ ...enforced, card_testing_guard_config: rule('guest_ip', 1) });
  const ip = '198.51.100.78';
  origin.answer(answers.decline);
  expect((await payWith(await cookieFor('acme'), { ip }))[0]).toBe(402);
  expect(await payWith(await cookieFor('acme'), { ip })).toEqual([403, 'block', ['velocity:guest_ip/enforce']]);
});

it('the API asks for no cookie, for its caller vouches; in front of the checkout that helps nobody', async () => {
  await putAcme(enforced);
  const answer = await manage('POST', '/evaluations', {
    merchant: 'acme',
    attempt: { ip: '203.0.113.9', card: { number: '4242424242424242' }, session_id: 'of the shop' },
  });
  expect(await answer.json()).toMatchObject({ decision: 'allow', reasons: [] });
  expect(await payWith('')).toEqual(refused);
});
