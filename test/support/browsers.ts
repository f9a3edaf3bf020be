/**
 * A browser that sends a shop's form: what it says of itself, and what it sends again from a challenge's page.
 */
import { HOSTING, RISKY } from './challenges.ts';
import { payRoute } from './merchant.ts';
import { CARD, pay, type Try } from './shopper.ts';

export const FORM = 'application/x-www-form-urlencoded';
export const BROWSER = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
};

/** A shop whose page sends a plain form, and every payment is risky. */
export const FORM_SHOP = {
  ...RISKY,
  routes: [{ ...payRoute, body: 'form', fields: { card_number: '/number', amount: '/amount', currency: '/currency' } }],
};

export function formOf(card = CARD): string {
  return new URLSearchParams({ number: card, cvc: '737', amount: '1999', currency: 'EUR' }).toString();
}

/** One form that is sent by hand. */
export function navigate({ card, headers, ...change }: Try = {}): Promise<Response> {
  const own = { 'content-type': FORM, ...BROWSER, ...headers };
  return pay({ cf: HOSTING, body: formOf(card), headers: own, ...change });
}
