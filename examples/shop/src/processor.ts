// The pretend payment processor: decides about a charge and counts what reached it.
// The counts live in the isolate's memory; `wrangler dev` runs one isolate, so they are exact there and nowhere else.
// Keeps no card data and logs nothing.

import { cvcOf, isKnownAsIncorrect, isLive, isLuhnValid } from './issued-cards.ts';
import type { Card } from './payment.ts';
import { type Behaviour, type DeclineCode, findTestCard } from './test-cards.ts';

export type Verdict =
  | { kind: 'approved' }
  | { kind: 'declined'; code: DeclineCode }
  | { kind: 'authentication_required' }
  | { kind: 'out_of_service' };

export interface Counts {
  attempts: number;
  approved: number;
  declined: number;
}

let counts: Counts = { attempts: 0, approved: 0, declined: 0 };

export function readCounts(): Counts {
  return { ...counts };
}

export function resetCounts(): void {
  counts = { attempts: 0, approved: 0, declined: 0 };
}

/** Charges the card. `now` is the time that its expiry is held against. */
export async function charge(card: Card, now: Date): Promise<Verdict> {
  counts.attempts += 1;
  const verdict = await decide(card, now);
  if (verdict.kind === 'approved') counts.approved += 1;
  if (verdict.kind === 'declined') counts.declined += 1;
  return verdict;
}

function decide(card: Card, now: Date): Promise<Verdict> {
  if (isExpired(card.expiry, now)) return behave(decline('expired_card'));
  return behave(findTestCard(card.number)?.behaviour ?? askIssuer(card));
}

function askIssuer(card: Card): Behaviour {
  if (!isLuhnValid(card.number)) return decline('incorrect_number');
  if (!isLive(card.number)) return decline(isKnownAsIncorrect(card.number) ? 'incorrect_number' : 'do_not_honor');
  return card.cvc === cvcOf(card.number) ? { kind: 'approve' } : decline('incorrect_cvc');
}

async function behave(behaviour: Behaviour): Promise<Verdict> {
  switch (behaviour.kind) {
    case 'approve':
      return { kind: 'approved' };
    case 'decline':
      if (behaviour.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
      return { kind: 'declined', code: behaviour.code };
    case 'authenticate':
      return { kind: 'authentication_required' };
    case 'outage':
      return { kind: 'out_of_service' };
    default:
      return behaviour satisfies never;
  }
}

function decline(code: DeclineCode): Behaviour {
  return { kind: 'decline', code, delayMs: 0 };
}

// A card is good until the end of the month that it names.
function isExpired(expiry: Card['expiry'], now: Date): boolean {
  return Date.UTC(expiry.year, expiry.month) <= now.getTime();
}
