/**
 * A document and a selfie, shown on the provider's own page: in a window of its own, for this page holds the payment. What
 * comes of it the provider tells Cordon, and nobody here.
 */
import type { GoOn, Run, Ui } from '../method-part.ts';

/** Opened by the press itself: what comes later, browsers keep shut. */
let provider: Window | null = null;

export const run: Run = async (_, ui) => {
  ui.say(ui.text('ready'));
  await ui.ask(ui.text('start'));
  provider = window.open('', '_blank');
  ui.signal.addEventListener('abort', end);
  ui.say(ui.text('opening'));
  return 'begin';
};

export const goOn: GoOn = async (task, ui) => {
  const { url } = task as { readonly url: string };
  if (provider === null) await shown(url, ui);
  else {
    // It cannot reach this page from there.
    provider.opener = null;
    provider.location.href = url;
  }
  ui.say(ui.text('busy'));
  return 'result';
};

/** Nothing more is to be done there. */
export function end(): void {
  provider?.close();
  provider = null;
}

/** Where no window could be opened, it is a link; ends when that is followed. */
function shown(url: string, { place, text }: Ui): Promise<void> {
  const link = document.createElement('a');
  Object.assign(link, { href: url, target: '_blank', rel: 'noopener noreferrer', textContent: text('start') });
  place.append(link);
  return new Promise((resolve) => link.addEventListener('click', () => resolve()));
}
