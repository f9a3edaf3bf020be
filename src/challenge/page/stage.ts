/**
 * What the page shows: the words of its status, the bar, the buttons, and the place of the method.
 */

const BUTTONS = ['retry', 'stop', 'back', 'again'] as const;
export type Button = (typeof BUTTONS)[number];

export interface Scene {
  readonly words: string;
  readonly buttons: readonly Button[];
}

function element<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

export const place = element('place');
const bar = element<HTMLProgressElement>('progress');
const others = element('others');

/** Puts an end to what a method has shown. */
export function show({ words, buttons }: Scene): void {
  place.replaceChildren();
  hideProgress();
  say(words);
  showButtons(buttons);
}

export function say(words: string): void {
  const status = element('status');
  if (status.textContent !== words) status.textContent = words;
}

/** Who stood on a button that goes finds himself on one that is there. */
export function showButtons(shown: readonly Button[]): void {
  const hidden = BUTTONS.filter((name) => !shown.includes(name));
  const isAstray = hidden.some((name) => buttonAt(name) !== null && buttonAt(name) === document.activeElement);
  for (const name of shown) buttonAt(name)?.removeAttribute('hidden');
  for (const name of hidden) buttonAt(name)?.setAttribute('hidden', '');
  const [first] = shown;
  if (isAstray && first !== undefined) buttonAt(first)?.focus();
}

/** Where there is nothing to be done, there is but one. */
function buttonAt(name: Button): HTMLElement | null {
  return document.getElementById(name);
}

export function onPress(button: Button, act: () => void): void {
  buttonAt(button)?.addEventListener('click', act);
}

export function showProgress(share: number | null): void {
  bar.hidden = false;
  if (share === null) bar.removeAttribute('value');
  else bar.value = share;
}

function hideProgress(): void {
  bar.hidden = true;
}

export interface Choice {
  readonly label: string;
  readonly choose: () => void;
}

export function showOthers(choices: readonly Choice[]): void {
  others.hidden = choices.length === 0;
  others.replaceChildren(...choices.map(({ label, choose }) => buttonOf(label, choose)));
}

export function buttonOf(label: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.addEventListener('click', act);
  return button;
}
