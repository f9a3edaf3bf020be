// What looks like an attack and is none: a sale, a processor that is ill, a buyer without luck.

import { outageAnswer, secondAnswer } from './answers.ts';
import { buyersCard } from './cards.ts';
import { passedBy, person } from './people.ts';
import { mobile } from './places.ts';
import { type Making, momentOf, visitAt } from './trade.ts';
import { hourMs, minuteMs, type Try } from './try.ts';
import { attemptOf, triesOf } from './visit.ts';

/** A sale begins at eight in the evening and lasts an hour; nine times as many buy as in that hour otherwise. */
export const saleHour = 20;
const saleVisits = 1_350;
const outageFrom = 14;
const outageMs = 40 * minuteMs;
/** Who is told that it did not work tries again, and again. */
const outageTries = 5;
const unluckyBuyers = 3;

export function saleOf({ world, day, draws }: Making): Try[] {
  const count = draws.count(saleVisits * world.scale);
  return Array.from({ length: count }, () => {
    // Most come in the first minutes.
    const at = day.start + saleHour * hourMs + Math.min(hourMs - 1, Math.round(draws.wait(18 * minuteMs)));
    const who = draws.is(0.6) ? person(draws, null) : draws.oneOf(world.customers);
    const place = draws.is(0.35) ? mobile(draws, who.home.country) : who.home;
    const amount = draws.oneOf([1_999, 2_999, 4_999]);
    return triesOf({ ...visitAt('sale', who, draws, place), amount, at }, draws);
  }).flat();
}

/** Whoever comes while the processor is ill meets nothing but errors; some of the trade's own tries turn into such. */
export function outageOf({ world, day, draws }: Making): Try[] {
  const begin = day.start + outageFrom * hourMs;
  return Array.from({ length: draws.count(90 * world.scale) }, () => {
    const who = draws.is(0.5) ? person(draws, null) : draws.oneOf(world.customers);
    const at = begin + draws.upTo(outageMs);
    const tries = triesOf(
      { ...visitAt('outage', who, draws), at, answer: () => outageAnswer(), most: outageTries },
      draws,
    );
    return tries.map((one) => duringOutage(one, day.start));
  }).flat();
}

/** What becomes of a try of anybody's on the day of an outage. */
export function duringOutage(one: Try, dayStart: number): Try {
  const since = one.at - dayStart - outageFrom * hourMs;
  const isDown = since >= 0 && since < outageMs;
  if (isDown) return { ...one, label: 'outage', outcome: outageAnswer() };
  // Back again: who was still trying is let through.
  return one.label === 'outage' ? { ...one, outcome: { status: 'succeeded' } } : one;
}

/** A dozen tries with two or three good cards, none of which the bank likes today. */
export function unluckyOf({ world, day, draws }: Making): Try[] {
  return Array.from({ length: Math.max(1, Math.round(unluckyBuyers * world.scale)) }, () => {
    const buyer = person(draws, draws.is(0.5) ? `cus_${draws.token(10)}` : null);
    const cards = Array.from({ length: draws.between(2, 3) }, () => buyersCard(draws, buyer.home.country));
    const who = { ...buyer, cards };
    const visit = visitAt('unlucky', who, draws);
    const passed = passedBy(who, draws);
    const session = `ses_${draws.token(20)}`;
    let at = momentOf(day, draws);
    return Array.from({ length: draws.between(8, 12) }, (): Try => {
      at += Math.round(draws.skewed(90_000, 0.8));
      const outcome = draws.is(0.8)
        ? ({ status: 'failed', decline_reason: 'insufficient_funds' } as const)
        : secondAnswer(draws);
      return { at, label: 'unlucky', attempt: attemptOf(visit, draws.oneOf(cards), session), outcome, passed };
    });
  }).flat();
}
