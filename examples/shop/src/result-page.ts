// What a buyer sees after he paid by a form: the answer to POST /pay, which is a page.

import { html } from 'hono/html';
import type { Verdict } from './processor.ts';

const outcomes = {
  approved: [200, 'good', 'Thank you!', 'Your payment went through.'],
  declined: [402, 'bad', 'Declined', 'Your bank said no.'],
  authentication_required: [202, 'wait', 'Your bank wants to see you', 'It would now ask for 3-D Secure.'],
  out_of_service: [503, 'wait', 'The payment processor is out', 'Please try again later.'],
  unreadable: [400, 'bad', 'Please check the form', 'Something in it is missing or wrong.'],
} as const;

export type Outcome = Verdict['kind'] | 'unreadable';

export function statusOf(outcome: Outcome) {
  return outcomes[outcome][0];
}

export function renderResult(outcome: Outcome): ReturnType<typeof html> {
  const [, tone, title, text] = outcomes[outcome];
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} · Harbour Mugs</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/checkout.css">
  </head>
  <body>
    <header><p class="brand">Harbour Mugs</p></header>
    <main>
      <section aria-labelledby="title">
        <h1 id="title">${title}</h1>
        <div id="result" data-tone="${tone}" role="status">${text}</div>
        <p class="note"><a href="/plain">Back to the checkout</a></p>
      </section>
    </main>
  </body>
</html>`;
}
