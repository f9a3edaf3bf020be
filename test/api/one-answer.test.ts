/**
 * One merchant, two doors: what is blocked early and lifted or not, challenged by whichever rule, with a pass or without,
 * is decided alike for a backend that asks and for a payer in front of the checkout.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
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
  vi.unstubAllGlobals();
});

const IP = '203.0.113.9';
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
  const attempt = { ip: IP, country, asn: 1136, card: { number: card }, amount: AMOUNT };
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
  nothing: async (merchant: string) => {
    await listed(merchant, 'allow', { type: 'country', value: 'BE' });
    await leased(merchant, { cidr: '198.51.100.0/28' });
  },
  'an allow item of the country': (merchant: string) => listed(merchant, 'allow', { type: 'country', value: 'KP' }),
  'an allow item of the address': (merchant: string) => listed(merchant, 'allow', { type: 'ip', value: IP }),
  'a lease': (merchant: string) => leased(merchant),
  'a lease, beside an item of another country': async (merchant: string) => {
    await listed(merchant, 'allow', { type: 'country', value: 'BE' });
    await leased(merchant);
  },
} as const;
type Lift = keyof typeof LIFTS;

const PASSES = ['no pass', 'a good pass', 'an altered pass', 'a used pass'] as const;
type Pass = (typeof PASSES)[number];

/** By the order of decisions: the block unless it is lifted; the challenge unless that is lifted too, or passed. */
function expected(lift: Lift, asks: Asks, pass: Pass): string {
  if (lift === 'nothing') return 'block';
  if (lift === 'an allow item of the address' && asks !== 'a velocity rule') return 'allow';
  return pass === 'a good pass' ? 'allow' : 'challenge';
}

const settings = (merchant: string, asks: Asks, deny_countries: readonly string[]) => ({
  hosts: [hostOf(merchant)],
  origin: { pool: [{ url: ORIGIN }] },
  routes: [{ ...payRoute, fields: { ...payRoute.fields, amount: '/amount' } }],
  network: { deny_countries, leases: { max_active: 10 } },
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
  await configure(merchant, settings(merchant, asks, ['KP']));
  await LIFTS[lift](merchant);
  expect((await door(merchant, { country: 'NL', card: OTHER })).decision).toBe('allow');
}

describe.each(Object.keys(LIFTS) as Lift[])('a block that %s lifts', (lift) => {
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
      expect((await door(merchant, { country: 'KP', pass })).decision).toBe('challenge');
    }
  });

  it.each(Object.keys(ASKS) as Asks[])('stays good where the block stood, beside %s', async (asks) => {
    const merchant = `one-${++made}`;
    const pass = await wonPass(door, merchant, asks);
    await block(door, merchant, { asks, lift: 'nothing' });
    expect((await door(merchant, { country: 'KP', pass })).decision).toBe('block');
    await configure(merchant, settings(merchant, asks, []));
    expect((await door(merchant, { country: 'KP', pass })).decision).toBe('allow');
  });
});
