// The well-known public test cards and what the processor does with each. The checkout page lists them.
// Any CVC and any expiry in the future will do for them. The decline codes are Stripe's:
// https://docs.stripe.com/declines/codes

export type DeclineCode = 'do_not_honor' | 'expired_card' | 'incorrect_cvc' | 'incorrect_number' | 'insufficient_funds';

export type Behaviour =
  | { kind: 'approve' }
  | { kind: 'decline'; code: DeclineCode; delayMs: number }
  | { kind: 'authenticate' }
  | { kind: 'outage' };

export interface TestCard {
  number: string;
  label: string;
  behaviour: Behaviour;
}

const slowDeclineMs = 5_000;

export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', label: 'Goes through', behaviour: { kind: 'approve' } },
  { number: '5555555555554444', label: 'Goes through, too', behaviour: { kind: 'approve' } },
  { number: '4000000000003220', label: 'Asks for 3-D Secure', behaviour: { kind: 'authenticate' } },
  { number: '4000000000000002', label: 'Declined by the bank', behaviour: decline('do_not_honor') },
  { number: '4000000000009995', label: 'Not enough money', behaviour: decline('insufficient_funds') },
  { number: '4000000000000127', label: 'Wrong CVC', behaviour: decline('incorrect_cvc') },
  { number: '4000000000000069', label: 'Expired', behaviour: decline('expired_card') },
  { number: '4000000000000259', label: 'Declined after 5 seconds', behaviour: decline('do_not_honor', slowDeclineMs) },
  { number: '4000000000000119', label: 'Processor is out', behaviour: { kind: 'outage' } },
];

export function findTestCard(number: string): TestCard | undefined {
  return testCards.find((card) => card.number === number);
}

function decline(code: DeclineCode, delayMs = 0): Behaviour {
  return { kind: 'decline', code, delayMs };
}
