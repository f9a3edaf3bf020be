// The page's whole part: what the form holds is sealed, and the seal is sent. `cordon.fetch` (challenge.js) is `fetch`, but
// that it opens a challenge where Cordon asks for one, and asks for the body again: after minutes the first one is over.
const form = document.querySelector('#checkout');
const result = document.querySelector('#result');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  result.textContent = 'One moment …';
  try {
    result.textContent = await pay();
  } catch {
    result.textContent = 'The payment could not be sent.';
  }
});

async function pay() {
  const payment = {
    card: { number: typedIn('number'), expiry: typedIn('expiry'), cvc: typedIn('cvc') },
    amount: 1999,
    currency: 'EUR',
  };
  const answer = await window.cordon.fetch('/api/pay', {
    method: 'POST',
    headers: { 'content-type': 'application/jose+json' },
    body: () => window.cordon.seal(payment),
  });
  const { status } = await answer.json();
  return status === 'succeeded' ? 'Your payment went through.' : 'Your payment was refused.';
}

function typedIn(id) {
  return document.getElementById(id).value;
}
