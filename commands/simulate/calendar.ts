// What happens on which day, and all tries of it in order of time: one day after another, so that a year needs no more
// memory than its busiest day.

import { type AttackName, attackOf, attacks } from './attacks.ts';
import { type Draws, drawsOf } from './draws.ts';
import { duringOutage, outageOf, saleHour, saleOf, unluckyOf } from './lookalikes.ts';
import { pastOf } from './past.ts';
import { peopleOf, tradeOf, type World } from './trade.ts';
import { type Day, dayMs, hourMs, type Try } from './try.ts';

export const lookalikes = ['sale', 'outage', 'unlucky'] as const;
export type Lookalike = (typeof lookalikes)[number];
export const attackNames = Object.keys(attacks) as AttackName[];
export type Campaign = AttackName | Lookalike;
export const campaigns: readonly Campaign[] = [...lookalikes, ...attackNames];

export interface Plan {
  readonly seed: number;
  readonly days: number;
  /** Ordinary trade alone on so many first days. */
  readonly quietDays: number;
  readonly scale: number;
  /** Over so many days before, customers who come have paid already; 0: nothing is told of that. */
  readonly pastDays: number;
  /** In this order, each on the next day; begun anew where days are left. */
  readonly only: readonly Campaign[];
  /** Midnight of the first day, UTC, in ms since the epoch. */
  readonly start: number;
}

/** A Monday. */
export const firstDay = Date.UTC(2026, 0, 5);

export function isAttack(label: string): label is AttackName {
  return Object.hasOwn(attacks, label);
}

/** On which day each campaign begins. */
export function calendarOf({ days, quietDays, only }: Plan): ReadonlyMap<number, readonly Campaign[]> {
  const free = days - quietDays;
  if (only.length === 0 || free <= 0) return new Map();
  const calendar = new Map<number, Campaign[]>();
  for (let place = 0; place < Math.max(free, only.length); place++) {
    const day = quietDays + (place % free);
    const campaign = only[place % only.length];
    if (campaign === undefined || lasts(campaign) > days - day) continue;
    calendar.set(day, [...(calendar.get(day) ?? []), campaign]);
  }
  return calendar;
}

/** The past, and then one day after another, each in order of time. What ends after the last day is not told. */
export function* daysOf(plan: Plan): Generator<readonly Try[]> {
  const world = peopleOf(plan.seed, plan.scale);
  const calendar = calendarOf(plan);
  const days = Array.from({ length: plan.days }, (_, index) => ({ index, start: plan.start + index * dayMs }));
  if (plan.pastDays > 0) yield pastOf(world, days, plan);
  let left: Try[] = [];
  for (const day of days) {
    const all = [...left, ...happeningsOf(world, day, calendar.get(day.index) ?? [])];
    const end = day.start + dayMs;
    left = all.filter(({ at }) => at >= end);
    yield all.filter(({ at }) => at < end).sort((a, b) => a.at - b.at);
  }
}

function happeningsOf(world: World, day: Day, today: readonly Campaign[]): readonly Try[] {
  const trade = tradeOf(world, day);
  const begun = today.flatMap((campaign) => begin(campaign, world, day));
  const all = [...trade, ...begun];
  return today.includes('outage') ? all.map((one) => duringOutage(one, day.start)) : all;
}

function begin(campaign: Campaign, world: World, day: Day): readonly Try[] {
  const draws = drawsOf(world.seed, `${campaign} ${day.index}`);
  const making = { world, day, draws };
  switch (campaign) {
    case 'sale':
      return saleOf(making);
    case 'outage':
      return outageOf(making);
    case 'unlucky':
      return unluckyOf(making);
    case 'hidden_in_sale': {
      const start = day.start + saleHour * hourMs;
      return [...saleOf(making), ...attackOf(campaign, { start, scale: world.scale }, draws)];
    }
    default:
      return attackOf(campaign, { start: startOf(campaign, day, draws), scale: world.scale }, draws);
  }
}

/** Such as last a day or more begin at midnight; the others some time that leaves room to end on the same day. */
function startOf(attack: AttackName, { start }: Day, draws: Draws): number {
  const room = dayMs - attacks[attack].lastsMs;
  return room <= 0 ? start : start + draws.upTo(room);
}

/** Days. */
function lasts(campaign: Campaign): number {
  return isAttack(campaign) ? Math.ceil(attacks[campaign].lastsMs / dayMs) : 1;
}
