// A visit to the shop that ends at the checkout, with the tries that a person makes there.

import { buyersAnswer, secondAnswer } from './answers.ts';
import { buyersCard, type Card } from './cards.ts';
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

/** After the first decline 39% give up, and after each further one more do. */
const givesUp = [0.39, 0.6, 0.8];
/** Of those who go on: 34% of all take another card. */
const otherCard = 0.34 / (1 - 0.39);
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
    const isLast = outcome.status !== 'failed' || tries.length >= most;
    if (isLast || draws.is(givesUp[tries.length - 1] ?? 0)) return tries;
    card = draws.is(otherCard) ? anotherCard(visit, card, draws) : card;
    // Half a minute to some minutes: to look for a card, or to type again.
    at += Math.round(draws.skewed(45_000, 0.7));
    outcome = visit.answer === undefined ? secondAnswer(draws) : visit.answer(draws);
  }
}

/** Of the purse, or somebody's in the same household. */
function anotherCard({ person }: Visit, card: Card, draws: Draws): Card {
  return person.cards.find((one) => one !== card) ?? buyersCard(draws, person.home.country);
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
