// Card testers, by campaign. Sizes and manners are of published attacks (docs/simulation.md); amounts and e-mails look
// human half of the time, of the careful one always.

import { cvcAnswer, guessAnswer, listAnswer } from './answers.ts';
import { type Card, sequentialCards, stolenCard } from './cards.ts';
import type { Draws } from './draws.ts';
import { passedByTester, testersEmail, userAgent } from './people.ts';
import { type Place, proxied, rented, wideIpv6 } from './places.ts';
import { type Attempt, hourMs, minuteMs, type Outcome, type Try } from './try.ts';

/** How a campaign goes about it; each part is made once, and asked for each try. */
export interface Attack {
  /** At scale 1. */
  readonly tries: number;
  readonly lastsMs: number;
  readonly places: (draws: Draws) => () => Place;
  readonly cards: (draws: Draws) => () => Card;
  readonly answer: (draws: Draws) => () => Outcome;
  readonly kind: Attempt['kind'];
  /** Who a try says that it is: a guest, or a customer. */
  readonly customers: (draws: Draws) => () => string | null;
  /** One device for all, or a new one for each try. */
  readonly devices: 'few' | 'fresh';
  /** Share of the tries that look human. */
  readonly human: number;
  /** Share of the tries that come with a session of the shop. */
  readonly sessions: number;
}

const guest = () => () => null;
const half = 0.5;
const usual = {
  cards: (draws: Draws) => () => stolenCard(draws),
  answer: (draws: Draws) => () => listAnswer(draws),
  kind: 'payment',
  customers: guest,
  devices: 'fresh',
  human: half,
  sessions: half,
} as const;
const from = (places: readonly Place[], draws: Draws) => () => draws.oneOf(places);

export const attacks = {
  /** 1,674 orders in 60 minutes from one address, past a CAPTCHA. */
  one_ip: {
    ...usual,
    tries: 1_674,
    lastsMs: hourMs,
    places: (draws) => from(rented(draws, 1, 1), draws),
    devices: 'few',
  },
  /** A few hundred rented machines in turn. */
  datacentre: {
    ...usual,
    tries: 3_000,
    lastsMs: hourMs,
    places: (draws) => from(rented(draws, 300, 16), draws),
    devices: 'few',
  },
  /** A new address in somebody's home for each card. */
  residential: {
    ...usual,
    tries: 2_400,
    lastsMs: 3 * hourMs,
    places: (draws) => () => proxied(draws, 0.6),
  },
  /** Numbers one after another in the bank that most buyers have. */
  sequential: {
    ...usual,
    tries: 4_000,
    lastsMs: 2 * hourMs,
    places: (draws) => () => proxied(draws, 0.6),
    cards: sequentialCards,
    answer: (draws) => () => guessAnswer(draws),
  },
  /** The three digits of a few known cards, from ever new addresses. */
  cvc_cracking: {
    ...usual,
    tries: 1_500,
    lastsMs: 2 * hourMs,
    places: (draws) => () => proxied(draws, 0.6),
    cards: (draws) => {
      const known = [stolenCard(draws), stolenCard(draws), stolenCard(draws)];
      return () => draws.oneOf(known);
    },
    answer: (draws) => () => cvcAnswer(draws.is(1 / 1_000)),
  },
  /** A new account for each try, from some hundred proxies. */
  fresh_customers: {
    ...usual,
    tries: 1_500,
    lastsMs: 1.5 * hourMs,
    places: (draws) => from(rented(draws, 120, 30), draws),
    customers: (draws) => () => `cus_${draws.token(10)}`,
    sessions: 1,
  },
  /** Fake accounts made before; cards are tested by storing them. */
  card_storing: {
    ...usual,
    tries: 2_000,
    lastsMs: 4 * hourMs,
    places: (draws) => {
      const proxies = Array.from({ length: 200 }, () => proxied(draws, 0.6));
      return from(proxies, draws);
    },
    customers: (draws) => {
      const accounts = Array.from({ length: 1_000 }, () => `cus_${draws.token(10)}`);
      return () => draws.oneOf(accounts);
    },
    kind: 'setup',
    sessions: 1,
  },
  /** A new /64 for each try, out of one network. */
  ipv6_rotation: { ...usual, tries: 2_000, lastsMs: hourMs, places: wideIpv6 },
  /** One try in six minutes, by a dozen addresses in turn. */
  low_and_slow: {
    ...usual,
    tries: 720,
    lastsMs: 72 * hourMs,
    places: (draws) => {
      const proxies = Array.from({ length: 12 }, () => proxied(draws, 1));
      return from(proxies, draws);
    },
    sessions: 1,
  },
  /** All looks human, nothing comes twice, and it takes its time. */
  careful: {
    ...usual,
    tries: 360,
    lastsMs: 24 * hourMs,
    places: (draws) => () => proxied(draws, 1),
    human: 1,
    sessions: 1,
  },
  /** In the hour of a sale; the sale itself is a lookalike. */
  hidden_in_sale: {
    ...usual,
    tries: 1_200,
    lastsMs: hourMs,
    places: (draws) => () => proxied(draws, 0.8),
    sessions: 1,
  },
} as const satisfies Readonly<Record<string, Attack>>;
export type AttackName = keyof typeof attacks;

/** The tries of one campaign that begins at `start` (ms since the epoch). */
export function attackOf(
  label: AttackName,
  { start, scale }: Readonly<Record<'start' | 'scale', number>>,
  draws: Draws,
) {
  const attack: Attack = attacks[label];
  const [place, card, answer] = [attack.places(draws), attack.cards(draws), attack.answer(draws)];
  const customer = attack.customers(draws);
  const devices = Array.from({ length: 3 }, () => `dev_${draws.token(12)}`);
  const count = Math.max(1, Math.round(attack.tries * scale));
  return Array.from({ length: count }, (): Try => {
    const { ip, country, asn } = place();
    const [tested, who] = [card(), customer()];
    const attempt: Attempt = {
      ip,
      country,
      asn,
      card: tested,
      ...(who === null ? {} : { customer_id: who }),
      email: testersEmail(draws, attack.human),
      ...(draws.is(attack.sessions) ? { session_id: `ses_${draws.token(20)}` } : {}),
      device_id: attack.devices === 'few' ? draws.oneOf(devices) : `dev_${draws.token(12)}`,
      user_agent: userAgent(draws),
      amount: attack.kind === 'setup' ? 0 : amountOf(attack, draws),
      currency: 'EUR',
      billing_country: draws.is(half) ? tested.country : country,
      kind: attack.kind,
    };
    const at = start + draws.upTo(Math.max(minuteMs, attack.lastsMs));
    return { at, label, attempt, outcome: answer(), passed: passedByTester(draws) };
  });
}

/** In cents: 0.50 to 5 by itself, else as a basket. */
function amountOf({ human }: Attack, draws: Draws): number {
  return draws.is(human) ? Math.max(100, Math.round(draws.skewed(4_200, 0.9))) : draws.between(50, 500);
}
