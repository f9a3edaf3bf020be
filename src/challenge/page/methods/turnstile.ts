/**
 * Cloudflare's widget: its script comes from Cloudflare, when it is needed, and its token is the answer.
 * Source: developers.cloudflare.com/turnstile/get-started/client-side-rendering, "Explicitly render the Turnstile widget".
 */
import type { Run } from '../method-part.ts';

interface Task {
  readonly site_key: string;
  readonly action: string;
  readonly cdata: string;
  readonly script: string;
}

interface Widget {
  readonly sitekey: string;
  readonly action: string;
  readonly cData: string;
  readonly language: string;
  readonly size: 'flexible';
  readonly retry: 'never';
  readonly 'response-field': false;
  readonly callback: (token: string) => void;
  readonly 'error-callback': (code: string) => boolean;
  readonly 'unsupported-callback': () => void;
  readonly 'before-interactive-callback': () => void;
}

declare global {
  interface Window {
    turnstile?: { render(box: HTMLElement, widget: Widget): string | undefined; remove(id: string): void };
  }
}

export const run: Run = async (task, ui) => {
  const { site_key: sitekey, action, cdata: cData, script } = task as Task;
  ui.say(ui.text('busy'));
  const { turnstile } = window.turnstile === undefined ? await load(script) : window;
  if (turnstile === undefined) throw new Error('no widget');
  ui.signal.throwIfAborted();
  const box = document.createElement('div');
  ui.place.append(box);
  let id: string | undefined;
  const token = new Promise<string>((resolve, reject) => {
    ui.signal.addEventListener('abort', () => reject(ui.signal.reason));
    id = turnstile.render(box, {
      sitekey,
      action,
      cData,
      language: document.documentElement.lang,
      size: 'flexible',
      retry: 'never',
      'response-field': false,
      callback: resolve,
      'error-callback': (code) => {
        reject(new Error(`the widget failed: ${code}`));
        return true;
      },
      'unsupported-callback': () => reject(new Error('the widget knows no such browser')),
      'before-interactive-callback': () => ui.say(ui.text('ask')),
    });
    if (id === undefined) reject(new Error('the widget was not shown'));
  });
  return token.finally(() => id !== undefined && turnstile.remove(id));
};

function load(src: string): Promise<Window> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    element.addEventListener('load', () => resolve(window));
    element.addEventListener('error', () => {
      element.remove();
      reject(new Error('the widget could not be loaded'));
    });
    element.src = src;
    document.head.append(element);
  });
}
