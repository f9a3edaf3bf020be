/**
 * Open the shop once, and pay with that one session from ever new addresses, or with card after card.
 */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { gateOf, rowsOf } from '../gate/asking.ts';
import { answered, graphqlRoute, mutation, payment, post, result } from '../support/graphql-shop.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, cards, pay, type Try } from '../support/shopper.ts';
import { cookieFor } from '../support/visit.ts';

/** As documented in docs/session.md. */
const DOCUMENTED = { max_addresses: 8, max_cards: 6 };
const session = { mode: 'enforce', ...DOCUMENTED };
const card_testing_guard_config = rule('card_ip', 3);

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

const address = (n: number) => `198.51.${Math.floor(n / 250)}.${n % 250}`;

async function statusesOf(attempts: readonly Try[], cookie: string): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const one of attempts) statuses.push((await pay({ ...one, headers: { cookie, ...one.headers } })).status);
  return statuses;
}

interface Line {
  readonly event: string;
  readonly reasons?: readonly string[];
  readonly repeats?: number;
}

/** Of each decision by itself: lines that count repeats come late, and may be an earlier test's. */
function reasons(): readonly string[] {
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as Line);
  const own = lines.filter(({ event, repeats }) => event === 'decision' && repeats === undefined);
  return own.map((line) => (line.reasons ?? []).join());
}

const tally = (statuses: readonly number[]) => statuses.filter((status) => status !== 403).length;

describe('with one session', () => {
  it('a new address for every try stops at the limit, and the origin hears no more', async () => {
    await putAcme({ session, card_testing_guard_config });
    const attempts = Array.from({ length: 30 }, (_, n) => ({ ip: address(n) }));
    const statuses = await statusesOf(attempts, await cookieFor('acme'));
    expect(statuses).toEqual([...Array(8).fill(200), ...Array(22).fill(403)]);
    expect(origin.arrived).toHaveLength(8);
    expect(reasons().slice(8)).toEqual(Array(22).fill('no_session/enforce'));
  });

  it('card after card stops at the limit', async () => {
    await putAcme({ session, card_testing_guard_config });
    const attempts = cards(30).map((card) => ({ card }));
    expect(tally(await statusesOf(attempts, await cookieFor('acme')))).toBe(6);
  });

  it('all at once get no further', async () => {
    await putAcme({ session, card_testing_guard_config });
    const cookie = await cookieFor('acme');
    const answer = (ip: string, card: string) => pay({ ip, card, headers: { cookie } }).then(({ status }) => status);
    const all = cards(30).map((card, n) => answer(address(n), card));
    expect(tally(await Promise.all(all))).toBe(6);
  });

  it('addresses of one IPv6 household are one, those of many are many', async () => {
    await putAcme({ session, card_testing_guard_config });
    const home = Array.from({ length: 20 }, (_, n) => ({ ip: `2001:db8:1:1::${n + 1}` }));
    expect(tally(await statusesOf(home, await cookieFor('acme')))).toBe(20);
    const away = Array.from({ length: 20 }, (_, n) => ({ ip: `2001:db8:1:${n + 2}::1` }));
    expect(tally(await statusesOf(away, await cookieFor('acme')))).toBe(8);
  });

  it('many cards in one GraphQL request are many cards, let through all or none', async () => {
    await putAcme({ session, routes: [graphqlRoute], card_testing_guard_config: rule('guest_user_card', 3) });
    const headers = { 'content-type': 'application/json', cookie: await cookieFor('acme') };
    const many = (from: number, to: number) => {
      const asked = cards(40)
        .slice(from, to)
        .map((card, n) => payment(`p${n}`, card));
      return post(mutation(...asked), { headers, ip: address(90) });
    };
    const sold = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`p${n}`, result.order]));
    origin.answer(() => answered(sold));
    expect((await many(20, 27)).status).toBe(403);
    expect((await many(20, 24)).status).toBe(200);
    expect((await many(24, 27)).status).toBe(403);
    expect((await many(22, 26)).status).toBe(200);
  });

  it('is refused where nothing but sessions is guarded, and holds nothing', async () => {
    await putAcme({ session });
    const attempts = cards(20).map((card) => ({ card }));
    expect(tally(await statusesOf(attempts, await cookieFor('acme')))).toBe(6);
  });

  it('opens no counter that is shut, and a shut counter does not use it up', async () => {
    await putAcme({ session, card_testing_guard_config: rule('guest_ip', 1) });
    const cookie = await cookieFor('acme');
    origin.answer(answers.decline);
    expect(await statusesOf([{ ip: address(1) }], cookie)).toEqual([402]);
    expect(
      tally(
        await statusesOf(
          cards(20).map((card) => ({ card, ip: address(1) })),
          cookie,
        ),
      ),
    ).toBe(0);
    origin.answer(answers.succeed);
    const elsewhere = cards(5).map((card) => ({ card, ip: address(2) }));
    expect(await statusesOf(elsewhere, cookie)).toEqual(Array(5).fill(200));
  });
});

it('what is on record of an attempt says how its session was used, for a gate that begins anew', async () => {
  await putAcme({ session, card_testing_guard_config });
  const cookie = await cookieFor('acme');
  await statusesOf([{ ip: address(77) }], cookie);
  const [row] = await rowsOf<{ visit: string }>(
    gateOf('acme'),
    "SELECT json_extract(attempt, '$.visit') AS visit FROM outcomes ORDER BY evaluation DESC LIMIT 1",
  );
  expect(JSON.parse(row?.visit ?? 'null')).toEqual({
    session: expect.stringMatching(/^se_[\w-]{22}$/),
    addresses: { limit: 8, of: [[address(77)]] },
    cards: { limit: 6, of: [[expect.stringMatching(/^fp_[\w-]{43}$/)]] },
    isRefused: true,
  });
  expect(row?.visit).not.toContain(cookie.split('=')[1]);
});

describe('an honest payer', () => {
  it('may change from network to network, and try the cards of a whole family', async () => {
    await putAcme({ session, card_testing_guard_config });
    const all = cards(4);
    const walk = [0, 1, 0, 2, 3, 3, 4, 0].map((at, n) => ({ ip: address(at), card: all[n % 4] ?? CARD }));
    expect(await statusesOf(walk, await cookieFor('acme'))).toEqual(Array(8).fill(200));
  });

  it('who came to the limit still pays with what he used before', async () => {
    await putAcme({ session, card_testing_guard_config });
    const cookie = await cookieFor('acme');
    const mine = cards(7);
    expect(
      await statusesOf(
        mine.map((card) => ({ card })),
        cookie,
      ),
    ).toEqual([...Array(6).fill(200), 403]);
    expect(await statusesOf([{ card: mine[2] ?? '' }, { card: mine[6] ?? '' }], cookie)).toEqual([200, 403]);
  });

  it('is no other’s neighbour: each session is counted by itself', async () => {
    await putAcme({ session, card_testing_guard_config });
    for (const card of cards(20)) {
      expect(await statusesOf([{ card, ip: '192.0.2.7' }], await cookieFor('acme'))).toEqual([200]);
    }
  });

  it('is not asked where nothing is limited', async () => {
    await putAcme({ session: { mode: 'enforce' }, card_testing_guard_config });
    const attempts = cards(40).map((card, n) => ({ card, ip: address(n) }));
    expect(tally(await statusesOf(attempts, await cookieFor('acme')))).toBe(40);
  });
});

describe('the consequence', () => {
  it.each([
    ['shadow', { session: { ...session, mode: 'shadow' } }, 200, 'no_session/shadow'],
    ['enforce, with a fallback of review', { session, step_up: { fallback: 'review' } }, 200, 'no_session/enforce'],
    ['enforce, with a fallback of allow', { session, step_up: { fallback: 'allow' } }, 200, 'no_session/enforce'],
    ['enforce, at a merchant in shadow', { session, mode: 'shadow' }, 200, 'no_session/enforce'],
    ['off', { session: { ...session, mode: 'off' } }, 200, ''],
  ])('in %s', async (_, change, status, reason) => {
    await putAcme({ card_testing_guard_config, ...change });
    const statuses = await statusesOf(
      cards(8).map((card) => ({ card })),
      await cookieFor('acme'),
    );
    expect(statuses).toEqual(Array(8).fill(status));
    expect(reasons()).toEqual([...Array(6).fill(''), reason, reason]);
  });

  it('names both where both are too many', async () => {
    await putAcme({ session: { mode: 'enforce', max_addresses: 1, max_cards: 1 }, card_testing_guard_config });
    const attempts = cards(2).map((card, n) => ({ card, ip: address(n) }));
    expect(await statusesOf(attempts, await cookieFor('acme'))).toEqual([200, 403]);
    expect(reasons()[1]).toBe('no_session/enforce,no_session/enforce');
  });

  it('is none for a renewal', async () => {
    const routes = [{ ...payRoute, kind: 'renewal' }];
    await putAcme({ session, card_testing_guard_config, routes });
    expect(
      tally(
        await statusesOf(
          cards(10).map((card) => ({ card })),
          await cookieFor('acme'),
        ),
      ),
    ).toBe(10);
  });
});
