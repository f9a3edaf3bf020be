// Who buys: their e-mail, cards, device, and which challenges they would pass. And what testers show instead.

import { buyersCard, type Card } from './cards.ts';
import type { Draws } from './draws.ts';
import { home, type Place } from './places.ts';
import type { Passed } from './try.ts';

export interface Person {
  readonly customer: string | null;
  readonly email: string;
  readonly device: string;
  readonly agent: string;
  readonly cards: readonly Card[];
  readonly home: Place;
  readonly hasPasskey: boolean;
}

const firstNames =
  'anna bram carla daan eva finn greta hugo ines jan kim lars mia noor otto pia quinn rosa sem tess udo vera wim xena yara zoe'.split(
    ' ',
  );
const lastNames =
  'bakker becker dubois visser maes jansen klein lambert meyer peters schmidt smit vos weber willems wolf martin leroy'.split(
    ' ',
  );
/** Stand-ins for the large providers, with shares as such have: no such names exist (RFC 2606). */
const domains = {
  'gmail.example': 48,
  'outlook.example': 17,
  'gmx.example': 12,
  'icloud.example': 9,
  'web.example': 8,
};
const agents = [
  'Mozilla/5.0 (iPhone)',
  'Mozilla/5.0 (Android)',
  'Mozilla/5.0 (Windows NT 10.0)',
  'Mozilla/5.0 (Macintosh)',
];
/** Of verified customers; enrolled some days ago. */
const passkeyShare = 0.35;
/** People who pass what they are asked: some give up, some are on old devices. */
const people = { proof_of_work: 0.98, turnstile: 0.97, '3ds': 0.93, passkey: 0.97, identity: 0.6 };
/** Testers: proof of work always, a CAPTCHA one time in fifteen (the numbers). */
const testersTurnstile = 1 / 15;

export function person(draws: Draws, customer: string | null, place: Place = home(draws)): Person {
  const cards = Array.from({ length: Number(draws.weighted({ 1: 70, 2: 24, 3: 6 })) }, () =>
    buyersCard(draws, place.country),
  );
  const hasPasskey = customer !== null && draws.is(passkeyShare);
  return {
    customer,
    email: humanEmail(draws),
    device: `dev_${draws.token(12)}`,
    agent: draws.oneOf(agents),
    cards,
    home: place,
    hasPasskey,
  };
}

export function humanEmail(draws: Draws): string {
  const [first, last] = [draws.oneOf(firstNames), draws.oneOf(lastNames)];
  const name = draws.oneOf([`${first}.${last}`, `${first}${last}`, `${first[0]}.${last}`, `${first}_${last}`]);
  const domain = draws.is(0.06) ? `${last}-${draws.token(3)}.example` : draws.weighted(domains);
  return `${name}${draws.is(0.7) ? draws.between(1, 9999) : ''}@${domain}`;
}

/** A tester's: human to look at half of the time, otherwise letters from a throwaway domain. */
export function testersEmail(draws: Draws, humanShare = 0.5): string {
  return draws.is(humanShare)
    ? humanEmail(draws)
    : `${draws.token(draws.between(8, 14))}@mail${draws.upTo(12)}.example`;
}

export function userAgent(draws: Draws): string {
  return draws.oneOf(agents);
}

export function passedBy({ hasPasskey }: Pick<Person, 'hasPasskey'>, draws: Draws): Passed {
  return {
    proof_of_work: draws.is(people.proof_of_work),
    turnstile: draws.is(people.turnstile),
    '3ds': draws.is(people['3ds']),
    passkey: hasPasskey && draws.is(people.passkey),
    identity: draws.is(people.identity),
  };
}

export function passedByTester(draws: Draws): Passed {
  return { proof_of_work: true, turnstile: draws.is(testersTurnstile), '3ds': false, passkey: false, identity: false };
}
