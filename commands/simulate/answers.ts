// What the processor says: to buyers, to testers of bought lists, and to those who guess. Sources in docs/simulation.md.

import type { Draws } from './draws.ts';
import type { Outcome } from './try.ts';

const succeeded: Outcome = { status: 'succeeded' };
/** Of card payments in online shops 10 to 13% are declined. */
const buyersDeclined = 0.11;
/** Of renewals 18 to 20%. */
const renewalsDeclined = 0.18;
/** Half of second tries are declined again. */
const againDeclined = 0.5;
/** 3-D Secure that nobody came back from. */
const leftPending = 0.012;

/** Why buyers are declined: 57% for want of money, 10 to 12% expired, 8 to 10% mistyped, the rest the issuer's doubts. */
const buyersReasons = {
  insufficient_funds: 57,
  expired: 10,
  incorrect_cvc: 6,
  incorrect_number: 2,
  incorrect_postal_code: 1,
  authentication_failed: 6,
  do_not_honor: 14,
  try_again_later: 2,
  other: 2,
};
/** Cards on file are not mistyped. */
const renewalReasons = { insufficient_funds: 62, expired: 14, do_not_honor: 18, lost_card: 3, other: 3 };

export function buyersAnswer(draws: Draws): Outcome {
  if (draws.is(leftPending)) return { status: 'pending' };
  return draws.is(buyersDeclined) ? failed(draws, buyersReasons) : succeeded;
}

/** To a second try, with the same card or another. */
export function secondAnswer(draws: Draws): Outcome {
  return draws.is(againDeclined) ? failed(draws, buyersReasons) : succeeded;
}

export function renewalAnswer(draws: Draws): Outcome {
  return draws.is(renewalsDeclined) ? failed(draws, renewalReasons) : succeeded;
}

/** The processor is ill: nobody's fault. */
export function outageAnswer(): Outcome {
  return { status: 'failed', decline_reason: 'processing_error' };
}

/** A list that was bought: what still lives of it. */
const listAlive = 0.12;
const listReasons = {
  do_not_honor: 34,
  insufficient_funds: 14,
  incorrect_cvc: 14,
  expired: 9,
  invalid_account: 9,
  reported_stolen: 8,
  lost_card: 6,
  incorrect_number: 4,
  authentication_failed: 2,
};
/** Numbers that were made up: most of them nobody has, and of those that live neither date nor CVC fits. */
const guessAlive = 0.015;
const guessReasons = { incorrect_number: 38, invalid_account: 27, incorrect_cvc: 17, expired: 10, do_not_honor: 8 };

export function listAnswer(draws: Draws): Outcome {
  return draws.is(listAlive) ? succeeded : failed(draws, listReasons);
}

export function guessAnswer(draws: Draws): Outcome {
  return draws.is(guessAlive) ? succeeded : failed(draws, guessReasons);
}

/** A CVC has a thousand values. */
export function cvcAnswer(isRight: boolean): Outcome {
  return isRight ? succeeded : { status: 'failed', decline_reason: 'incorrect_cvc' };
}

function failed<K extends string>(draws: Draws, reasons: Readonly<Record<K, number>>): Outcome {
  return { status: 'failed', decline_reason: draws.weighted(reasons) };
}
