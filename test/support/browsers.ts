/**
 * A browser that sends a shop's form: what it says of itself, and what it sends again from a challenge's page.
 */
import { answer, HOSTING, RISKY, solved } from './challenges.ts';
import { payRoute, SHOP } from './merchant.ts';
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

/** What a challenge's page carries. */
export interface Carried {
  readonly sealed: string;
  readonly action: string;
  /** URL of the challenge. */
  readonly challenge: string;
  readonly html: string;
}

export async function carriedBy(shown: Response): Promise<Carried> {
  const html = await shown.text();
  const [, sealed = ''] = /name="cordon_sealed" value="([^"]*)"/.exec(html) ?? [];
  const [, action = ''] = /action="([^"]*)"/.exec(html) ?? [];
  const [, path = ''] = /challenge&quot;:&quot;(\/[^&]*)&quot;/.exec(html) ?? [];
  return { sealed, action, challenge: `${SHOP}${path}`, html };
}

/** The pass of a page's challenge, honestly come by. */
export async function passIn({ challenge }: Carried): Promise<string> {
  const given = await answer(challenge, await solved(challenge));
  return ((await given.json()) as { pass: string }).pass;
}

/** As a page sends the payment again. */
export function resend(sealed: string, pass: string, { headers, ...change }: Try = {}): Promise<Response> {
  const own = { ...BROWSER, 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain', ...headers };
  const body = `cordon_sealed=${sealed}\r\ncordon_pass=${pass}\r\n`;
  return pay({ cf: HOSTING, body, headers: own, ...change });
}
