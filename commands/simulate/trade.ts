// A day of ordinary trade: who comes, when, from where. The people stay the same from day to day; the day is drawn.

import { renewalAnswer } from './answers.ts';
import { buyersCard } from './cards.ts';
import type { Draws } from './draws.ts';
import { drawsOf } from './draws.ts';
import { type Person, passedBy, person } from './people.ts';
import { home, mobile, office, type Place } from './places.ts';
import { type Day, dayMs, hourMs, type Try } from './try.ts';
import { triesOf, type Visit } from './visit.ts';

/** Visits of a day at scale 1, by whom. */
const visitsOfDay = {
  guests: 640,
  returning: 560,
  mobile: 420,
  families: 130,
  offices: 120,
  cards_added: 60,
  travel_agents: 70,
  renewals: 150,
} as const;
export type Trade = keyof typeof visitsOfDay;
export const trades = Object.keys(visitsOfDay) as Trade[];

/** Visits by hour: a shop's evening is thrice its early morning. */
const byHour = [18, 11, 7, 5, 5, 8, 17, 30, 42, 50, 55, 56, 55, 53, 52, 53, 55, 58, 66, 78, 85, 80, 60, 34];
/** A guest's basket, in cents: half of them below this. */
const medianAmount = 4_200;

export interface World {
  readonly seed: number;
  readonly scale: number;
  readonly customers: readonly Person[];
  readonly families: readonly (readonly Person[])[];
  readonly agents: readonly Person[];
  readonly offices: number;
}

/** Everyone who comes back. A customer comes every six weeks or so. */
export function peopleOf(seed: number, scale: number): World {
  const draws = drawsOf(seed, 'people');
  const some = (share: number): number => Math.max(1, Math.round(share * scale));
  const customer = (): string => `cus_${draws.token(10)}`;
  return {
    seed,
    scale,
    customers: Array.from({ length: some(24_000) }, () => person(draws, customer())),
    families: Array.from({ length: some(900) }, () => {
      const place = home(draws);
      return Array.from({ length: draws.between(3, 5) }, () => person(draws, draws.is(0.6) ? customer() : null, place));
    }),
    agents: Array.from({ length: some(3) }, (_, index) => person(draws, customer(), office(9_000 + index))),
    offices: some(40),
  };
}

/** All tries that begin on this day; some of their retries may be on the next. */
export function tradeOf(world: World, day: Day): Try[] {
  return trades.flatMap((trade) => {
    const draws = drawsOf(world.seed, `${trade} ${day.index}`);
    return makers[trade](draws.count(visitsOfDay[trade] * world.scale), { world, day, draws });
  });
}

export interface Making {
  readonly world: World;
  readonly day: Day;
  readonly draws: Draws;
}

const makers: Readonly<Record<Trade, (count: number, making: Making) => Try[]>> = {
  guests: (count, making) => visits(count, making, (draws) => visitAt('guests', person(draws, null), draws)),
  returning: (count, making) =>
    visits(count, making, (draws) => visitAt('returning', draws.oneOf(making.world.customers), draws)),
  mobile: (count, making) =>
    visits(count, making, (draws) => {
      const who = draws.is(0.5) ? person(draws, null) : draws.oneOf(making.world.customers);
      return visitAt('mobile', who, draws, mobile(draws, who.home.country));
    }),
  families: (count, making) =>
    visits(count, making, (draws) => visitAt('families', draws.oneOf(draws.oneOf(making.world.families)), draws)),
  offices: (count, making) =>
    visits(count, making, (draws) => {
      const who = draws.is(0.5) ? person(draws, null) : draws.oneOf(making.world.customers);
      return visitAt('offices', who, draws, office(draws.upTo(making.world.offices)));
    }),
  cards_added: (count, making) =>
    visits(count, making, (draws) => {
      const who = draws.oneOf(making.world.customers);
      return {
        ...visitAt('cards_added', { ...who, cards: [buyersCard(draws, who.home.country)] }, draws),
        amount: 0,
        kind: 'setup',
      };
    }),
  // A card for each traveller, most of them seen once, and amounts of journeys.
  travel_agents: (count, making) =>
    visits(count, making, (draws) => {
      const country = draws.oneOf(['NL', 'DE', 'FR', 'BE', 'GB', 'US']);
      const who = { ...draws.oneOf(making.world.agents), cards: [buyersCard(draws, country)] };
      return { ...visitAt('travel_agents', who, draws), amount: Math.round(draws.skewed(38_000, 0.8)) };
    }),
  renewals: (count, making) => renewals(count, making),
};

type Planned = Omit<Visit, 'at'>;

function visits(count: number, { day, draws }: Making, plan: (draws: Draws) => Planned): Try[] {
  return Array.from({ length: count }, () => triesOf({ ...plan(draws), at: momentOf(day, draws) }, draws)).flat();
}

export function visitAt(label: string, who: Person, draws: Draws, place: Place = who.home): Planned {
  return { label, person: who, place, amount: Math.max(100, Math.round(draws.skewed(medianAmount, 0.9))) };
}

/** Some moment of the day, by the hours that people buy in. */
export function momentOf({ start }: Day, draws: Draws): number {
  const total = byHour.reduce((sum, weight) => sum + weight, 0);
  let left = draws.share() * total;
  const hour = byHour.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return start + Math.max(0, hour) * hourMs + draws.upTo(hourMs);
}

/** Nobody is there: a job at night charges the cards on file, and once more a day later what was declined. */
function renewals(count: number, { world, day, draws }: Making): Try[] {
  return Array.from({ length: count }, () => draws.oneOf(world.customers)).flatMap((who) => {
    const at = day.start + 2 * hourMs + draws.upTo(2 * hourMs);
    const amount = draws.oneOf([499, 999, 1_299, 1_999]);
    const [card] = who.cards;
    if (card === undefined) return [];
    const customer = who.customer === null ? {} : { customer_id: who.customer };
    const attempt = { card, ...customer, amount, currency: 'EUR', kind: 'renewal' } as const;
    const outcome = renewalAnswer(draws);
    const first = { at, label: 'renewals', attempt, outcome, passed: passedBy(who, draws) };
    return outcome.status === 'failed' ? [first, { ...first, at: at + dayMs, outcome: renewalAnswer(draws) }] : [first];
  });
}
