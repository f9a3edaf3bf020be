// @ts-check
// The checkout page's script: fills in test cards, sends the payment, says what came back.
// The answer may be the shop's own or, when Cordon stands in front of it, one of Cordon's refusals.

const payTimeoutMs = 30_000;
const productAmountMinor = 1999;

/** @typedef {{ tone: 'good' | 'wait' | 'bad', title: string, text: string, reference?: string }} Message */
/** @typedef {{ id?: string, status?: string, code?: string, evaluation?: string, error?: { decline_code?: string, fields?: string[] } }} Answer */

/** @type {Record<string, string>} */
const declineTexts = {
  do_not_honor: 'Your bank said no. It will not say why; another card may work.',
  expired_card: 'This card has expired.',
  incorrect_cvc: 'The CVC does not belong to this card.',
  incorrect_number: 'There is no such card. Please check the number.',
  insufficient_funds: 'There is not enough money on this card.',
};

const form = /** @type {HTMLFormElement} */ (document.querySelector('#checkout'));
const payButton = /** @type {HTMLButtonElement} */ (form.querySelector('.pay'));
const result = /** @type {HTMLElement} */ (document.querySelector('#result'));

for (const button of document.querySelectorAll('[data-number]')) {
  button.addEventListener('click', () => fillIn(/** @type {HTMLElement} */ (button).dataset.number ?? ''));
}
field('number').addEventListener('input', () => groupDigits(field('number')));
field('expiry').addEventListener('input', () => insertSlash(field('expiry')));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void pay();
});

async function pay() {
  const missing = markMissing();
  if (missing !== undefined) return missing.focus();
  payButton.disabled = true;
  payButton.setAttribute('aria-busy', 'true');
  show({ tone: 'wait', title: 'One moment', text: 'We are asking your bank.' });
  show(await send(readForm()));
  payButton.disabled = false;
  payButton.removeAttribute('aria-busy');
}

/** @param {object} payment @returns {Promise<Message>} */
async function send(payment) {
  try {
    const response = await fetch('/api/pay', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payment),
      signal: AbortSignal.timeout(payTimeoutMs),
    });
    const answer = /** @type {Answer | null} */ (await response.json().catch(() => null));
    return explain(response, answer ?? {});
  } catch {
    return {
      tone: 'bad',
      title: 'No answer',
      text: 'The shop could not be reached. Look at your bank account before you pay again.',
    };
  }
}

/** @param {Response} response @param {Answer} answer @returns {Message} */
function explain(response, answer) {
  const isCordons = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const reference = answer.evaluation ?? answer.id ?? response.headers.get('cordon-evaluation') ?? undefined;
  const message = isCordons ? explainRefusal(response, answer) : explainPayment(response.status, answer);
  return reference === undefined ? message : { ...message, reference };
}

/** @param {Response} response @param {Answer} answer @returns {Message} */
function explainRefusal(response, answer) {
  const seconds = response.headers.get('retry-after');
  const later = seconds === null ? 'a moment' : `${seconds} seconds`;
  if (answer.code === 'payment_refused') {
    return {
      tone: 'bad',
      title: 'We cannot take this payment',
      text: 'It was refused before it reached the bank. If it was you, contact the shop and name this reference.',
    };
  }
  if (answer.code === 'attempt_in_flight') {
    return {
      tone: 'wait',
      title: 'Still busy with your last attempt',
      text: `Please wait for its answer, then try again in ${later}.`,
    };
  }
  if (answer.code === 'rate_limited') {
    return { tone: 'wait', title: 'Too many attempts', text: `Please try again in ${later}.` };
  }
  if (response.status >= 500) {
    return {
      tone: 'wait',
      title: 'Payments are not available',
      text: 'Nothing has been charged as far as we know. Please try again later.',
    };
  }
  return { tone: 'bad', title: 'This payment could not be read', text: 'Please check the form and try again.' };
}

/** @param {number} status @param {Answer} answer @returns {Message} */
function explainPayment(status, answer) {
  if (answer.status === 'succeeded') return { tone: 'good', title: 'Thank you!', text: 'Your payment went through.' };
  if (answer.status === 'requires_action') {
    return {
      tone: 'wait',
      title: 'Your bank wants to see you',
      text: 'It would now ask for 3-D Secure. The demo ends here.',
    };
  }
  if (answer.status === 'failed') {
    const text = declineTexts[answer.error?.decline_code ?? ''] ?? 'Your bank said no.';
    return { tone: 'bad', title: 'Declined', text };
  }
  if (status === 400)
    return {
      tone: 'bad',
      title: 'Please check the form',
      text: `Something is wrong with: ${(answer.error?.fields ?? []).join(', ').replaceAll('.', ' ')}.`,
    };
  return { tone: 'wait', title: 'The payment processor is out', text: 'Please try again later.' };
}

/** @param {Message} message */
function show(message) {
  const title = document.createElement('strong');
  title.textContent = message.title;
  const parts = [title, `${message.text} `];
  if (message.reference !== undefined) {
    const reference = document.createElement('code');
    reference.textContent = message.reference;
    parts.push(reference);
  }
  result.dataset.tone = message.tone;
  result.replaceChildren(...parts);
  result.hidden = false;
  result.scrollIntoView({ block: 'nearest' });
}

function readForm() {
  return {
    card: {
      number: field('number').value.replaceAll(' ', ''),
      expiry: field('expiry').value,
      cvc: field('cvc').value,
    },
    email: field('email').value,
    amount: productAmountMinor,
    currency: 'EUR',
    billing: { country: 'NL' },
  };
}

function markMissing() {
  const fields = ['email', 'number', 'expiry', 'cvc'].map(field);
  for (const input of fields) input.setAttribute('aria-invalid', String(!input.checkValidity()));
  return fields.find((input) => !input.checkValidity());
}

/** @param {string} number */
function fillIn(number) {
  field('number').value = number;
  groupDigits(field('number'));
  field('expiry').value = `12/${String(new Date().getFullYear() + 2).slice(-2)}`;
  field('cvc').value = '123';
  for (const name of ['number', 'expiry', 'cvc']) field(name).removeAttribute('aria-invalid');
  result.hidden = true;
  payButton.focus();
}

/** @param {HTMLInputElement} input */
function groupDigits(input) {
  // Only while typing at the end: regrouping elsewhere would move the caret.
  if (input.selectionStart !== input.value.length) return;
  input.value = input.value.replace(/\D/g, '').replace(/(.{4})(?=.)/g, '$1 ');
}

/** @param {HTMLInputElement} input */
function insertSlash(input) {
  if (input.selectionStart !== input.value.length) return;
  input.value = input.value.replace(/^(\d{2})(\d+)$/, '$1/$2');
}

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}
