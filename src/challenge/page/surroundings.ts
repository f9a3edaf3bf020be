/**
 * Who opened the page, and waits for the pass: the shop's own page around it or behind it, on this very origin.
 */

export type Word =
  | { readonly cordon: 'ready' }
  | { readonly cordon: 'pass'; readonly pass: string }
  | { readonly cordon: 'closed' };

export const isWithin = window.parent !== window;

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

/** The keys that are pressed in a frame the page around it never hears of. */
export function listenForEscape(): void {
  tell({ cordon: 'ready' });
  addEventListener('keydown', ({ key }) => key === 'Escape' && leave());
}
