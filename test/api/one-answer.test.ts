/**
 * One merchant, two doors: what is blocked early and lifted or not, challenged by whichever rule, with a pass or without,
 * is decided alike for a backend that asks and for a payer in front of the checkout.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { answer, LIGHT, solved } from '../support/challenges.ts';
import { leased } from '../support/leases.ts';
import { listed } from '../support/lists.ts';
import { ORIGIN, payRoute, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';
import { api, configure, tell } from './backend.ts';

let origin: StandInOrigin;
let made = 0;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const IP = '203.0.113.9';
const CUSTOMER = 'cus_1';
const AMOUNT = 1999;
const [CARD = '', OTHER = ''] = cards(2);

interface Said {
  /** What became of it: a `challenge` is one that can be answered. */
  readonly decision: string;
  readonly url: string | undefined;
}

interface Payer {
  readonly country: string;
  readonly card?: string;
  readonly pass?: string | undefined;
  readonly fails?: boolean;
}

/** One way to pay at a merchant's. */
type Door = (merchant: string, payer: Payer) => Promise<Said>;

const hostOf = (merchant: string) => `${merchant}.shop.example`;

const backend: Door = async (merchant, { country, card = CARD, pass, fails = false }) => {
  const attempt = { ip: IP, country, asn: 1136, card: { number: card }, customer_id: CUSTOMER, amount: AMOUNT };
  const body = { merchant, attempt, ...(pass === undefined ? {} : { pass }) };
  const told = await api('POST', '/evaluations', { body });
  expect(told.status, await told.clone().text()).toBe(200);
  const { id, decision, challenge, reservation } = await told.json<ToldEvaluation>();
  const isThrough = decision === 'allow';
  expect(reservation !== null).toBe(isThrough);
  if (isThrough) expect((await tell(id, { status: fails ? 'failed' : 'succeeded' })).status).toBe(200);
  expect(await (await api('GET', `/evaluations/${id}`)).json()).toMatchObject({ decision, challenge });
  return { decision: decision === 'challenge' && challenge === null ? 'dead end' : decision, url: challenge?.url };
};

const shopper: Door = async (merchant, { country, card = CARD, pass, fails = false }) => {
  const before = origin.arrived.length;
  origin.answer(fails ? answers.decline : answers.succeed);
  const told = await pay({
    shop: `https://${hostOf(merchant)}`,
    ip: IP,
    card,
    customer: CUSTOMER,
    cf: { country, asn: 1136, tlsVersion: 'TLSv1.3' },
    headers: pass === undefined ? {} : { 'cordon-pass': pass },
  });
  if (origin.arrived.length > before) return { decision: 'allow', url: undefined };
  expect(told.status).toBe(403);
  const { code, challenge } = await told.json<{ code: string; challenge?: { url: string } }>();
  return { decision: code === 'challenge_required' ? 'challenge' : 'block', url: challenge?.url };
};

const DOORS = { backend, shopper };

/** Everything that asks for a challenge speaks of the card that has failed once, and comes from there. */
const ASKS = {
  'a rule of its own that asks early': {
    rules: [{ name: 'own', when: 'ip.country == "KP"', then: 'challenge' }],
    card_testing_guard_config: rule('card_ip', 50),
  },
  'a velocity rule': {
    velocity: [{ name: 'failed', by: ['card'], count: 'failures', limit: 1, window_seconds: 3600, then: 'challenge' }],
  },
  'a rule of its own that asks late': {
    rules: [{ name: 'own', when: 'counts.card_ip >= 1', then: 'challenge' }],
    card_testing_guard_config: rule('card_ip', 50),
  },
} as const;
type Asks = keyof typeof ASKS;

const LIFTS = {
  'nothing at all': async () => {},
  'items and leases of others': async (merchant: string) => {
    await listed(merchant, 'allow', { type: 'country', value: 'BE' });
    await leased(merchant, { cidr: '198.51.100.0/28' });
  },
  'an item of the customer alone': async (merchant: string) => {
    await listed(merchant, 'allow', { type: 'customer_id', value: CUSTOMER });
    await leased(merchant, { cidr: '198.51.100.0/28' });
  },
  'an allow item of the country': (merchant: string) => listed(merchant, 'allow', { type: 'country', value: 'KP' }),
  'the same item without any leases': (merchant: string) => listed(merchant, 'allow', { type: 'country', value: 'KP' }),
  'an allow item of the address': (merchant: string) => listed(merchant, 'allow', { type: 'ip', value: IP }),
  'a lease': (merchant: string) => leased(merchant),
  'a lease, beside items of others,': async (merchant: string) => {
    await listed(merchant, 'allow', { type: 'country', value: 'BE' });
    await listed(merchant, 'allow', { type: 'ip', value: '198.51.100.1' });
    await leased(merchant);
  },
  // Of the country the lease alone, of a challenge by who he is the item alone.
  'a lease and an item of the customer together': async (merchant: string) => {
    await listed(merchant, 'allow', { type: 'customer_id', value: CUSTOMER });
    await leased(merchant);
  },
} as const;
type Lift = keyof typeof LIFTS;

const PASSES = ['no pass', 'a good pass', 'an altered pass', 'a used pass'] as const;
type Pass = (typeof PASSES)[number];

/** Of a merchant who has none. */
const NO_LEASES: readonly Lift[] = ['nothing at all', 'the same item without any leases'];
/** These do not speak of his address. */
const IN_VAIN = [
  'nothing at all',
  'items and leases of others',
  'an item of the customer alone',
] as const satisfies readonly Lift[];
/** These set aside a challenge by who the payer is as well. */
const SPEAK_FOR_HIM: readonly Lift[] = ['an allow item of the address', 'a lease and an item of the customer together'];

/** By the order of decisions: the block unless it is lifted; the challenge unless that is lifted too, or passed. */
function expected(lift: Lift, asks: Asks, pass: Pass): string {
  if (IN_VAIN.some((one) => one === lift)) return 'block';
  if (SPEAK_FOR_HIM.includes(lift) && asks !== 'a velocity rule') return 'allow';
  return pass === 'a good pass' ? 'allow' : 'challenge';
}

const settings = (merchant: string, asks: Asks, deny_countries: readonly string[], lift?: Lift) => ({
  hosts: [hostOf(merchant)],
  origin: { pool: [{ url: ORIGIN }] },
  routes: [{ ...payRoute, fields: { ...payRoute.fields, amount: '/amount' } }],
  network: { deny_countries, ...(NO_LEASES.some((one) => one === lift) ? {} : { leases: { max_active: 10 } }) },
  step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT },
  ...ASKS[asks],
});

/** A payer whose card has failed once, and his pass: won while his country was not blocked yet. */
async function wonPass(door: Door, merchant: string, asks: Asks): Promise<string> {
  await configure(merchant, settings(merchant, asks, []));
  expect((await door(merchant, { country: 'NL', fails: true })).decision).toBe('allow');
  const { decision, url = '' } = await door(merchant, { country: 'KP' });
  expect(decision).toBe('challenge');
  const given = await answer(url, await solved(url));
  return (await given.json<{ pass: string }>()).pass;
}

async function passFor(pass: Pass, door: Door, merchant: string, won: string): Promise<string | undefined> {
  switch (pass) {
    case 'no pass':
      return undefined;
    case 'a good pass':
      return won;
    case 'an altered pass':
      return `${won.slice(0, -4)}AAAA`;
    case 'a used pass':
      expect((await door(merchant, { country: 'KP', pass: won })).decision).toBe('allow');
      return won;
  }
}

/** Shuts the country, lifts what is to be lifted, and lets the isolate hear of it. */
async function block(door: Door, merchant: string, { asks, lift }: { asks: Asks; lift: Lift }): Promise<void> {
  await configure(merchant, settings(merchant, asks, ['KP'], lift));
  await LIFTS[lift](merchant);
  expect((await door(merchant, { country: 'NL', card: OTHER })).decision).toBe('allow');
}

describe.each(Object.keys(LIFTS) as Lift[])('a block beside %s', (lift) => {
  describe.each(Object.keys(ASKS) as Asks[])('and a challenge by %s', (asks) => {
    it.each(PASSES.map((pass) => [pass, expected(lift, asks, pass)] as const))(
      'with %s: %s',
      async (pass, decision) => {
        const decided: Record<string, string> = {};
        for (const [name, door] of Object.entries(DOORS)) {
          const merchant = `one-${++made}`;
          const won = await wonPass(door, merchant, asks);
          const shown = await passFor(pass, door, merchant, won);
          await block(door, merchant, { asks, lift });
          const payer = { country: 'KP', pass: shown };
          decided[name] = (await door(merchant, payer)).decision;
        }
        expect(decided).toEqual({ backend: decision, shopper: decision });
      },
    );
  });
});

describe.each(Object.entries(DOORS))('the pass of a %s', (_, door) => {
  it.each(Object.keys(ASKS) as Asks[])('is used up where %s asked for it and the block was lifted', async (asks) => {
    for (const lift of ['an allow item of the country', 'a lease'] as const) {
      const merchant = `one-${++made}`;
      const pass = await wonPass(door, merchant, asks);
      await block(door, merchant, { asks, lift });
      expect((await door(merchant, { country: 'KP', pass })).decision).toBe('allow');
      const log = vi.spyOn(console, 'log');
      expect((await door(merchant, { country: 'KP', pass })).decision).toBe('challenge');
      expect(log.mock.calls.join()).toContain('"pass_fault":"used"');
      log.mockRestore();
    }
  });

  it.each(Object.keys(ASKS) as Asks[])('stays good where the block stood, beside %s', async (asks) => {
    for (const lift of IN_VAIN) {
      const merchant = `one-${++made}`;
      const pass = await wonPass(door, merchant, asks);
      await block(door, merchant, { asks, lift });
      expect((await door(merchant, { country: 'KP', pass })).decision).toBe('block');
      await configure(merchant, settings(merchant, asks, []));
      expect((await door(merchant, { country: 'KP', pass })).decision).toBe('allow');
    }
  });
});

describe.each(Object.entries(DOORS))('who is only asked, by a %s', (_, door) => {
  const EARLY = 'a rule of its own that asks early';

  it.each([
    ['an allow item of the country', 'challenge'],
    ['a lease', 'challenge'],
    // He is asked for nothing, and judged by the counters.
    ['a lease and an item of the customer together', 'block'],
  ] as const)('is looked up beside %s, and judged by counters once he has passed', async (lift, decision) => {
    const merchant = `one-${++made}`;
    const pass = await wonPass(door, merchant, EARLY);
    await block(door, merchant, { asks: EARLY, lift });
    const shut = { ...settings(merchant, EARLY, ['KP']), card_testing_guard_config: rule('card_ip', 1) };
    await configure(merchant, shut);
    for (let tries = 0; tries < 3; tries++) {
      expect((await door(merchant, { country: 'KP' })).decision).toBe(decision);
    }
    expect((await door(merchant, { country: 'KP', pass })).decision).toBe('block');
  });

  it('is asked no more once too many are unanswered, and whom the block refuses leaves none', async () => {
    const merchant = `one-${++made}`;
    const few = { ...settings(merchant, EARLY, ['KP']), step_up: { methods: ['proof_of_work'], max_unanswered: 2 } };
    await configure(merchant, few);
    await listed(merchant, 'allow', { type: 'country', value: 'BE' });
    expect((await door(merchant, { country: 'NL', card: OTHER })).decision).toBe('allow');
    const decided = async () => (await door(merchant, { country: 'KP' })).decision;
    for (let tries = 0; tries < 3; tries++) expect(await decided()).toBe('block');
    await listed(merchant, 'allow', { type: 'country', value: 'KP' });
    expect([await decided(), await decided()]).toEqual(['challenge', 'challenge']);
    await vi.waitFor(async () => expect(await decided()).toBe('block'));
  });
});

it('a gate that judges a used pass by itself lets nobody through without a place', async () => {
  const merchant = `one-${++made}`;
  const EARLY = 'a rule of its own that asks early';
  const pass = await wonPass(backend, merchant, EARLY);
  expect((await backend(merchant, { country: 'KP', pass })).decision).toBe('allow');
  await block(backend, merchant, { asks: EARLY, lift: 'an allow item of the address' });
  const old = vi.spyOn(env.GATE, 'getByName').mockImplementation(gateBefore);
  const attempt = { ip: IP, country: 'KP', asn: 1136, card: { number: CARD }, customer_id: CUSTOMER, amount: AMOUNT };
  expect((await api('POST', '/evaluations', { body: { merchant, attempt, pass } })).status).toBe(503);
  old.mockRestore();
  expect((await backend(merchant, { country: 'KP', pass })).decision).toBe('allow');
});

/** As the release before: it does not know that who asks asks again. */
function gateBefore(name: string): DurableObjectStub<Gate> {
  return new Proxy(env.GATE.get(env.GATE.idFromName(name)), {
    get: (stub, method) =>
      method !== 'evaluateText'
        ? Reflect.get(stub, method)
        : (request: string) => stub.evaluateText(request.replace('"asksAgain":true,', '')),
  });
}
