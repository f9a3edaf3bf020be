// A visit to the shop that ends at the checkout, with the tries that a person makes there.

import { buyersAnswer, secondAnswer } from './answers.ts';
import type { Card } from './cards.ts';
import type { Draws } from './draws.ts';
import { type Person, passedBy } from './people.ts';
import type { Place } from './places.ts';
import type { Attempt, Outcome, Try } from './try.ts';

export interface Visit {
  readonly label: string;
  readonly at: number;
  readonly person: Person;
  readonly place: Place;
  /** In cents. */
  readonly amount: number;
  readonly kind?: Attempt['kind'];
  /** What the processor says, where it is not what it says to buyers. */
  readonly answer?: (draws: Draws) => Outcome;
  /** How many tries at most. */
  readonly most?: number;
}

/** After a decline 39% give up and 34% take another card; the others look again at what they typed. */
const givesUp = 0.39;
const otherCard = 0.34;
const usualMost = 4;

/** The tries of one visit: by one session, with one answer to the question which challenges this payer passes. */
export function triesOf(visit: Visit, draws: Draws): readonly Try[] {
  const { person, label, most = usualMost, answer = buyersAnswer } = visit;
  const session = `ses_${draws.token(20)}`;
  const passed = passedBy(person, draws);
  const tries: Try[] = [];
  let [at, card, outcome] = [visit.at, draws.oneOf(person.cards), answer(draws)];
  for (;;) {
    tries.push({ at, label, attempt: attemptOf(visit, card, session), outcome, passed });
    if (outcome.status !== 'failed' || tries.length >= most || draws.is(givesUp)) return tries;
    card = draws.is(otherCard) ? draws.oneOf(person.cards) : card;
    // Half a minute to some minutes: to look for a card, or to type again.
    at += Math.round(draws.skewed(45_000, 0.7));
    outcome = visit.answer === undefined ? secondAnswer(draws) : visit.answer(draws);
  }
}

export function attemptOf(visit: Omit<Visit, 'label' | 'at'>, card: Card, session: string): Attempt {
  const { person, place, amount, kind = 'payment' } = visit;
  return {
    ip: place.ip,
    country: place.country,
    asn: place.asn,
    card,
    ...(person.customer === null ? {} : { customer_id: person.customer }),
    email: person.email,
    session_id: session,
    device_id: person.device,
    user_agent: person.agent,
    amount,
    currency: 'EUR',
    billing_country: card.country,
    kind,
  };
}
