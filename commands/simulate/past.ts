// What the shop's customers have behind them when the days begin: payments of those who come again, declined as often as others.

import { buyersAnswer } from './answers.ts';
import { buyersCard } from './cards.ts';
import { type Draws, drawsOf } from './draws.ts';
import { type Person, passedBy } from './people.ts';
import { tradeOf, visitAt, type World } from './trade.ts';
import { type Day, dayMs, type Try } from './try.ts';
import { attemptOf } from './visit.ts';

/** Of those who come: the others are new. */
const haveOne = 0.8;
const paymentsOfAgents = 60;

/** In order of time, over so many days before `start` (ms since the epoch). */
export function pastOf(
  world: World,
  days: readonly Day[],
  { start, pastDays }: { start: number; pastDays: number },
): readonly Try[] {
  const coming = new Set(
    days.flatMap((day) => tradeOf(world, day).flatMap(({ attempt }) => attempt.customer_id ?? [])),
  );
  const draws = drawsOf(world.seed, 'past');
  const known = [...world.customers, ...world.families.flat()].filter(({ customer }) => coming.has(customer ?? ''));
  const payments = (who: Person, count: number, cardOf: () => Person['cards'][number]): Try[] =>
    Array.from({ length: count }, () =>
      paymentOf({ who, card: cardOf(), at: start - draws.upTo(pastDays * dayMs) - 1 }, draws),
    );
  const buyers = known.flatMap((who) => {
    const count = draws.is(haveOne) ? draws.between(1, 6) : 0;
    return payments(who, count, () => draws.oneOf(who.cards));
  });
  const agents = world.agents.flatMap((who) =>
    payments(who, paymentsOfAgents, () => buyersCard(draws, who.home.country)),
  );
  return [...buyers, ...agents].sort((a, b) => a.at - b.at);
}

function paymentOf({ who, card, at }: { who: Person; card: Person['cards'][number]; at: number }, draws: Draws): Try {
  const attempt = attemptOf(visitAt('past', who, draws), card, `ses_${draws.token(20)}`);
  return { at, label: 'past', attempt, outcome: buyersAnswer(draws), passed: passedBy(who, draws) };
}
