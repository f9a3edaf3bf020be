/**
 * The page's words in English: the language that is spoken where no other fits, and the list of what every other must say.
 */
export const en = {
  language: 'en',
  title: 'One more step',
  lead: 'We check some payments more closely. Once this is done, yours goes on by itself. There is nothing to type in again.',
  /** The same where the page does not send the payment itself. */
  leadWithin: 'We check some payments more closely. Once this is done, yours goes on by itself.',
  loading: 'One moment …',
  sending: 'Done. Your payment is on its way …',
  passed: 'Done. You can close this page and go back to the shop.',
  waiting: 'Waiting for the result …',
  stopped: 'Stopped. Nothing has been paid.',
  failed: 'That did not work. Nothing has been paid.',
  unreachable: 'We could not get an answer. Check your connection and try again.',
  unavailable: 'This check cannot be run at the moment. Nothing has been paid.',
  limited: 'That was tried too often. Nothing has been paid. Go back to the shop and pay again later.',
  expired: 'The time for this check is over. Nothing has been paid. Go back to the shop and pay again.',
  sent: 'This payment has been sent. If you do not see its result, look at the shop or at your bank before you pay again.',
  tooLarge:
    'This form is too large to be sent again from here. Nothing has been paid. Go back, take out what is not needed, and pay again.',
  withoutScript:
    'This check needs JavaScript. Switch it on and load this page again, or go back to the shop. Nothing has been paid.',
  stop: 'Stop',
  retry: 'Try again',
  again: 'Pay again',
  back: 'Back to the shop',
  another: 'Another way',
  progress: 'Progress',
  reference: 'Reference',
  /** Where a method had a window of its own, when it is done there. */
  done: { title: 'Thank you', words: 'You can close this window. The page that opened it goes on by itself.' },
  /** Instead of the page, where what it sent cannot be read. */
  unopened: {
    title: 'Please pay again',
    expired: 'The time to send this payment again is over. Nothing has been paid. Go back to the shop and pay again.',
    altered: 'This payment could not be sent again. Nothing has been paid. Go back to the shop and pay again.',
  },
  /** By method: its name where there is a choice, and whatever its module says (page/method-part.ts). */
  methods: {
    proof_of_work: {
      name: 'Check by this device',
      busy: 'Your device is checking this payment. This takes a few seconds.',
    },
    passkey: {
      name: 'Passkey',
      ready: 'Show that it is you: with your face, your finger or the PIN of your device.',
      start: 'Use passkey',
      busy: 'Your device is asking you …',
    },
    turnstile: {
      name: 'Check by Cloudflare',
      busy: 'Cloudflare is checking this browser …',
      ask: 'Please answer the question above.',
    },
    identity: {
      name: 'ID and selfie',
      ready:
        'You show an ID and your face on the page of Stripe, who checks them for the shop. It opens in a new window; this page waits here for the result.',
      start: 'Show ID and face',
      opening: 'Opening the page …',
      busy: 'Go on in the other window. Leave this page open: it goes on by itself.',
    },
  },
} as const;

type Wording<T> = T extends string ? string : { readonly [K in keyof T]: Wording<T[K]> };

/** What a language must say. */
export type Texts = Wording<typeof en>;
