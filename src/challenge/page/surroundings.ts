/**
 * Who opened the page, and waits for the pass: the shop's own page around it (dialog.ts) or behind it, on this very origin.
 */

export type Word =
  /** In CSS pixels; the first says that the page is there. */
  | { readonly cordon: 'height'; readonly height: number }
  | { readonly cordon: 'pass'; readonly pass: string }
  | { readonly cordon: 'closed' };

const isWithin = window.parent !== window;

/** To nobody of another origin: a browser drops it then. */
function tell(word: Word): void {
  const other: Window | null = isWithin ? window.parent : window.opener;
  other?.postMessage(word, location.origin);
}

export function hand(pass: string): void {
  tell({ cordon: 'pass', pass });
}

/** Back to where the payer came from. */
export function leave(): void {
  tell({ cordon: 'closed' });
  if (!isWithin) history.back();
}

/**
 * The page came as the answer to a payment: whoever goes back to it would be asked to send that once more. From here on it
 * stands in the history as the page that the payer came from, which is also what the shop hears as the referrer.
 */
export function forgetPayment(): void {
  const { referrer } = document;
  history.replaceState(null, '', referrer.startsWith(`${location.origin}/`) ? referrer : '/');
}

/** In a frame: as high as what is in it, read out from its beginning, and left by the key that leaves a dialog. */
export function settleIn(): void {
  if (!isWithin) return;
  document.documentElement.classList.add('within');
  const main = document.querySelector('main');
  const title = document.querySelector('h1');
  if (main === null || title === null) return;
  // The keys that are pressed in a frame the page around it never hears of.
  addEventListener('keydown', ({ key }) => key === 'Escape' && leave());
  new ResizeObserver(() => tell({ cordon: 'height', height: Math.ceil(main.getBoundingClientRect().height) })).observe(
    main,
  );
  title.tabIndex = -1;
  title.focus();
}
