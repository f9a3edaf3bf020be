// The checkout page's HTML: one product, a card form, the test cards. Its style and script are in ../public.
// As `plain` it has no script, and its form goes to /pay as the browser sends it.

import { html } from 'hono/html';
import { type TestCard, testCards } from './test-cards.ts';

type Html = ReturnType<typeof html>;

export function renderCheckout({ isPlain = false } = {}): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Checkout · Harbour Mugs</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/checkout.css">
    ${isPlain ? '' : html`<script src="/.cordon/challenge.js" data-patch></script>`}
    ${isPlain ? '' : html`<script src="/checkout.js" type="module"></script>`}
  </head>
  <body>
    <header>
      <p class="brand">Harbour Mugs</p>
      <p class="note">A demo: no card is charged</p>
    </header>
    <main>
      <section class="product" aria-labelledby="product-name">
        ${renderMug()}
        <div>
          <h1 id="product-name">The Harbour mug</h1>
          <p>Stoneware, 350 ml, glazed by hand.</p>
          <p class="price">€ 19.99</p>
        </div>
      </section>
      ${renderForm(isPlain)}
      <section class="cards" aria-labelledby="cards-title">
        <h2 id="cards-title">Test cards</h2>
        <p class="note">${isPlain ? 'Copy one into the form, with any date to come and 123.' : 'Choose one to fill in the form.'}</p>
        <ul>${testCards.map(isPlain ? renderPlainCard : renderTestCard)}</ul>
        <p class="note">${isPlain ? html`<a href="/">The same with a script</a>` : html`<a href="/plain">The same without a script</a>`}</p>
      </section>
    </main>
  </body>
</html>`;
}

function renderForm(isPlain: boolean): Html {
  return html`<form id="checkout" method="post" action="/pay" ${isPlain ? '' : 'novalidate'}>
        <h2>Pay by card</h2>
        <label for="email">Email</label>
        <input id="email" name="email" type="email" autocomplete="email" value="ada@example.com" required>
        <label for="number">Card number</label>
        <input id="number" name="number" inputmode="numeric" autocomplete="cc-number" maxlength="23" placeholder="4242 4242 4242 4242" required>
        <div class="pair">
          <div>
            <label for="expiry">Expires</label>
            <input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" maxlength="5" placeholder="MM/YY" required>
          </div>
          <div>
            <label for="cvc">CVC</label>
            <input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="123" required>
          </div>
        </div>
        <input type="hidden" name="amount" value="1999">
        <input type="hidden" name="currency" value="EUR">
        <input type="hidden" name="country" value="NL">
        <button class="pay" type="submit">Pay € 19.99</button>
        <div id="result" role="status" aria-live="polite" tabindex="-1" hidden></div>
      </form>`;
}

function renderPlainCard(card: TestCard): Html {
  return html`<li><span class="label">${card.label}</span> <span class="digits">${group(card.number)}</span></li>`;
}

function group(number: string): string {
  return number.replace(/(.{4})(?=.)/g, '$1 ');
}

function renderTestCard(card: TestCard): Html {
  const grouped = group(card.number);
  return html`<li><button type="button" data-number="${card.number}" data-tone="${card.behaviour.kind}"><span class="label">${card.label}</span> <span class="digits">${grouped}</span></button></li>`;
}

function renderMug(): Html {
  return html`<svg viewBox="0 0 120 120" width="120" height="120" role="img" aria-label="A blue mug with a white wave">
          <path class="steam" d="M46 12c-6 8 6 10 0 20M64 12c-6 8 6 10 0 20" />
          <path class="handle" d="M84 54h8a14 14 0 0 1 0 32h-8" />
          <rect class="body" x="24" y="40" width="62" height="66" rx="10" />
          <path class="wave" d="M24 78q8-10 16 0t16 0 16 0 14-4" />
        </svg>`;
}
