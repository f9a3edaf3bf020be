/**
 * The dialog in which a shop's own page shows a challenge: a frame of the same origin, modal, so that focus stays in it
 * and comes back to where it was. Everything that it says is said by the page in the frame.
 */
import type { Word } from './surroundings.ts';

const STYLE = `
  dialog.cordon { width: min(30rem, 100vw - 2rem); max-width: none; max-height: none; margin: auto; padding: 0;
    overflow: hidden; border: 0; border-radius: 12px; background: Canvas; box-shadow: 0 8px 40px rgb(0 0 0 / 30%); }
  dialog.cordon::backdrop { background: rgb(10 15 20 / 55%); }
  dialog.cordon iframe { display: block; width: 100%; height: 20rem; max-height: calc(100vh - 2rem); border: 0; }
`;
/** A frame that says nothing for so long is none: the shop's policy forbids it, or the network is away. */
const READY_WITHIN_MS = 20_000;

let last: Promise<unknown> = Promise.resolve();
let isStyled = false;

/** The pass; null where the payer left, or nothing could be shown. One after the other. */
export function ask(url: string, signal: AbortSignal): Promise<string | null> {
  const asked = last.then(() => (signal.aborted ? null : open(url, signal)));
  last = asked.catch(() => null);
  return asked;
}

function open(url: string, signal: AbortSignal): Promise<string | null> {
  style();
  const dialog = document.createElement('dialog');
  const frame = document.createElement('iframe');
  const address = new URL(url);
  address.searchParams.set('lang', document.documentElement.lang);
  dialog.className = 'cordon';
  frame.src = address.href;
  frame.title = location.host;
  // What a method may ask of the device.
  frame.allow = 'publickey-credentials-get; publickey-credentials-create; camera';
  dialog.append(frame);
  document.body.append(dialog);
  dialog.showModal();
  const over = new AbortController();
  return new Promise<string | null>((resolve) => {
    const late = setTimeout(() => resolve(null), READY_WITHIN_MS);
    const on = { signal: over.signal };
    addEventListener(
      'message',
      ({ origin, source, data }: MessageEvent<Word | null>) => {
        if (origin !== location.origin || source !== frame.contentWindow) return;
        if (data?.cordon === 'pass') resolve(data.pass);
        else if (data?.cordon === 'closed') resolve(null);
        else if (data?.cordon === 'height') {
          clearTimeout(late);
          frame.style.height = `${data.height}px`;
          dialog.setAttribute('aria-label', frame.contentDocument?.title ?? location.host);
        }
      },
      on,
    );
    dialog.addEventListener('close', () => resolve(null), on);
    signal.addEventListener('abort', () => resolve(null), on);
    over.signal.addEventListener('abort', () => clearTimeout(late));
  }).finally(() => {
    over.abort();
    dialog.close();
    dialog.remove();
  });
}

/** By a sheet that is made here: shops forbid styles that stand in a page. */
function style(): void {
  if (isStyled) return;
  isStyled = true;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    // Safari before 16.4: plainer, and works.
  }
}
